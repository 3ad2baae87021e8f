//! package.json: what the resolver needs of it, read once per file.

use crate::error::ResolveError;
use crate::paths::{dirname, join};
use crate::{Files, Resolver};
use serde_json::Value;
use std::rc::Rc;

/// The field `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageKind {
    CommonJs,
    Module,
    None,
}

/// The parsed part of one package.json.
#[derive(Debug)]
pub struct Package {
    /// The folder.
    pub dir: String,
    /// `null` counts as absent.
    pub exports: Option<Value>,
    pub imports: Option<Value>,
    pub kind: PackageKind,
    pub main: Option<String>,
    pub name: Option<String>,
    /// The text of the file, for `findPackageJSON` users and messages.
    pub path: String,
}

impl Package {
    fn parse(path: &str, text: &[u8]) -> Result<Package, String> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let value: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let Value::Object(mut fields) = value else {
            return Err("not an object".to_owned());
        };
        let text_field = |name: &str| match fields.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        };
        let main = text_field("main");
        let name = text_field("name");
        let kind = match text_field("type").as_deref() {
            Some("module") => PackageKind::Module,
            Some("commonjs") => PackageKind::CommonJs,
            _ => PackageKind::None,
        };
        let mut map_field = |name: &str| fields.remove(name).filter(|value| !value.is_null());
        let exports = map_field("exports");
        let imports = map_field("imports").filter(Value::is_object);
        Ok(Package { dir: dirname(path).to_owned(), exports, imports, kind, main, name, path: path.to_owned() })
    }
}

impl Resolver {
    /// The package.json in `dir`, if there is one.
    ///
    /// # Errors
    /// `InvalidPackageConfig` when it is not JSON or no object.
    pub fn package_in(
        &mut self,
        files: &mut dyn Files,
        dir: &str,
        base: Option<&str>,
    ) -> Result<Option<Rc<Package>>, ResolveError> {
        if let Some(found) = self.packages.get(dir) {
            return Ok(Some(found.clone()));
        }
        let path = join(dir, "package.json");
        // Absence is not remembered: a program may write the file and look again.
        let Some(text) = files.read(&path) else { return Ok(None) };
        match Package::parse(&path, &text) {
            Ok(package) => {
                let package = Rc::new(package);
                self.packages.insert(dir.to_owned(), package.clone());
                Ok(Some(package))
            }
            Err(reason) => {
                Err(ResolveError::InvalidPackageConfig { package_json: path, base: base.map(str::to_owned), reason })
            }
        }
    }

    /// The nearest package.json at or above the folder of `path`; the search ends at a node_modules folder.
    ///
    /// # Errors
    /// As [`Resolver::package_in`].
    pub fn scope_of(&mut self, files: &mut dyn Files, path: &str) -> Result<Option<Rc<Package>>, ResolveError> {
        let mut dir = dirname(path);
        loop {
            if dir.ends_with("/node_modules") {
                return Ok(None);
            }
            if let Some(package) = self.package_in(files, dir, None)? {
                return Ok(Some(package));
            }
            if dir == "/" {
                return Ok(None);
            }
            dir = dirname(dir);
        }
    }

    /// Forgets what was read. For tests and for `Module._initPaths`-like resets.
    pub fn clear(&mut self) {
        self.packages.clear();
    }
}
