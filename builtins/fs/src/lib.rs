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
mod watch;
mod whole;

use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};

use answer::{
    Bare, FirstMade, Name, Names, Slots, fd_arg, fill_slots, flag_arg, int_arg, internal, number_arg, path_arg, perform,
};

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

/// `access(path, mode, done)`
fn access<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, int_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::access(&path, mode))
}

/// `exists(path)`: only ever synchronous.
fn exists<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    Ok(sc.boolean(ops::exists(&path)))
}

/// `open(path, flags, mode, done)`: a descriptor.
fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (flags, mode) = (int_arg(sc, args, 1)?, mode_arg(sc, args, 2)?);
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
    perform(sc, args.get(2), move || ops::statfs(&path).map(|slots| Slots { slots, bigint }))
}

/// A mode: an unsigned 32-bit number.
fn mode_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<u32, Thrown> {
    args.get(index).as_u32().ok_or_else(|| internal(sc, "a mode"))
}

/// `chmod(path, mode, done)`
fn chmod<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::chmod(&path, mode))
}

/// `fchmod(fd, mode, done)`
fn fchmod<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, mode) = (fd_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::fchmod(fd, mode))
}

/// Two numbers: ids or times.
fn pair_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<(f64, f64), Thrown> {
    Ok((number_arg(sc, args, index)?, number_arg(sc, args, index + 1)?))
}

/// `chown(path, uid, gid, done)`
fn chown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (uid, gid)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    perform(sc, args.get(3), move || ops::chown(&path, uid, gid))
}

/// `lchown(path, uid, gid, done)`
fn lchown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (uid, gid)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    perform(sc, args.get(3), move || ops::lchown(&path, uid, gid))
}

/// `fchown(fd, uid, gid, done)`
fn fchown<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, (uid, gid)) = (fd_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    perform(sc, args.get(3), move || ops::fchown(fd, uid, gid))
}

/// `utimes(path, atime, mtime, done)`: seconds.
fn utimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (atime, mtime)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    perform(sc, args.get(3), move || ops::utimes(&path, atime, mtime))
}

/// `lutimes(path, atime, mtime, done)`: seconds.
fn lutimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, (atime, mtime)) = (path_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
    perform(sc, args.get(3), move || ops::lutimes(&path, atime, mtime))
}

/// `futimes(fd, atime, mtime, done)`: seconds.
fn futimes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (fd, (atime, mtime)) = (fd_arg(sc, args, 0)?, pair_arg(sc, args, 1)?);
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
    perform(sc, args.get(1), move || ops::fsync(fd))
}

/// `fdatasync(fd, done)`
fn fdatasync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    perform(sc, args.get(1), move || ops::fdatasync(fd))
}

/// `link(existing, new, done)`
fn link<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (existing, new) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::link(&existing, &new))
}

/// `symlink(target, path, done)`
fn symlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (target, path) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::symlink(&target, &path))
}

/// `rename(old, new, done)`
fn rename<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (old, new) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?);
    perform(sc, args.get(2), move || ops::rename(&old, &new))
}

/// `unlink(path, done)`
fn unlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    perform(sc, args.get(1), move || ops::unlink(&path))
}

/// `rmdir(path, done)`
fn rmdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    perform(sc, args.get(1), move || ops::rmdir(&path))
}

/// `readlink(path, raw, done)`: text, or bytes if `raw`.
fn readlink<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let raw = flag_arg(args, 1);
    perform(sc, args.get(2), move || ops::readlink(&path).map(|bytes| Name { bytes, raw }))
}

/// `realpath(path, walk, raw, done)`; see [`ops::realpath`].
fn realpath<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (walk, raw) = (flag_arg(args, 1), flag_arg(args, 2));
    perform(sc, args.get(3), move || ops::realpath(&path, walk).map(|bytes| Name { bytes, raw }))
}

/// `mkdir(path, mode, recursive, done)`: the first directory made, if `recursive` and there was one.
fn mkdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (path, mode) = (path_arg(sc, args, 0)?, mode_arg(sc, args, 1)?);
    if flag_arg(args, 2) {
        return perform(sc, args.get(3), move || ops::mkdir_all(&path, mode).map(FirstMade));
    }
    perform(sc, args.get(3), move || ops::mkdir(&path, mode))
}

/// `mkdtemp(prefix, raw, done)`
fn mkdtemp<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let prefix = path_arg(sc, args, 0)?;
    let raw = flag_arg(args, 1);
    perform(sc, args.get(2), move || ops::mkdtemp(&prefix).map(|bytes| Name { bytes, raw }))
}

/// `readdir(path, raw, types, done)`: names, or `[names, types]`.
fn readdir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let (raw, types) = (flag_arg(args, 1), flag_arg(args, 2));
    if types {
        return perform(sc, args.get(3), move || tree::readdir(&path, true).map(|listing| Names { listing, raw }));
    }
    perform(sc, args.get(3), move || tree::readdir(&path, false).map(|listing| Bare(Names { listing, raw })))
}

/// `opendir(path, done)`: a number for the two below.
fn opendir<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
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
    perform(sc, args.get(1), move || tree::remove_tree(&path))
}

/// `copyFile(src, dest, mode, done)`
fn copy_file<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (src, dest, mode) = (path_arg(sc, args, 0)?, path_arg(sc, args, 1)?, int_arg(sc, args, 2)?);
    perform(sc, args.get(3), move || tree::copy_file(&src, &dest, mode))
}

/// `sleep(ms)`: blocks this thread. For the retries of synchronous calls, which have no other way to wait.
fn sleep<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let Some(ms) = args.get(0).as_u32() else { return Err(internal(sc, "milliseconds")) };
    std::thread::sleep(std::time::Duration::from_millis(u64::from(ms)));
    Ok(sc.undefined())
}
