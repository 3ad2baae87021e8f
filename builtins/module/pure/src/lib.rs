//! Logic of `node:module` without engine or file system: how names become files.
//!
//! [`Resolver`] answers what `require()` and `import` ask; [`Files`] is its only view of the disk, so tables can
//! test it. [`lexer`] finds the names a CommonJS file exports, for `import { name } from './file.cjs'`.
//!
//! Sources: Node docs "Modules: CommonJS modules" (all together...), "Modules: ECMAScript modules" (resolution
//! algorithm specification), "Modules: Packages"; the README of cjs-module-lexer for what counts as an export.
#![forbid(unsafe_code)]

mod commonjs;
mod error;
mod esm;
pub mod lexer;
mod package;
pub mod paths;
mod targets;

pub use commonjs::FindOptions;
pub use error::ResolveError;
pub use esm::{Importer, Located};
pub use package::{Package, PackageKind};

use std::collections::HashMap;
use std::rc::Rc;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Directory,
    File,
    Missing,
}

/// The resolver's view of the disk. Paths are absolute and use `/`.
pub trait Files {
    /// What stands at `path`, symbolic links followed.
    fn kind(&mut self, path: &str) -> Kind;
    /// The bytes of a package.json, or `None` when it is not there or not readable.
    fn read(&mut self, path: &str) -> Option<Vec<u8>>;
    /// `path` without symbolic links; `None` when it does not exist.
    fn real_path(&mut self, path: &str) -> Option<String>;
}

/// Something worth a warning that was met while resolving; the caller turns it into a process warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// DEP0128: `main` of the package.json names nothing, `index` was used instead.
    InvalidMain { package_json: String, main: String },
    /// DEP0151: an ES module import went through `main` without extension, or through the index.
    LegacyMain { package_json: String, main: Option<String>, found: String, base: Option<String> },
    /// DEP0155: a pattern was matched by a specifier which ends in a slash.
    TrailingSlash { key: String, package_json: String, base: Option<String> },
    /// DEP0166: a double slash (or an invalid segment) in a target or in what a pattern matched.
    DoubleSlash {
        target: String,
        request: String,
        key: String,
        package_json: String,
        imports: bool,
        base: Option<String>,
    },
}

/// Resolves names to files. Holds the cache of parsed package.json files; like Node it never looks at one twice.
#[derive(Default)]
pub struct Resolver {
    packages: HashMap<String, Rc<Package>>,
    /// Warnings of the last call; the caller takes them.
    pub notices: Vec<Notice>,
}

impl Resolver {
    pub fn new() -> Self {
        Resolver::default()
    }
}
