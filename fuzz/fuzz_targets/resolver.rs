//! Resolution over a small made-up disk whose package.json is the input.
#![no_main]

use anode_module_pure::{Files, FindOptions, Importer, Kind, Located, Resolver};
use libfuzzer_sys::fuzz_target;

struct Disk<'a> {
    manifest: &'a [u8],
}

impl Files for Disk<'_> {
    fn kind(&mut self, path: &str) -> Kind {
        match path {
            "/" | "/app" | "/app/lib" | "/app/node_modules" | "/app/node_modules/dep" | "/app/node_modules/@s/dep" => {
                Kind::Directory
            }
            _ if path.ends_with(".js") || path.ends_with(".mjs") => Kind::File,
            _ => Kind::Missing,
        }
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        let known =
            ["/app/package.json", "/app/node_modules/dep/package.json", "/app/node_modules/@s/dep/package.json"];
        known.contains(&path).then(|| self.manifest.to_vec())
    }

    fn real_path(&mut self, path: &str) -> Option<String> {
        Some(path.to_owned())
    }
}

fuzz_target!(|data: &[u8]| {
    // The first line is what is asked for.
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let request = String::from_utf8_lossy(&data[..cut]).into_owned();
    let mut files = Disk { manifest: &data[cut..] };
    let conditions = ["node", "import", "module-sync"].map(str::to_owned);
    let builtins = ["fs".to_owned()];
    let extensions = [".js", ".json", ".node"].map(str::to_owned);
    let importer = Importer { base: Some("/app/lib/a.js"), conditions: &conditions, builtins: &builtins };
    let mut resolver = Resolver::new();
    for request in [request.as_str(), "dep", "dep/sub", "@s/dep/x.js", "#internal", "#a/b"] {
        let located = if request.starts_with('#') {
            resolver.import_resolve(&mut files, request, &importer)
        } else {
            resolver.package_resolve(&mut files, request, &importer)
        };
        if let Ok(Located::Path { path, encoded, .. }) = located {
            let _file = resolver.finalize(&mut files, &path, &encoded, importer.base, false);
        }
        let options = FindOptions { extensions: &extensions, conditions: &conditions, preserve_symlinks: false };
        let paths = anode_module_pure::paths::node_modules_paths("/app/lib");
        let _found = resolver.find(&mut files, request, &paths, "/app", &options);
        resolver.notices.clear();
    }
    let normal = anode_module_pure::paths::normalize(&request);
    assert_eq!(anode_module_pure::paths::normalize(&normal), normal);
    let _decoded = anode_module_pure::paths::percent_decode(&request);
});
