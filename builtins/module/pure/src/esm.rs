//! Resolution for `import`: bare and `#` specifiers to places, places to files.
//!
//! Relative and absolute specifiers are URL arithmetic and belong to the caller; what it gets goes through
//! [`Resolver::finalize`].

use crate::package::Package;
use crate::paths::{dirname, has_encoded_separator, join, normalize, percent_decode};
use crate::{Files, Kind, Notice, ResolveError, Resolver};

/// Who asks, and under which conditions.
#[derive(Clone, Copy)]
pub struct Importer<'a> {
    /// The path of the importing file; `None` keeps "imported from" out of messages.
    pub base: Option<&'a str>,
    pub conditions: &'a [String],
    /// Public names of builtin modules, without `node:`.
    pub builtins: &'a [String],
}

impl Importer<'_> {
    pub(crate) fn base_owned(&self) -> Option<String> {
        self.base.map(str::to_owned)
    }

    pub(crate) fn base_url(&self) -> Option<String> {
        self.base.map(|base| format!("file://{base}"))
    }
}

/// Where a specifier leads before the disk is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    Builtin(String),
    /// `path` is decoded; `encoded` is the same as it stood in a map, for the check on `%2f`; `suffix` is `?query#hash`.
    Path {
        path: String,
        encoded: String,
        suffix: String,
    },
}

impl Located {
    /// A file below the folder of a package; `rest` is URL text relative to it.
    pub(crate) fn in_package(dir: &str, rest: &str) -> Located {
        let cut = rest.find(['?', '#']).unwrap_or(rest.len());
        let (path, suffix) = rest.split_at(cut);
        Located::Path { path: join(dir, &percent_decode(path)), encoded: join(dir, path), suffix: suffix.to_owned() }
    }

    fn plain(path: String) -> Located {
        Located::Path { encoded: path.clone(), path, suffix: String::new() }
    }
}

/// A bare specifier in parts: `@scope/name/sub/path` is (`@scope/name`, `./sub/path`).
pub(crate) fn package_name(specifier: &str) -> Option<(&str, String)> {
    let mut cut = specifier.find('/');
    if specifier.starts_with('@') {
        let first = cut?;
        cut = specifier[first + 1..].find('/').map(|at| first + 1 + at);
    }
    let name = &specifier[..cut.unwrap_or(specifier.len())];
    if name.starts_with('.') || name.contains(['%', '\\']) {
        return None;
    }
    let rest = cut.map_or("", |at| &specifier[at..]);
    Some((name, format!(".{rest}")))
}

impl Resolver {
    /// PACKAGE_RESOLVE of a bare specifier.
    ///
    /// # Errors
    /// `InvalidSpecifier`, `PackageNotFound`, and those of `exports`.
    pub fn package_resolve(
        &mut self,
        files: &mut dyn Files,
        specifier: &str,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        if importer.builtins.iter().any(|name| name == specifier) {
            return Ok(Located::Builtin(specifier.to_owned()));
        }
        let Some((name, subpath)) = package_name(specifier) else {
            return Err(ResolveError::InvalidSpecifier {
                specifier: specifier.to_owned(),
                reason: "is not a valid package name".to_owned(),
                base: importer.base_owned(),
            });
        };
        let base = importer.base.unwrap_or("/");
        if let Some(package) = self.scope_of(files, base)?
            && package.name.as_deref() == Some(name)
            && let Some(exports) = &package.exports
        {
            return self.exports_resolve(files, &package, exports, &subpath, importer);
        }
        let mut dir = dirname(base);
        loop {
            if !dir.ends_with("/node_modules") {
                let found = join(&join(dir, "node_modules"), name);
                if files.kind(&found) == Kind::Directory {
                    return self.resolve_in(files, &found, specifier, &subpath, importer);
                }
            }
            if dir == "/" {
                return Err(ResolveError::PackageNotFound { name: name.to_owned(), base: importer.base_owned() });
            }
            dir = dirname(dir);
        }
    }

    fn resolve_in(
        &mut self,
        files: &mut dyn Files,
        dir: &str,
        specifier: &str,
        subpath: &str,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        let described = match importer.base {
            Some(base) => format!("\"{specifier}\" from {base}"),
            None => format!("\"{specifier}\""),
        };
        let dir = dir.trim_end_matches('/');
        let package = self.package_in(files, dir, Some(&described))?;
        if let Some(package) = &package
            && let Some(exports) = &package.exports
        {
            return self.exports_resolve(files, package, exports, subpath, importer);
        }
        if subpath == "." {
            return self.legacy_main(files, dir, package.as_deref(), importer);
        }
        match Located::in_package(dir, &subpath[2..]) {
            Located::Path { path, encoded, suffix } => {
                let slash = if path.ends_with('/') { "/" } else { "" };
                Ok(Located::Path { path: format!("{}{slash}", normalize(&path)), encoded, suffix })
            }
            builtin @ Located::Builtin(_) => Ok(builtin),
        }
    }

    /// LEGACY_MAIN_RESOLVE: the main of a package without `exports`, with the extensions `require` knows.
    fn legacy_main(
        &mut self,
        files: &mut dyn Files,
        dir: &str,
        package: Option<&Package>,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        let main = package.and_then(|package| package.main.as_deref());
        let package_json = join(dir, "package.json");
        if let Some(main) = main {
            for ending in ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"] {
                let path = crate::paths::resolve(dir, &format!("{main}{ending}"));
                if files.kind(&path) == Kind::File {
                    if !ending.is_empty() {
                        self.legacy_notice(package_json, Some(main), &path, importer);
                    }
                    return Ok(Located::plain(path));
                }
            }
        }
        for name in ["index.js", "index.json", "index.node"] {
            let path = join(dir, name);
            if files.kind(&path) == Kind::File {
                self.legacy_notice(package_json, main, &path, importer);
                return Ok(Located::plain(path));
            }
        }
        Err(ResolveError::PackageNotFound {
            name: crate::paths::resolve(dir, main.unwrap_or("index.js")),
            base: importer.base_owned(),
        })
    }

    fn legacy_notice(&mut self, package_json: String, main: Option<&str>, found: &str, importer: &Importer<'_>) {
        self.notices.push(Notice::LegacyMain {
            package_json,
            main: main.map(str::to_owned),
            found: found.to_owned(),
            base: importer.base_owned(),
        });
    }

    /// `#name` for the file `importer.base`.
    ///
    /// # Errors
    /// See [`Resolver::imports_resolve`].
    pub fn import_resolve(
        &mut self,
        files: &mut dyn Files,
        name: &str,
        importer: &Importer<'_>,
    ) -> Result<Located, ResolveError> {
        let package = self.scope_of(files, importer.base.unwrap_or("/"))?;
        self.imports_resolve(files, package.as_deref(), name, importer)
    }

    /// Checks that a place is a file, and follows symbolic links unless `preserve_symlinks`.
    ///
    /// # Errors
    /// `InvalidSpecifier` for an encoded separator, `DirectoryImport`, `ModuleNotFound`.
    pub fn finalize(
        &mut self,
        files: &mut dyn Files,
        path: &str,
        encoded: &str,
        base: Option<&str>,
        preserve_symlinks: bool,
    ) -> Result<String, ResolveError> {
        if has_encoded_separator(encoded) {
            return Err(ResolveError::InvalidSpecifier {
                specifier: encoded.to_owned(),
                reason: "must not include encoded \"/\" or \"\\\" characters".to_owned(),
                base: base.map(str::to_owned),
            });
        }
        match files.kind(path) {
            Kind::Directory => {
                Err(ResolveError::DirectoryImport { path: path.to_owned(), base: base.map(str::to_owned) })
            }
            Kind::File if !path.ends_with('/') => {
                if preserve_symlinks {
                    return Ok(path.to_owned());
                }
                Ok(files.real_path(path).unwrap_or_else(|| path.to_owned()))
            }
            _ => Err(ResolveError::ModuleNotFound { path: path.to_owned(), base: base.map(str::to_owned) }),
        }
    }
}
