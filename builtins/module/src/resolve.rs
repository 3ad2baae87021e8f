//! Resolution: the pure [`Resolver`] over the real disk.
//!
//! A function that can fail returns `false` and keeps the failure for `takeError()`: JavaScript makes the Node error, as
//! its message needs what only JavaScript knows (the require stack). Warnings go to the handler of `setNoticeHandler`.

use anode_module_pure::{
    Files, FindOptions, Importer, Kind, Located, Notice, PackageKind, ResolveError, Resolver, paths,
};
use anode_runtime::permission;
use anode_runtime::{Args, JsResult, Local, Root, Scope, Thrown};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

/// What one thread's loader knows.
#[derive(Default)]
struct State {
    builtins: Rc<Vec<String>>,
    error: Option<ResolveError>,
    import_conditions: Rc<Vec<String>>,
    notice: Option<Rc<Root>>,
    require_conditions: Rc<Vec<String>>,
    resolver: Resolver,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// The disk. Folders keep their real path for the life of the thread, as Node's loader does.
struct Disk;

thread_local! {
    static REAL_FOLDERS: RefCell<HashMap<String, String>> = RefCell::default();
}

impl Files for Disk {
    fn kind(&mut self, path: &str) -> Kind {
        if path.contains('\0') {
            return Kind::Missing;
        }
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => Kind::Directory,
            // Sockets and devices count as files, as for Node.
            Ok(_) => Kind::File,
            Err(_) => Kind::Missing,
        }
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        // What may not be read is as good as missing to the resolver: only package.json files are read here.
        if permission::hides(path) {
            return None;
        }
        std::fs::read(path).ok()
    }

    fn real_path(&mut self, path: &str) -> Option<String> {
        let folder = paths::dirname(path);
        let name = &path[folder.len()..];
        let is_link = std::fs::symlink_metadata(path).ok()?.file_type().is_symlink();
        if is_link {
            return canonical(path);
        }
        let known = REAL_FOLDERS.with_borrow(|known| known.get(folder).cloned());
        let real = match known {
            Some(real) => real,
            None => {
                let real = canonical(folder)?;
                REAL_FOLDERS.with_borrow_mut(|known| known.insert(folder.to_owned(), real.clone()));
                real
            }
        };
        if real == "/" {
            return Some(path.to_owned());
        }
        Some(if folder == "/" { path.to_owned() } else { real + name })
    }
}

fn canonical(path: &str) -> Option<String> {
    Path::new(path).canonicalize().ok()?.into_os_string().into_string().ok()
}

fn strings(sc: &mut Scope<'_>, list: Local<'_>) -> Result<Vec<String>, Thrown> {
    if !list.is_object() {
        return Ok(Vec::new());
    }
    let count = sc.array_length(list);
    let mut out = Vec::with_capacity(count as usize);
    for index in 0..count {
        let text = sc.nested(|sc| {
            let item = sc.get_index(list, index)?;
            sc.to_string(item)
        })?;
        out.push(text);
    }
    Ok(out)
}

/// `configure(requireConditions, importConditions, builtins)`
pub(crate) fn configure<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let require_conditions = Rc::new(strings(sc, args.get(0))?);
    let import_conditions = Rc::new(strings(sc, args.get(1))?);
    let builtins = Rc::new(strings(sc, args.get(2))?);
    STATE.with_borrow_mut(|state| {
        state.require_conditions = require_conditions;
        state.import_conditions = import_conditions;
        state.builtins = builtins;
    });
    Ok(sc.undefined())
}

/// `setNoticeHandler(fn(kind, ...details))`
pub(crate) fn set_notice_handler<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handler = Rc::new(Root::new(sc, args.get(0)));
    STATE.with_borrow_mut(|state| state.notice = Some(handler));
    Ok(sc.undefined())
}

/// Conditions of a call: the given array, or those of `require` / `import`.
fn conditions(sc: &mut Scope<'_>, given: Local<'_>, import: bool) -> Result<Rc<Vec<String>>, Thrown> {
    if given.is_object() {
        return Ok(Rc::new(strings(sc, given)?));
    }
    Ok(STATE
        .with_borrow(|state| if import { state.import_conditions.clone() } else { state.require_conditions.clone() }))
}

/// Asks the resolver; keeps a failure for `takeError`, passes notices on.
fn ask<R>(
    sc: &mut Scope<'_>,
    question: impl FnOnce(&mut Resolver, &mut Disk) -> Result<R, ResolveError>,
) -> Result<Option<R>, Thrown> {
    let (answer, notices) = STATE.with_borrow_mut(|state| {
        let answer = question(&mut state.resolver, &mut Disk);
        let answer = match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                state.error = Some(error);
                None
            }
        };
        (answer, std::mem::take(&mut state.resolver.notices))
    });
    if !notices.is_empty() {
        pass_on(sc, notices)?;
    }
    Ok(answer)
}

fn pass_on(sc: &mut Scope<'_>, notices: Vec<Notice>) -> Result<(), Thrown> {
    let Some(handler) = STATE.with_borrow(|state| state.notice.clone()) else { return Ok(()) };
    for notice in notices {
        sc.nested(|sc| {
            let values = match notice {
                Notice::InvalidMain { package_json, main } => {
                    vec![sc.string("InvalidMain"), sc.string(&package_json), sc.string(&main)]
                }
                Notice::LegacyMain { package_json, main, found, base } => {
                    vec![
                        sc.string("LegacyMain"),
                        sc.string(&package_json),
                        optional(sc, main),
                        sc.string(&found),
                        optional(sc, base),
                    ]
                }
                Notice::TrailingSlash { key, package_json, base } => {
                    vec![sc.string("TrailingSlash"), sc.string(&key), sc.string(&package_json), optional(sc, base)]
                }
                Notice::DoubleSlash { target, request, key, package_json, imports, base } => vec![
                    sc.string("DoubleSlash"),
                    sc.string(&target),
                    sc.string(&request),
                    sc.string(&key),
                    sc.string(&package_json),
                    sc.boolean(imports),
                    optional(sc, base),
                ],
            };
            let function = handler.get(sc);
            let undefined = sc.undefined();
            sc.call(function, undefined, &values).map(|_| ())
        })?;
    }
    Ok(())
}

fn optional<'s>(sc: &mut Scope<'s>, text: Option<String>) -> Local<'s> {
    match text {
        Some(text) => sc.string(&text),
        None => sc.undefined(),
    }
}

/// `takeError()`: `[kind, ...details]` of the last `false`.
pub(crate) fn take_error<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let Some(error) = STATE.with_borrow_mut(|state| state.error.take()) else { return Ok(sc.undefined()) };
    let values = match error {
        ResolveError::DirectoryImport { path, base } => {
            vec![sc.string("DirectoryImport"), sc.string(&path), optional(sc, base)]
        }
        ResolveError::ImportNotDefined { specifier, package_json, base } => {
            vec![sc.string("ImportNotDefined"), sc.string(&specifier), optional(sc, package_json), sc.string(&base)]
        }
        ResolveError::InvalidPackageConfig { package_json, base, reason } => {
            vec![sc.string("InvalidPackageConfig"), sc.string(&package_json), optional(sc, base), sc.string(&reason)]
        }
        ResolveError::InvalidPackageTarget { package_json, key, target, imports, base } => vec![
            sc.string("InvalidPackageTarget"),
            sc.string(&package_json),
            sc.string(&key),
            sc.string(&target),
            sc.boolean(imports),
            optional(sc, base),
        ],
        ResolveError::InvalidSpecifier { specifier, reason, base } => {
            vec![sc.string("InvalidSpecifier"), sc.string(&specifier), sc.string(&reason), optional(sc, base)]
        }
        ResolveError::MainNotFound { main_path, package_json, request } => {
            vec![sc.string("MainNotFound"), sc.string(&main_path), sc.string(&package_json), sc.string(&request)]
        }
        ResolveError::ModuleNotFound { path, base } => {
            vec![sc.string("ModuleNotFound"), sc.string(&path), optional(sc, base)]
        }
        ResolveError::PackageNotFound { name, base } => {
            vec![sc.string("PackageNotFound"), sc.string(&name), optional(sc, base)]
        }
        ResolveError::PathNotExported { package_dir, subpath, base } => {
            vec![sc.string("PathNotExported"), sc.string(&package_dir), sc.string(&subpath), optional(sc, base)]
        }
    };
    Ok(sc.array(&values))
}

/// A path, `undefined` for not found, `false` for a failure.
fn answer<'s>(sc: &mut Scope<'s>, found: Option<Option<String>>) -> Local<'s> {
    match found {
        Some(Some(path)) => sc.string(&path),
        Some(None) => sc.undefined(),
        None => sc.boolean(false),
    }
}

/// `find(request, paths, extensions, preserveSymlinks, cwd, conditions?)`: what `Module._findPath` looks for.
pub(crate) fn find<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let request = sc.to_string(args.get(0))?;
    let paths = strings(sc, args.get(1))?;
    let extensions = strings(sc, args.get(2))?;
    let preserve_symlinks = args.get(3).is_true();
    let cwd = sc.to_string(args.get(4))?;
    let conditions = conditions(sc, args.get(5), false)?;
    let options = FindOptions { extensions: &extensions, conditions: &conditions, preserve_symlinks };
    let found = ask(sc, |resolver, disk| resolver.find(disk, &request, &paths, &cwd, &options))?;
    Ok(answer(sc, found))
}

/// `findSelf(request, parentPath, preserveSymlinks, conditions?)`
pub(crate) fn find_self<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let request = sc.to_string(args.get(0))?;
    let parent = sc.to_string(args.get(1))?;
    let conditions = conditions(sc, args.get(3), false)?;
    let options = FindOptions { extensions: &[], conditions: &conditions, preserve_symlinks: args.get(2).is_true() };
    let found = ask(sc, |resolver, disk| resolver.find_self(disk, &request, &parent, &options))?;
    Ok(answer(sc, found))
}

/// `findImport(request, parentPath, preserveSymlinks, conditions?)`: a path, or `node:id`.
pub(crate) fn find_import<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let request = sc.to_string(args.get(0))?;
    let parent = sc.to_string(args.get(1))?;
    let conditions = conditions(sc, args.get(3), false)?;
    let builtins = STATE.with_borrow(|state| state.builtins.clone());
    let options = FindOptions { extensions: &[], conditions: &conditions, preserve_symlinks: args.get(2).is_true() };
    let found = ask(sc, |resolver, disk| resolver.find_import(disk, &request, &parent, &builtins, &options))?;
    let found = found.map(|place| {
        place.map(|place| match place {
            Located::Builtin(name) => format!("node:{name}"),
            Located::Path { path, .. } => path,
        })
    });
    Ok(answer(sc, found))
}

/// `resolvePackage(specifier, basePath, conditions?)`: a bare or `#` specifier of `import`. `node:id`, or
/// `[path, encodedPath, suffix]` for [`finalize`].
pub(crate) fn resolve_package<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let specifier = sc.to_string(args.get(0))?;
    let base = sc.to_string(args.get(1))?;
    let conditions = conditions(sc, args.get(2), true)?;
    let builtins = STATE.with_borrow(|state| state.builtins.clone());
    let importer = Importer { base: Some(&base), conditions: &conditions, builtins: &builtins };
    let found = ask(sc, |resolver, disk| {
        if specifier.starts_with('#') {
            return resolver.import_resolve(disk, &specifier, &importer);
        }
        resolver.package_resolve(disk, &specifier, &importer)
    })?;
    match found {
        None => Ok(sc.boolean(false)),
        Some(Located::Builtin(name)) => Ok(sc.string(&format!("node:{name}"))),
        Some(Located::Path { path, encoded, suffix }) => {
            let values = [sc.string(&path), sc.string(&encoded), sc.string(&suffix)];
            Ok(sc.array(&values))
        }
    }
}

/// `finalize(path, encodedPath, basePath?, preserveSymlinks)`: the file that an `import` gets.
pub(crate) fn finalize<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    let encoded = sc.to_string(args.get(1))?;
    let base = if args.get(2).is_undefined() { None } else { Some(sc.to_string(args.get(2))?) };
    let preserve = args.get(3).is_true();
    let found = ask(sc, |resolver, disk| resolver.finalize(disk, &path, &encoded, base.as_deref(), preserve))?;
    Ok(answer(sc, found.map(Some)))
}

/// `stat(path)`: 0 a file, 1 a folder, negative otherwise.
pub(crate) fn stat<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    Ok(sc.int(match Disk.kind(&path) {
        Kind::File => 0,
        Kind::Directory => 1,
        // libuv's ENOENT.
        Kind::Missing => -2,
    }))
}

/// `realPath(path)`: without symbolic links, or `undefined`.
pub(crate) fn real_path<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    let real = Disk.real_path(&path);
    Ok(optional(sc, real))
}

fn kind_text(kind: PackageKind) -> &'static str {
    match kind {
        PackageKind::CommonJs => "commonjs",
        PackageKind::Module => "module",
        PackageKind::None => "none",
    }
}

/// `packageType(path)`: the `type` of the package that a file belongs to; `false` for a bad package.json.
pub(crate) fn package_type<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    let found = ask(sc, |resolver, disk| resolver.scope_of(disk, &path))?;
    Ok(match found {
        None => sc.boolean(false),
        Some(package) => sc.string(kind_text(package.map_or(PackageKind::None, |package| package.kind))),
    })
}

fn describe<'s>(sc: &mut Scope<'s>, package: &anode_module_pure::Package) -> JsResult<'s> {
    let object = sc.object();
    let path = sc.string(&package.path);
    sc.set(object, "path", path)?;
    let kind = sc.string(kind_text(package.kind));
    sc.set(object, "type", kind)?;
    for (key, value) in [("name", &package.name), ("main", &package.main)] {
        let value = optional(sc, value.clone());
        sc.set(object, key, value)?;
    }
    for (key, value) in [("exports", &package.exports), ("imports", &package.imports)] {
        let value = match value {
            Some(value) => {
                let text = sc.string(&value.to_string());
                sc.parse_json(text)?
            }
            None => sc.undefined(),
        };
        sc.set(object, key, value)?;
    }
    Ok(object)
}

/// `packageScope(path)`: the package that a file belongs to, or `undefined`; `false` for a bad package.json.
pub(crate) fn package_scope<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = sc.to_string(args.get(0))?;
    match ask(sc, |resolver, disk| resolver.scope_of(disk, &path))? {
        None => Ok(sc.boolean(false)),
        Some(None) => Ok(sc.undefined()),
        Some(Some(package)) => describe(sc, &package),
    }
}

/// `readPackage(folder)`: the package.json in a folder, or `undefined`; `false` for a bad one.
pub(crate) fn read_package<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let folder = sc.to_string(args.get(0))?;
    match ask(sc, |resolver, disk| resolver.package_in(disk, &paths::normalize(&folder), None))? {
        None => Ok(sc.boolean(false)),
        Some(None) => Ok(sc.undefined()),
        Some(Some(package)) => describe(sc, &package),
    }
}
