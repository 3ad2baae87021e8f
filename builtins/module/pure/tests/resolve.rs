//! Tables of names and the files they lead to, over a disk in memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use anode_module_pure::{Files, FindOptions, Importer, Kind, Located, Notice, ResolveError, Resolver};
use std::collections::BTreeMap;

struct Disk(BTreeMap<&'static str, &'static str>);

impl Files for Disk {
    fn kind(&mut self, path: &str) -> Kind {
        let path = path.trim_end_matches('/');
        if self.0.contains_key(path) {
            return Kind::File;
        }
        let dir = format!("{path}/");
        if self.0.keys().any(|file| file.starts_with(&dir)) { Kind::Directory } else { Kind::Missing }
    }
    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).map(|text| text.as_bytes().to_vec())
    }
    fn real_path(&mut self, path: &str) -> Option<String> {
        Some(path.replace("/link/", "/real/"))
    }
}

fn disk() -> Disk {
    Disk(BTreeMap::from([
        (
            "/app/package.json",
            r##"{"name":"app","exports":{".":"./main.js","./x":"./lib/x.js"},"imports":{"#a":"./lib/a.js","#dep":{"require":"dep","import":"./lib/x.js"},"#p/*":"./lib/*.js","#fs":"fs","#url":"https://x"}}"##,
        ),
        ("/app/main.js", ""),
        ("/app/lib/a.js", ""),
        ("/app/lib/x.js", ""),
        ("/app/lib/data.json", "{}"),
        ("/app/lib/index.js", ""),
        ("/app/link/l.js", ""),
        ("/app/node_modules/dep/package.json", r#"{"main":"lib"}"#),
        ("/app/node_modules/dep/lib/index.js", ""),
        ("/app/node_modules/dep/sub.js", ""),
        ("/app/node_modules/lost/package.json", r#"{"main":"gone.js"}"#),
        ("/app/node_modules/gone/package.json", r#"{"main":"gone.js"}"#),
        ("/app/node_modules/lost/index.js", ""),
        ("/app/node_modules/bad/package.json", "{"),
        (
            "/app/node_modules/@s/e/package.json",
            r#"{"exports":{".":{"import":"./i.mjs","require":"./r.cjs"},"./f/*":"./f/*.js","./f/private/*":null,"./no":"../out.js","./nm":"./node_modules/x.js","./arr":["bad:","./r.cjs"],"./q":"./r.cjs?a#b","./pc":"./a%20b.js","./dir":"./f"}}"#,
        ),
        ("/app/node_modules/@s/e/i.mjs", ""),
        ("/app/node_modules/@s/e/r.cjs", ""),
        ("/app/node_modules/@s/e/a b.js", ""),
        ("/app/node_modules/@s/e/f/one.js", ""),
        ("/app/node_modules/mix/package.json", r#"{"exports":{".":"./a.js","import":"./b.js"}}"#),
    ]))
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn require(request: &str) -> (Result<Option<String>, ResolveError>, Vec<Notice>) {
    let mut resolver = Resolver::new();
    let extensions = strings(&[".js", ".json", ".node"]);
    let conditions = strings(&["node", "require"]);
    let options = FindOptions { extensions: &extensions, conditions: &conditions, preserve_symlinks: false };
    let paths = if request.starts_with('.') {
        strings(&["/app"])
    } else {
        anode_module_pure::paths::node_modules_paths("/app/lib")
    };
    let found = resolver.find(&mut disk(), request, &paths, "/", &options);
    (found, resolver.notices)
}

#[track_caller]
fn requires(request: &str, want: Option<&str>) {
    assert_eq!(require(request).0.unwrap().as_deref(), want, "{request}");
}

#[test]
fn files_and_folders() {
    requires("./main", Some("/app/main.js"));
    requires("./lib/data", Some("/app/lib/data.json"));
    requires("./lib", Some("/app/lib/index.js"));
    requires("./lib/", Some("/app/lib/index.js"));
    requires("./main.js/", None);
    requires("./link/l", Some("/app/real/l.js"));
    requires("/app/lib/a.js", Some("/app/lib/a.js"));
    requires("./nope", None);
}

#[test]
fn packages() {
    requires("dep", Some("/app/node_modules/dep/lib/index.js"));
    requires("dep/sub", Some("/app/node_modules/dep/sub.js"));
    requires("@s/e", Some("/app/node_modules/@s/e/r.cjs"));
    requires("@s/e/f/one", Some("/app/node_modules/@s/e/f/one.js"));
    requires("@s/e/arr", Some("/app/node_modules/@s/e/r.cjs"));
    requires("@s/e/q", Some("/app/node_modules/@s/e/r.cjs"));
    requires("@s/e/pc", Some("/app/node_modules/@s/e/a b.js"));
    requires("@s", None);
    let (found, notices) = require("lost");
    assert_eq!(found.unwrap().unwrap(), "/app/node_modules/lost/index.js");
    assert_eq!(
        notices,
        [Notice::InvalidMain { package_json: "/app/node_modules/lost/package.json".into(), main: "gone.js".into() }]
    );
}

#[test]
fn refusals() {
    use ResolveError::*;
    assert!(matches!(require("bad").0, Err(InvalidPackageConfig { .. })));
    assert!(matches!(require("gone").0, Err(MainNotFound { .. })));
    assert!(matches!(require("@s/e/nope").0, Err(PathNotExported { .. })));
    assert!(matches!(require("@s/e/f/private/x").0, Err(PathNotExported { .. })));
    assert!(matches!(require("@s/e/f/../x").0, Err(InvalidSpecifier { .. })));
    assert!(matches!(require("@s/e/f/a%2fb").0, Err(InvalidSpecifier { .. })));
    assert!(matches!(require("@s/e/no").0, Err(InvalidPackageTarget { .. })));
    assert!(matches!(require("@s/e/nm").0, Err(InvalidPackageTarget { .. })));
    assert!(matches!(require("@s/e/dir").0, Err(ModuleNotFound { .. })));
    assert!(matches!(require("mix").0, Err(InvalidPackageConfig { .. })));
}

fn import(specifier: &str) -> Result<Located, ResolveError> {
    let conditions = strings(&["node", "import"]);
    let builtins = strings(&["fs"]);
    let importer = Importer { base: Some("/app/lib/a.js"), conditions: &conditions, builtins: &builtins };
    if specifier.starts_with('#') {
        return Resolver::new().import_resolve(&mut disk(), specifier, &importer);
    }
    Resolver::new().package_resolve(&mut disk(), specifier, &importer)
}

#[track_caller]
fn imports(specifier: &str, want: &str, want_suffix: &str) {
    match import(specifier).unwrap() {
        Located::Builtin(name) => assert_eq!(format!("node:{name}"), want, "{specifier}"),
        Located::Path { path, suffix, .. } => {
            assert_eq!((path.as_str(), suffix.as_str()), (want, want_suffix), "{specifier}")
        }
    }
}

#[test]
fn imports_of_modules() {
    imports("fs", "node:fs", "");
    imports("app", "/app/main.js", "");
    imports("app/x", "/app/lib/x.js", "");
    imports("@s/e", "/app/node_modules/@s/e/i.mjs", "");
    imports("@s/e/q", "/app/node_modules/@s/e/r.cjs", "?a#b");
    imports("dep", "/app/node_modules/dep/lib/index.js", "");
    imports("dep/sub.js", "/app/node_modules/dep/sub.js", "");
    imports("#a", "/app/lib/a.js", "");
    imports("#dep", "/app/lib/x.js", "");
    imports("#p/x", "/app/lib/x.js", "");
    imports("#fs", "node:fs", "");
}

#[test]
fn imports_refused() {
    use ResolveError::*;
    assert!(matches!(import("nope"), Err(PackageNotFound { .. })));
    assert!(matches!(import("@s"), Err(InvalidSpecifier { .. })));
    assert!(matches!(import("%2e"), Err(InvalidSpecifier { .. })));
    assert!(matches!(import("gone"), Err(PackageNotFound { .. })));
    assert!(matches!(import("#nope"), Err(ImportNotDefined { .. })));
    assert!(matches!(import("#"), Err(InvalidSpecifier { .. })));
    assert!(matches!(import("#url"), Err(InvalidPackageTarget { .. })));
    let mut resolver = Resolver::new();
    assert!(matches!(resolver.finalize(&mut disk(), "/app/lib", "/app/lib", None, false), Err(DirectoryImport { .. })));
    assert!(matches!(resolver.finalize(&mut disk(), "/app/z", "/app/z", None, false), Err(ModuleNotFound { .. })));
}
