//! Why a name could not be resolved. The JavaScript side gives each its Node error code and message.

/// The failures of resolution, with what their messages need. `base` is the path of the importing file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// ERR_UNSUPPORTED_DIR_IMPORT
    DirectoryImport { path: String, base: Option<String> },
    /// ERR_INVALID_PACKAGE_CONFIG
    InvalidPackageConfig { package_json: String, base: Option<String>, reason: String },
    /// ERR_INVALID_PACKAGE_TARGET; `target` is JSON.
    InvalidPackageTarget { package_json: String, key: String, target: String, imports: bool, base: Option<String> },
    /// ERR_INVALID_MODULE_SPECIFIER
    InvalidSpecifier { specifier: String, reason: String, base: Option<String> },
    /// ERR_PACKAGE_IMPORT_NOT_DEFINED
    ImportNotDefined { specifier: String, package_json: Option<String>, base: String },
    /// MODULE_NOT_FOUND because `main` names nothing: `main_path` is what was looked for.
    MainNotFound { main_path: String, package_json: String, request: String },
    /// ERR_MODULE_NOT_FOUND for a file that a specifier or an `exports` map named.
    ModuleNotFound { path: String, base: Option<String> },
    /// ERR_MODULE_NOT_FOUND for a bare specifier whose package is in no node_modules folder.
    PackageNotFound { name: String, base: Option<String> },
    /// ERR_PACKAGE_PATH_NOT_EXPORTED; `subpath` starts with `.`.
    PathNotExported { package_dir: String, subpath: String, base: Option<String> },
}
