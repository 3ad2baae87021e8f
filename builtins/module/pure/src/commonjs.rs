//! Resolution for `require`: files, folders, node_modules.
//!
//! Node docs: "Modules: CommonJS modules", all together.

use crate::esm::{Importer, Located, package_name};
use crate::paths::{join, resolve};
use crate::{Files, Kind, Notice, ResolveError, Resolver};

/// What one search may do.
#[derive(Clone, Copy)]
pub struct FindOptions<'a> {
    /// Keys of `require.extensions`, in order.
    pub extensions: &'a [String],
    pub conditions: &'a [String],
    /// The result keeps its symbolic links.
    pub preserve_symlinks: bool,
}

impl Resolver {
    /// Looks for `request` in `paths`, as `Module._findPath` does. An absolute `request` ignores `paths`.
    /// `cwd` completes relative entries of `paths`.
    ///
    /// # Errors
    /// Those of `exports`; `MainNotFound`.
    pub fn find(
        &mut self,
        files: &mut dyn Files,
        request: &str,
        paths: &[String],
        cwd: &str,
        options: &FindOptions<'_>,
    ) -> Result<Option<String>, ResolveError> {
        let absolute = request.starts_with('/');
        let trailing_slash = ends_as_folder(request);
        let relative = request.starts_with("./") || request.starts_with("../") || request == "." || request == "..";
        let root = [String::new()];
        let paths = if absolute { &root[..] } else { paths };
        for dir in paths {
            let dir = if absolute { "/".to_owned() } else { resolve(cwd, dir) };
            if !absolute && files.kind(&dir) != Kind::Directory {
                continue;
            }
            if !absolute
                && !relative
                && let Some(found) = self.find_exported(files, &dir, request, options)?
            {
                return Ok(Some(found));
            }
            let base = resolve(&dir, request);
            let kind = files.kind(&base);
            if !trailing_slash {
                if kind == Kind::File {
                    return Ok(Some(real(files, base, options)));
                }
                if let Some(found) = with_extension(files, &base, options) {
                    return Ok(Some(found));
                }
            }
            if kind == Kind::Directory
                && let Some(found) = self.find_folder(files, &base, request, options)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// LOAD_AS_DIRECTORY.
    fn find_folder(
        &mut self,
        files: &mut dyn Files,
        dir: &str,
        request: &str,
        options: &FindOptions<'_>,
    ) -> Result<Option<String>, ResolveError> {
        let package = self.package_in(files, dir, None)?;
        let index = join(dir, "index");
        let Some(main) = package.as_ref().and_then(|package| package.main.as_deref()).filter(|main| !main.is_empty())
        else {
            return Ok(with_extension(files, &index, options));
        };
        let path = resolve(dir, main);
        if files.kind(&path) == Kind::File {
            return Ok(Some(real(files, path, options)));
        }
        if let Some(found) = with_extension(files, &path, options) {
            return Ok(Some(found));
        }
        if let Some(found) = with_extension(files, &join(&path, "index"), options) {
            return Ok(Some(found));
        }
        let package_json = join(dir, "package.json");
        match with_extension(files, &index, options) {
            Some(found) => {
                self.notices.push(Notice::InvalidMain { package_json, main: main.to_owned() });
                Ok(Some(found))
            }
            None => Err(ResolveError::MainNotFound { main_path: path, package_json, request: request.to_owned() }),
        }
    }

    /// LOAD_PACKAGE_EXPORTS.
    fn find_exported(
        &mut self,
        files: &mut dyn Files,
        dir: &str,
        request: &str,
        options: &FindOptions<'_>,
    ) -> Result<Option<String>, ResolveError> {
        let Some((name, subpath)) = package_name(request) else { return Ok(None) };
        if name.is_empty() {
            return Ok(None);
        }
        let Some(package) = self.package_in(files, &join(dir, name), None)? else { return Ok(None) };
        let Some(exports) = &package.exports else { return Ok(None) };
        let importer = Importer { base: None, conditions: options.conditions, builtins: &[] };
        let place = self.exports_resolve(files, &package, exports, &subpath, &importer)?;
        self.finalize_place(files, place, None, options).map(Some)
    }

    /// LOAD_PACKAGE_SELF: `request` names the package that the file `parent` belongs to.
    ///
    /// # Errors
    /// Those of `exports`.
    pub fn find_self(
        &mut self,
        files: &mut dyn Files,
        request: &str,
        parent: &str,
        options: &FindOptions<'_>,
    ) -> Result<Option<String>, ResolveError> {
        let Some(package) = self.scope_of(files, parent)? else { return Ok(None) };
        let (Some(exports), Some(name)) = (&package.exports, &package.name) else { return Ok(None) };
        let subpath = match request.strip_prefix(name.as_str()) {
            Some("") => ".".to_owned(),
            Some(rest) if rest.starts_with('/') => format!(".{rest}"),
            _ => return Ok(None),
        };
        let importer = Importer { base: Some(parent), conditions: options.conditions, builtins: &[] };
        let place = self.exports_resolve(files, &package, exports, &subpath, &importer)?;
        self.finalize_place(files, place, Some(parent), options).map(Some)
    }

    /// LOAD_PACKAGE_IMPORTS: `#name` for the file `parent`. `None` when its package has no `imports`.
    ///
    /// # Errors
    /// Those of `imports`.
    pub fn find_import(
        &mut self,
        files: &mut dyn Files,
        request: &str,
        parent: &str,
        builtins: &[String],
        options: &FindOptions<'_>,
    ) -> Result<Option<Located>, ResolveError> {
        let Some(package) = self.scope_of(files, parent)? else { return Ok(None) };
        if package.imports.is_none() {
            return Ok(None);
        }
        let importer = Importer { base: Some(parent), conditions: options.conditions, builtins };
        match self.imports_resolve(files, Some(&package), request, &importer)? {
            place @ Located::Path { .. } => {
                let path = self.finalize_place(files, place, Some(parent), options)?;
                Ok(Some(Located::Path { encoded: String::new(), path, suffix: String::new() }))
            }
            builtin @ Located::Builtin(_) => Ok(Some(builtin)),
        }
    }

    fn finalize_place(
        &mut self,
        files: &mut dyn Files,
        place: Located,
        base: Option<&str>,
        options: &FindOptions<'_>,
    ) -> Result<String, ResolveError> {
        match place {
            Located::Builtin(name) => Ok(format!("node:{name}")),
            Located::Path { path, encoded, .. } => {
                match self.finalize(files, &path, &encoded, base, options.preserve_symlinks) {
                    // A folder is as good as nothing to `require`, once `exports` has named it.
                    Err(ResolveError::DirectoryImport { path, base }) => {
                        Err(ResolveError::ModuleNotFound { path, base })
                    }
                    outcome => outcome,
                }
            }
        }
    }
}

fn ends_as_folder(request: &str) -> bool {
    request.ends_with('/') || request == "." || request == ".." || request.ends_with("/.") || request.ends_with("/..")
}

fn real(files: &mut dyn Files, path: String, options: &FindOptions<'_>) -> String {
    if options.preserve_symlinks {
        return path;
    }
    files.real_path(&path).unwrap_or(path)
}

/// The first of `base` + extension that is a file.
fn with_extension(files: &mut dyn Files, base: &str, options: &FindOptions<'_>) -> Option<String> {
    let mut candidate = String::with_capacity(base.len() + 8);
    for extension in options.extensions {
        candidate.clear();
        candidate.push_str(base);
        candidate.push_str(extension);
        if files.kind(&candidate) == Kind::File {
            return Some(real(files, candidate, options));
        }
    }
    None
}
