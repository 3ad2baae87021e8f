//! Binding of `node:fs`: what `js/` cannot do itself.
//!
//! Every function takes a completion callback as its last argument. Without one (`undefined`) the operation
//! runs at once and returns or throws; with one it runs in the pool, and `callback(error)` or
//! `callback(null, value)` follows. Both run the same function of [`ops`], [`tree`] or [`whole`], so errors are the same.
//! Arguments were checked in JavaScript; nonsense is `ERR_INTERNAL_ASSERTION`.
//! **Invariant:** a job owns bytes and paths; no value of the engine leaves its thread.

#![forbid(unsafe_code)]

mod answer;
mod bytes;
mod ops;
mod tree;
mod unmanaged;
mod watch;
mod whole;

use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};

use answer::{
    Bare, FirstMade, Name, Names, Slots, fd_arg, fill_slots, flag_arg, int_arg, internal, number_arg, path_arg,
    perform, refused,
};

/// Leaves the function unless the permission model grants the paths; from then on they are the ones it checked. Whether
/// `done` hears of it, or the call throws, differs from function to function as it does in Node.
macro_rules! granted {
    ($sc:expr, $done:expr, $($path:ident: [$($kind:ident),+]),+) => {
        $(let $path = match grant($sc, $path, &[$(Permission::$kind),+]) {
            Ok(path) => path,
            Err(thrown) => {
                let done = $done;
                return refused($sc, done, thrown);
            }
        };)+
    };
}

/// The binding's table.
pub static BUILTIN: Builtin = Builtin {
    name: "fs",
    functions: &[
        ("access", access),
        ("chmod", chmod),
        ("chown", chown),
        ("close", close),
        ("closedir", closedir),
        ("copyFile", copy_file),
        ("exists", exists),
        ("fchmod", fchmod),
        ("fchown", fchown),
        ("fdatasync", fdatasync),
        ("fstat", fstat),
        ("fsync", fsync),
        ("ftruncate", ftruncate),
        ("futimes", futimes),
        ("lchown", lchown),
        ("link", link),
        ("lstat", lstat),
        ("lutimes", lutimes),
        ("mkdir", mkdir),
        ("mkdtemp", mkdtemp),
        ("noteFd", unmanaged::note),
        ("open", open),
        ("opendir", opendir),
        ("read", bytes::read),
        ("readDirEntries", read_dir_entries),
        ("readFile", bytes::read_file),
        ("readdir", readdir),
        ("readlink", readlink),
        ("readv", bytes::readv),
        ("realpath", realpath),
        ("removeTree", remove_tree),
        ("rename", rename),
        ("rmdir", rmdir),
        ("sleep", sleep),
        ("stat", stat),
        ("statfs", statfs),
        ("symlink", symlink),
        ("trackFds", unmanaged::track),
        ("truncate", truncate),
        ("unlink", unlink),
        ("utimes", utimes),
        ("watchClose", watch::close),
        ("watchOpen", watch::open),
        ("watchRef", watch::set_ref),
        ("write", bytes::write),
        ("writeFile", bytes::write_file),
        ("writeString", bytes::write_string),
        ("writev", bytes::writev),
    ],
    init: Some(init),
};

/// Once per process: what has to hold before anything is written.
fn init(_sc: &mut Scope<'_>, _target: Local<'_>) -> Result<(), Thrown> {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(anode_runtime::event_loop::fd::size_limit_is_error);
    Ok(())
}

/// The path to use, if all of `kinds` are granted.
pub(crate) fn grant(sc: &mut Scope<'_>, path: Vec<u8>, kinds: &[Permission]) -> Result<Vec<u8>, Thrown> {
    if !permission::is_on() {
        return Ok(path);
    }
    let mut granted = path.clone();
    for kind in kinds {
        granted = permission::require_path(sc, *kind, path.clone())?;
    }
    Ok(granted)
}

/// The path to open with `flags`, if what they are for is granted.
pub(crate) fn for_opening(sc: &mut Scope<'_>, path: Vec<u8>, flags: i32) -> Result<Vec<u8>, Thrown> {
    use rustix::fs::OFlags;
    let flags = OFlags::from_bits_retain(flags.cast_unsigned());
    let access = flags & OFlags::ACCMODE;
    let changes = flags
        .intersects(OFlags::APPEND | OFlags::CREATE | OFlags::TRUNC | OFlags::TMPFILE.difference(OFlags::DIRECTORY));
    let writes = access != OFlags::RDONLY || changes;
    // O_PATH looks like O_RDONLY; access mode 3 is for ioctl(2) on what may be neither read nor written.
    let reads = access != OFlags::WRONLY;
    let kinds: &[Permission] = match (reads, writes) {
        (true, true) => &[Permission::FsRead, Permission::FsWrite],
        (true, false) => &[Permission::FsRead],
        (false, _) => &[Permission::FsWrite],
    };
    grant(sc, path, kinds)
}

/// The prefix to use for a temporary folder; Node shows it with the characters that will be replaced.
fn for_temporary(sc: &mut Scope<'_>, prefix: Vec<u8>) -> Result<Vec<u8>, Thrown> {
    if !permission::is_on() {
        return Ok(prefix);
    }
    let mut path = grant(sc, [prefix.as_slice(), b"XXXXXX"].concat(), &[Permission::FsWrite])?;
    path.truncate(path.len().saturating_sub(b"XXXXXX".len()));
    Ok(path)
}

/// `access(path, mode, done)`
fn access<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, int_arg(sc, args, 1)?);
    granted!(sc, args.get(2), path: [FsRead]);
    perform(sc, args.get(2), move || ops::access(&path, mode))
}

/// `exists(path)`: only ever synchronous.
fn exists<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, sc.undefined(), path: [FsRead]);
    Ok(sc.boolean(ops::exists(&path)))
}

/// `open(path, flags, mode, done)`: a descriptor.
fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (flags, mode) = (int_arg(sc, args, 1)?, mode_arg(sc, args, 2)?);
    let path = match for_opening(sc, path, flags) {
        Ok(path) => path,
        Err(thrown) => return refused(sc, args.get(3), thrown),
    };
    perform(sc, args.get(3), move || ops::open(&path, flags, mode))
}

/// `close(fd, done)`
fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    perform(sc, args.get(1), move || ops::close(fd))
}

/// `stat(path, bigint, slots, quiet, done)`: fills `slots` and returns true, or false if `quiet` and nothing is there;
/// asynchronously an ArrayBuffer of slots.
fn stat<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, args.get(4), path: [FsRead]);
    let bigint = flag_arg(args, 1);
    if args.get(4).is_function() {
        return perform(sc, args.get(4), move || ops::stat(&path).map(|slots| Slots { slots, bigint }));
    }
    let outcome = ops::stat(&path);
    fill_slots(sc, args, bigint, outcome)
}

/// `lstat(path, bigint, slots, quiet, done)`: as [`stat`].
fn lstat<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, args.get(4), path: [FsRead]);
    let bigint = flag_arg(args, 1);
    if args.get(4).is_function() {
        return perform(sc, args.get(4), move || ops::lstat(&path).map(|slots| Slots { slots, bigint }));
    }
    let outcome = ops::lstat(&path);
    fill_slots(sc, args, bigint, outcome)
}

/// `fstat(fd, bigint, slots, quiet, done)`: as [`stat`].
fn fstat<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let bigint = flag_arg(args, 1);
    if args.get(4).is_function() {
        return perform(sc, args.get(4), move || ops::fstat(fd).map(|slots| Slots { slots, bigint }));
    }
    let outcome = ops::fstat(fd);
    fill_slots(sc, args, bigint, outcome)
}

/// `statfs(path, bigint, done)`: an ArrayBuffer of eight slots.
fn statfs<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let bigint = flag_arg(args, 1);
    granted!(sc, args.get(2), path: [FsRead]);
    perform(sc, args.get(2), move || ops::statfs(&path).map(|slots| Slots { slots, bigint }))
}

/// A mode: an unsigned 32-bit number.
fn mode_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<u32, Thrown> {
    args.get(index).as_u32().ok_or_else(|| internal(sc, "a mode"))
}

/// `chmod(path, mode, done)`
fn chmod<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    granted!(sc, sc.undefined(), path: [FsWrite]);
    perform(sc, args.get(2), move || ops::chmod(&path, mode))
}

/// `fchmod(fd, mode, done)`
fn fchmod<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, mode) = (fd_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    if let Err(thrown) = permission::require_off(sc, "fchmod") {
        return refused(sc, args.get(2), thrown);
    }
    perform(sc, args.get(2), move || ops::fchmod(fd, mode))
}

/// Two numbers: ids or times.
fn pair_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<(f64, f64), Thrown> {
    Ok((number_arg(sc, args, index)?, number_arg(sc, args, index + 1)?))
}

/// `chown(path, uid, gid, done)`
fn chown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (uid, gid)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    granted!(sc, args.get(3), path: [FsWrite]);
    perform(sc, args.get(3), move || ops::chown(&path, uid, gid))
}

/// `lchown(path, uid, gid, done)`
fn lchown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (uid, gid)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    granted!(sc, args.get(3), path: [FsWrite]);
    perform(sc, args.get(3), move || ops::lchown(&path, uid, gid))
}

/// `fchown(fd, uid, gid, done)`
fn fchown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, (uid, gid)) = (fd_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    if let Err(thrown) = permission::require_off(sc, "fchown") {
        return refused(sc, args.get(3), thrown);
    }
    perform(sc, args.get(3), move || ops::fchown(fd, uid, gid))
}

/// `utimes(path, atime, mtime, done)`: seconds.
fn utimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (atime, mtime)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    granted!(sc, sc.undefined(), path: [FsWrite]);
    perform(sc, args.get(3), move || ops::utimes(&path, atime, mtime))
}

/// `lutimes(path, atime, mtime, done)`: seconds.
fn lutimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (atime, mtime)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    granted!(sc, sc.undefined(), path: [FsWrite]);
    perform(sc, args.get(3), move || ops::lutimes(&path, atime, mtime))
}

/// `futimes(fd, atime, mtime, done)`: seconds.
fn futimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, (atime, mtime)) = (fd_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    if let Err(thrown) = permission::require_off(sc, "futimes") {
        return refused(sc, args.get(3), thrown);
    }
    perform(sc, args.get(3), move || ops::futimes(fd, atime, mtime))
}

/// A length in bytes: what JavaScript has checked to be a non-negative integer.
fn length_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<u64, Thrown> {
    let length = number_arg(sc, args, index)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a non-negative integer")]
    Ok(length as u64)
}

/// `truncate(path, flags, length, done)`
fn truncate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (flags, length) = (int_arg(sc, args, 1)?, length_arg(sc, args, 2)?);
    granted!(sc, args.get(3), path: [FsRead, FsWrite]);
    perform(sc, args.get(3), move || ops::truncate(&path, flags, length))
}

/// `ftruncate(fd, length, done)`
fn ftruncate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, length) = (fd_arg(sc, args, 0)?, length_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::ftruncate(fd, length))
}

/// `fsync(fd, done)`
fn fsync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    if let Err(thrown) = permission::require_off(sc, "fsync") {
        return refused(sc, args.get(1), thrown);
    }
    perform(sc, args.get(1), move || ops::fsync(fd))
}

/// `fdatasync(fd, done)`
fn fdatasync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    if let Err(thrown) = permission::require_off(sc, "fdatasync") {
        return refused(sc, args.get(1), thrown);
    }
    perform(sc, args.get(1), move || ops::fdatasync(fd))
}

/// `link(existing, new, done)`
fn link<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (existing, new) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    granted!(sc, args.get(2), existing: [FsRead, FsWrite], new: [FsWrite]);
    perform(sc, args.get(2), move || ops::link(&existing, &new))
}

/// `symlink(target, path, done)`
fn symlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (target, path) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    if let Err(thrown) = permission::require_everything(sc, "fs.symlink") {
        return refused(sc, args.get(2), thrown);
    }
    perform(sc, args.get(2), move || ops::symlink(&target, &path))
}

/// `rename(old, new, done)`
fn rename<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (old, new) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    granted!(sc, args.get(2), old: [FsRead, FsWrite], new: [FsWrite]);
    perform(sc, args.get(2), move || ops::rename(&old, &new))
}

/// `unlink(path, done)`
fn unlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, args.get(1), path: [FsWrite]);
    perform(sc, args.get(1), move || ops::unlink(&path))
}

/// `rmdir(path, done)`
fn rmdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, sc.undefined(), path: [FsWrite]);
    perform(sc, args.get(1), move || ops::rmdir(&path))
}

/// `readlink(path, raw, done)`: text, or bytes if `raw`.
fn readlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let raw = flag_arg(args, 1);
    granted!(sc, sc.undefined(), path: [FsRead]);
    perform(sc, args.get(2), move || ops::readlink(&path).map(|bytes| Name { bytes, raw }))
}

/// `realpath(path, walk, raw, done)`; see [`ops::realpath`].
fn realpath<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (walk, raw) = (flag_arg(args, 1), flag_arg(args, 2));
    // As in Node, a walk on the spot is not asked about: it tells what links mean, not what files hold.
    let path = if walk && args.get(3).is_undefined() {
        path
    } else {
        granted!(sc, args.get(3), path: [FsRead]);
        path
    };
    perform(sc, args.get(3), move || ops::realpath(&path, walk).map(|bytes| Name { bytes, raw }))
}

/// `mkdir(path, mode, recursive, done)`: the first directory made, if `recursive` and there was one.
fn mkdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    granted!(sc, sc.undefined(), path: [FsWrite]);
    if flag_arg(args, 2) {
        return perform(sc, args.get(3), move || ops::mkdir_all(&path, mode).map(FirstMade));
    }
    perform(sc, args.get(3), move || ops::mkdir(&path, mode))
}

/// `mkdtemp(prefix, raw, done)`
fn mkdtemp<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let prefix = path_arg(sc, args, 0)?;
    let raw = flag_arg(args, 1);
    let prefix = match for_temporary(sc, prefix) {
        Ok(prefix) => prefix,
        Err(thrown) => return refused(sc, args.get(2), thrown),
    };
    perform(sc, args.get(2), move || ops::mkdtemp(&prefix).map(|bytes| Name { bytes, raw }))
}

/// `readdir(path, raw, types, done)`: names, or `[names, types]`.
fn readdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (raw, types) = (flag_arg(args, 1), flag_arg(args, 2));
    granted!(sc, args.get(3), path: [FsRead]);
    if types {
        return perform(sc, args.get(3), move || tree::readdir(&path, true).map(|listing| Names { listing, raw }));
    }
    perform(sc, args.get(3), move || tree::readdir(&path, false).map(|listing| Bare(Names { listing, raw })))
}

/// `opendir(path, done)`: a number for the two below.
fn opendir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, args.get(1), path: [FsRead]);
    perform(sc, args.get(1), move || tree::opendir(&path))
}

fn id_arg(sc: &mut Scope<'_>, value: Local<'_>) -> Result<u32, Thrown> {
    value.as_u32().ok_or_else(|| internal(sc, "the number of a directory"))
}

/// `readDirEntries(id, count, raw, done)`: `[names, types]`, empty at the end.
fn read_dir_entries<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (id, count) = (id_arg(sc, args.get(0))?, id_arg(sc, args.get(1))?);
    let raw = flag_arg(args, 2);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    perform(sc, args.get(3), move || tree::read_entries(id, count).map(|listing| Names { listing, raw }))
}

/// `closedir(id, done)`
fn closedir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = id_arg(sc, args.get(0))?;
    perform(sc, args.get(1), move || tree::closedir(id))
}

/// `removeTree(path, done)`
fn remove_tree<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    granted!(sc, args.get(1), path: [FsWrite]);
    perform(sc, args.get(1), move || tree::remove_tree(&path))
}

/// `copyFile(src, dest, mode, done)`
fn copy_file<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (src, dest, mode) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?, int_arg(sc, args, 2)?);
    granted!(sc, args.get(3), src: [FsRead], dest: [FsWrite]);
    perform(sc, args.get(3), move || tree::copy_file(&src, &dest, mode))
}

/// `sleep(ms)`: blocks this thread. For the retries of synchronous calls, which have no other way to wait.
fn sleep<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some(ms) = args.get(0).as_u32() else { return Err(internal(sc, "milliseconds")) };
    std::thread::sleep(std::time::Duration::from_millis(u64::from(ms)));
    Ok(sc.undefined())
}
