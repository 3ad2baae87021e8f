//! The permission model: what JavaScript of this process may touch. Node docs: Permissions.
//!
//! Every binding that opens a path, starts a program or reaches another host asks here first, so no patched function and no
//! odd argument gets past it. The policy is of the process: threads share it, and what one of them drops is gone for all.
//! **Invariant:** a path that was granted is the path that is used: [`require_path`] hands out the absolute, normalized
//! form that it checked, as `link/..` and a changed working directory would lead the kernel elsewhere.

use crate::turn::env;
use anode_engine::{ErrorClass, Local, Root, Scope, Thrown};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{PoisonError, RwLock};

/// One kind of thing that may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Native addons.
    Addon,
    /// Other programs.
    ChildProcess,
    /// Foreign functions.
    Ffi,
    /// Reading files and folders.
    FsRead,
    /// Changing files and folders.
    FsWrite,
    /// The inspector.
    Inspector,
    /// Sockets and names of hosts.
    Net,
    /// WASI.
    Wasi,
    /// Threads.
    Worker,
}

impl Permission {
    /// Node's name: the `permission` of the error.
    fn name(self) -> &'static str {
        match self {
            Permission::Addon => "Addon",
            Permission::ChildProcess => "ChildProcess",
            Permission::Ffi => "FFI",
            Permission::FsRead => "FileSystemRead",
            Permission::FsWrite => "FileSystemWrite",
            Permission::Inspector => "Inspector",
            Permission::Net => "Net",
            Permission::Wasi => "WASI",
            Permission::Worker => "WorkerThreads",
        }
    }

    /// The option that would allow it.
    fn option(self) -> &'static str {
        match self {
            Permission::Addon => "--allow-addons",
            Permission::ChildProcess => "--allow-child-process",
            Permission::Ffi => "--allow-ffi",
            Permission::FsRead => "--allow-fs-read",
            Permission::FsWrite => "--allow-fs-write",
            Permission::Inspector => "--allow-inspector",
            Permission::Net => "--allow-net",
            Permission::Wasi => "--allow-wasi",
            Permission::Worker => "--allow-worker",
        }
    }

    /// The diagnostics channel `node:permission-model:…` that hears of refusals.
    fn channel(self) -> &'static str {
        match self {
            Permission::Addon => "addon",
            Permission::ChildProcess => "child",
            Permission::Ffi => "ffi",
            Permission::FsRead | Permission::FsWrite => "fs",
            Permission::Inspector => "inspector",
            Permission::Net => "net",
            Permission::Wasi => "wasi",
            Permission::Worker => "worker",
        }
    }

    /// The scope of `process.permission.has(scope)`; `None` for `fs`, which is two of them, and for unknown ones.
    pub fn of_scope(scope: &str) -> Option<Permission> {
        Some(match scope {
            "addon" => Permission::Addon,
            "child" => Permission::ChildProcess,
            "ffi" => Permission::Ffi,
            "fs.read" => Permission::FsRead,
            "fs.write" => Permission::FsWrite,
            "inspector" => Permission::Inspector,
            "net" => Permission::Net,
            "wasi" => Permission::Wasi,
            "worker" => Permission::Worker,
            _ => return None,
        })
    }
}

/// A granted path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Grant {
    /// This path and nothing else.
    Exact(Vec<u8>),
    /// All paths that begin so: `/tmp/a*`.
    Prefix(Vec<u8>),
    /// A folder and what is in it.
    Tree(Vec<u8>),
}

impl Grant {
    fn covers(&self, path: &[u8]) -> bool {
        match self {
            Grant::Exact(granted) => path == granted,
            Grant::Prefix(granted) => path.starts_with(granted),
            Grant::Tree(granted) => path
                .strip_prefix(granted.as_slice())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/") || granted.ends_with(b"/")),
        }
    }
}

/// What may be touched of one kind of path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Paths {
    all: bool,
    grants: Vec<Grant>,
}

impl Paths {
    fn covers(&self, path: &[u8]) -> bool {
        self.all || self.grants.iter().any(|grant| grant.covers(path))
    }

    /// Adds what an option says. `is_folder` asks the disk.
    fn grant(&mut self, option: &[u8], cwd: &[u8], is_folder: impl Fn(&[u8]) -> bool) {
        if option == b"*" {
            self.all = true;
            return;
        }
        if let Some(star) = option.iter().position(|byte| *byte == b'*') {
            let before = option.get(..star).unwrap_or_default();
            // `/tmp/*` are the things in /tmp, `/tmp/a*` those whose names begin so.
            let mut prefix = normalize(before, cwd);
            if before.ends_with(b"/") && !prefix.ends_with(b"/") {
                prefix.push(b'/');
            }
            self.grants.push(Grant::Prefix(prefix));
            return;
        }
        let path = normalize(option, cwd);
        let tree = option.ends_with(b"/") || is_folder(&path);
        self.grants.push(if tree { Grant::Tree(path) } else { Grant::Exact(path) });
    }

    /// Takes back exactly what was granted under this name.
    fn revoke(&mut self, reference: &[u8], cwd: &[u8]) {
        let path = normalize(reference, cwd);
        self.grants.retain(|grant| match grant {
            Grant::Exact(granted) | Grant::Tree(granted) | Grant::Prefix(granted) => *granted != path,
        });
    }
}

/// An absolute path without `.`, `..` and repeated slashes: what Node's `path.resolve` makes of it.
fn normalize(path: &[u8], cwd: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    let from: &[u8] = if path.starts_with(b"/") { b"" } else { cwd };
    for part in from.split(|byte| *byte == b'/').chain(path.split(|byte| *byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut out = Vec::with_capacity(path.len() + from.len() + 1);
    for part in parts {
        out.push(b'/');
        out.extend_from_slice(part);
    }
    if out.is_empty() {
        out.push(b'/');
    }
    out
}

/// What options allow.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    allowed: Vec<Permission>,
    read: Paths,
    write: Paths,
}

impl Policy {
    /// A policy that allows nothing.
    #[must_use]
    pub fn new() -> Policy {
        Policy::default()
    }

    /// Allows all of one kind; not for paths.
    pub fn allow(&mut self, permission: Permission) {
        if !self.allowed.contains(&permission) {
            self.allowed.push(permission);
        }
    }

    /// Allows what one `--allow-fs-read` or `--allow-fs-write` names: a path, a folder, `*`, or the beginning of paths and `*`.
    pub fn allow_path(&mut self, permission: Permission, option: &[u8]) {
        let cwd = current_folder();
        let is_folder =
            |path: &[u8]| std::fs::metadata(std::ffi::OsStr::from_bytes(path)).is_ok_and(|found| found.is_dir());
        self.paths_mut(permission).grant(option, &cwd, is_folder);
    }

    /// Allows reading one file, even if its name has a `*`.
    pub fn allow_script(&mut self, path: &[u8]) {
        let path = normalize(path, &current_folder());
        self.read.grants.push(Grant::Exact(path));
    }

    fn paths(&self, permission: Permission) -> Option<&Paths> {
        match permission {
            Permission::FsRead => Some(&self.read),
            Permission::FsWrite => Some(&self.write),
            _ => None,
        }
    }

    fn paths_mut(&mut self, permission: Permission) -> &mut Paths {
        if permission == Permission::FsWrite { &mut self.write } else { &mut self.read }
    }

    fn allows_all(&self, permission: Permission) -> bool {
        match self.paths(permission) {
            Some(paths) => paths.all,
            None => self.allowed.contains(&permission),
        }
    }

    fn allows_path(&self, permission: Permission, path: &[u8]) -> bool {
        self.paths(permission).is_some_and(|paths| paths.covers(path))
    }
}

/// No permission model.
const OFF: u8 = 0;
/// Refusals are only told to the diagnostics channels.
const AUDIT: u8 = 1;
/// Refusals are errors.
const ENFORCE: u8 = 2;

static MODE: AtomicU8 = AtomicU8::new(OFF);
static POLICY: RwLock<Option<Policy>> = RwLock::new(None);

/// Switches the model on, before any JavaScript runs; with `audit` it only tells.
pub fn install(policy: Policy, audit: bool) {
    *POLICY.write().unwrap_or_else(PoisonError::into_inner) = Some(policy);
    MODE.store(if audit { AUDIT } else { ENFORCE }, Ordering::SeqCst);
}

/// Whether the model is on, be it for audits only.
pub fn is_on() -> bool {
    MODE.load(Ordering::Relaxed) != OFF
}

/// Whether refusals are errors.
pub fn is_enforced() -> bool {
    MODE.load(Ordering::Relaxed) == ENFORCE
}

fn asks(question: impl FnOnce(&Policy) -> bool) -> bool {
    POLICY.read().unwrap_or_else(PoisonError::into_inner).as_ref().is_none_or(question)
}

/// Whether all of one kind is allowed.
pub fn allows(permission: Permission) -> bool {
    !is_on() || asks(|policy| policy.allows_all(permission))
}

/// Whether a path is allowed.
pub fn allows_path(permission: Permission, path: &[u8]) -> bool {
    if !is_on() {
        return true;
    }
    let path = normalize(path, &current_folder());
    asks(|policy| policy.allows_path(permission, &path))
}

/// As [`allows_path`], for what the loader looks at on its own account: an audit does not hide it.
pub fn hides(path: &str) -> bool {
    is_enforced() && !allows_path(Permission::FsRead, path.as_bytes())
}

/// Takes back a permission: all of it, or one path that was granted under this name.
pub fn drop_permission(permission: Permission, reference: Option<&[u8]>) {
    let cwd = current_folder();
    let mut policy = POLICY.write().unwrap_or_else(PoisonError::into_inner);
    let Some(policy) = policy.as_mut() else { return };
    match (policy.paths(permission).is_some(), reference) {
        (true, Some(reference)) => policy.paths_mut(permission).revoke(reference, &cwd),
        (true, None) => *policy.paths_mut(permission) = Paths::default(),
        (false, _) => policy.allowed.retain(|allowed| *allowed != permission),
    }
}

/// `listener(channel, permission, resource)` hears of what was refused on this thread.
pub fn set_listener(sc: &mut Scope<'_>, listener: Root) {
    env(sc).permission_listener.replace(Some(listener));
}

fn tell(sc: &mut Scope<'_>, permission: Permission, resource: &[u8]) -> Result<(), Thrown> {
    sc.nested(|sc| {
        let listener = env(sc).permission_listener.borrow().as_ref().map(|root| root.get(sc));
        let Some(listener) = listener else { return Ok(()) };
        let values = [sc.string(permission.channel()), sc.string(permission.name()), sc.string_utf8_lossy(resource)];
        let undefined = sc.undefined();
        sc.call(listener, undefined, &values).map(|_| ())
    })
}

/// Tells what `has` found missing: Node tells of questions, too.
pub fn tell_of_question(sc: &mut Scope<'_>, permission: Permission, resource: &[u8]) -> Result<(), Thrown> {
    tell(sc, permission, resource)
}

/// Throws ERR_ACCESS_DENIED unless all of one kind is allowed; `resource` is what it was wanted for.
///
/// # Errors
/// See above; the error has `permission` and `resource`.
pub fn require(sc: &mut Scope<'_>, permission: Permission, resource: &[u8]) -> Result<(), Thrown> {
    if !is_on() || asks(|policy| policy.allows_all(permission)) {
        return Ok(());
    }
    refuse(sc, permission, resource)
}

/// The path to use in place of `path`: the same, or, under a policy, its absolute form.
///
/// # Errors
/// ERR_ACCESS_DENIED, with `permission` and, as `resource`, the path as it was given.
pub fn require_path(sc: &mut Scope<'_>, permission: Permission, path: Vec<u8>) -> Result<Vec<u8>, Thrown> {
    if !is_on() {
        return Ok(path);
    }
    // The kernel refuses the empty path; here it would become the current folder.
    let absolute = if path.is_empty() { Vec::new() } else { normalize(&path, &current_folder()) };
    if !asks(|policy| policy.allows_path(permission, &absolute)) {
        refuse(sc, permission, &path)?;
    }
    if !is_enforced() || path.is_empty() {
        return Ok(path);
    }
    // A slash at the end says that it must be a folder.
    Ok(if path.ends_with(b"/") && absolute != b"/" { [absolute.as_slice(), b"/"].concat() } else { absolute })
}

/// Whether the network is refused: the answer of functions that return libuv's numbers is [`ACCESS_DENIED`] then.
///
/// # Errors
/// What a listener throws.
pub fn refuses_net(sc: &mut Scope<'_>, resource: &[u8]) -> Result<bool, Thrown> {
    if !is_on() || asks(|policy| policy.allows_all(Permission::Net)) {
        return Ok(false);
    }
    tell(sc, Permission::Net, resource)?;
    Ok(is_enforced())
}

/// Stands for ERR_ACCESS_DENIED among libuv's numbers, which end at -4095. `internal/errors` knows it.
pub const ACCESS_DENIED: i32 = -8000;

/// Throws unless both kinds of access are allowed everywhere: for what makes paths mean something else (links).
///
/// # Errors
/// ERR_ACCESS_DENIED that names `api`.
pub fn require_everything(sc: &mut Scope<'_>, api: &str) -> Result<(), Thrown> {
    if !is_enforced() || (allows(Permission::FsRead) && allows(Permission::FsWrite)) {
        return Ok(());
    }
    Err(throw_denied(sc, &format!("{api} API requires full fs.read and fs.write permissions.")))
}

/// Throws if the model is enforced: for what works on descriptors and would pass all checks of paths.
///
/// # Errors
/// ERR_ACCESS_DENIED that names `api`.
pub fn require_off(sc: &mut Scope<'_>, api: &str) -> Result<(), Thrown> {
    if !is_enforced() {
        return Ok(());
    }
    Err(throw_denied(sc, &format!("{api} API is disabled when Permission Model is enabled.")))
}

fn throw_denied(sc: &mut Scope<'_>, message: &str) -> Thrown {
    match denial(sc, message, "", b"") {
        Ok(error) => sc.throw(error),
        Err(thrown) => thrown,
    }
}

fn denial<'s>(sc: &mut Scope<'s>, message: &str, permission: &str, resource: &[u8]) -> Result<Local<'s>, Thrown> {
    let error = sc.make_error(ErrorClass::Error, message)?;
    let value = sc.string("ERR_ACCESS_DENIED");
    sc.set(error, "code", value)?;
    let value = sc.string(permission);
    sc.set(error, "permission", value)?;
    let value = sc.string_utf8_lossy(resource);
    sc.set(error, "resource", value)?;
    Ok(error)
}

/// What a refusal says.
#[must_use]
pub fn refusal(permission: Permission) -> String {
    format!("Access to this API has been restricted. Use {} to manage permissions.", permission.option())
}

fn refuse(sc: &mut Scope<'_>, permission: Permission, resource: &[u8]) -> Result<(), Thrown> {
    tell(sc, permission, resource)?;
    if !is_enforced() {
        return Ok(());
    }
    let error = denial(sc, &refusal(permission), permission.name(), resource)?;
    Err(sc.throw(error))
}

fn current_folder() -> Vec<u8> {
    // A folder that is gone has no paths in it.
    std::env::current_dir().map(|path| path.into_os_string().into_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Paths, normalize};

    #[track_caller]
    fn check(grants: &[&str], path: &str, want: bool) {
        let mut paths = Paths::default();
        for grant in grants {
            paths.grant(grant.as_bytes(), b"/home/user", |path| path.ends_with(b"dir"));
        }
        let path = normalize(path.as_bytes(), b"/home/user");
        assert_eq!(paths.covers(&path), want, "{grants:?} {path:?}");
    }

    #[test]
    fn grants() {
        check(&[], "/tmp/a", false);
        check(&["*"], "/tmp/a", true);
        check(&["/tmp/a"], "/tmp/a", true);
        check(&["/tmp/a"], "/tmp/a/b", false);
        check(&["/tmp/a"], "/tmp/ab", false);
        check(&["/tmp/dir"], "/tmp/dir", true);
        check(&["/tmp/dir"], "/tmp/dir/b/c", true);
        check(&["/tmp/dir"], "/tmp/dirx", false);
        check(&["/tmp/new/"], "/tmp/new/b", true);
        check(&["/tmp/new/"], "/tmp/newer", false);
        check(&["/tmp/t*"], "/tmp/test/x", true);
        check(&["/tmp/t*.js"], "/tmp/t.css", true);
        check(&["/tmp/t*"], "/tmp/a", false);
        check(&["/tmp/*"], "/tmp/x", true);
        check(&["/tmp/*"], "/tmpx", false);
        check(&["./a"], "/home/user/a", true);
        check(&["../a"], "/home/a", true);
        check(&["/tmp/dir"], "/tmp/dir/../secret", false);
        check(&["/tmp/dir"], "/tmp/dir/./x//y/../z", true);
        check(&["/"], "/etc/passwd", true);
        check(&["a"], "a", true);
    }

    #[test]
    fn taking_back() {
        let mut paths = Paths::default();
        paths.grant(b"/tmp/dir", b"/", |_| true);
        paths.revoke(b"/tmp/dir/inner", b"/");
        assert!(paths.covers(b"/tmp/dir/inner"));
        paths.revoke(b"/tmp/dir", b"/");
        assert!(!paths.covers(b"/tmp/dir"));
    }

    #[test]
    fn normal_forms() {
        for (path, want) in
            [("/", "/"), ("..", "/home"), ("/a/../../b", "/b"), ("/a//b/./c/", "/a/b/c"), ("x", "/home/user/x")]
        {
            assert_eq!(normalize(path.as_bytes(), b"/home/user"), want.as_bytes());
        }
    }
}
