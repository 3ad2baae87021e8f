//! Functions of the binding that move contents: read, write, and whole files.
//!
//! Synchronous calls work on the caller's memory. Asynchronous ones cannot lend it to another thread, so the
//! job reads into memory of its own that is copied on arrival, and writes a copy.

use anode_runtime::{Args, JsResult, Local, Root, Scope, ThrowSystem, Thrown, env};

use crate::answer::{Answer, Done, fd_arg, flag_arg, int_arg, internal, number_arg, path_arg, perform, refused};
use crate::ops::{self, Target};
use crate::whole::{self, Failure, Progress, Reading};

/// A position: negative means the current one.
fn position_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<Option<u64>, Thrown> {
    let position = number_arg(sc, args, index)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "non-negative; saturates")]
    Ok((position >= 0.0).then_some(position as u64))
}

fn size_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<usize, Thrown> {
    let size = number_arg(sc, args, index)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; slices are checked")]
    Ok(size as usize)
}

fn target_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<Target, Thrown> {
    if args.get(index).is_number() {
        return Ok(Target::Fd(fd_arg(sc, args, index)?));
    }
    path_arg(sc, args, index).map(Target::Path)
}

/// The target to use, if the permission model grants opening it with `flags`. Descriptors were checked when they were opened.
fn granted_target(sc: &mut Scope<'_>, target: Target, flags: i32) -> Result<Target, Thrown> {
    match target {
        Target::Fd(fd) => Ok(Target::Fd(fd)),
        Target::Path(path) => crate::for_opening(sc, path, flags).map(Target::Path),
    }
}

/// The part of `bytes` from `offset` on, at most `length` long; shorter if the buffer shrank.
fn part(bytes: &[u8], offset: usize, length: usize) -> &[u8] {
    let rest = bytes.get(offset..).unwrap_or_default();
    rest.get(..length).unwrap_or(rest)
}

fn part_mut(bytes: &mut [u8], offset: usize, length: usize) -> &mut [u8] {
    let rest = bytes.get_mut(offset..).unwrap_or_default();
    let length = length.min(rest.len());
    rest.get_mut(..length).unwrap_or_default()
}

/// `read(fd, view, offset, length, position, done)`: the number of bytes read.
pub fn read<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let view = args.get(1);
    let (offset, length) = (size_arg(sc, args, 2)?, size_arg(sc, args, 3)?);
    let position = position_arg(sc, args, 4)?;
    let done = args.get(5);
    if !done.is_function() {
        let count = sc.with_bytes_mut(view, |bytes| ops::read(fd, part_mut(bytes, offset, length), position));
        return match count {
            Some(Ok(count)) => Ok(count.into_value(sc)?.unwrap_or(sc.undefined())),
            Some(Err(error)) => Err(sc.throw_system(&error)),
            None => Err(internal(sc, "a buffer")),
        };
    }
    // Never more than the view has: the length is the program's.
    let length = length.min(sc.byte_length(view).unwrap_or(0).saturating_sub(offset));
    let (done, view) = (Done::new(sc, done), Root::new(sc, view));
    env(sc).run_in_pool(
        move || ops::read_vec(fd, length, position),
        move |sc, outcome| match outcome {
            Ok(read) => {
                let view = view.get(sc);
                scatter(sc, &[view], offset, &read);
                done.succeed(sc, read.len())
            }
            Err(error) => done.fail(sc, &error),
        },
    );
    Ok(sc.undefined())
}

/// Copies `read` into the views, one after the other; `offset` counts in the first. What does not fit any more is dropped.
fn scatter(sc: &mut Scope<'_>, views: &[Local<'_>], mut offset: usize, mut read: &[u8]) {
    for view in views {
        let taken = sc.with_bytes_mut(*view, |bytes| {
            let room = part_mut(bytes, offset, read.len());
            let count = room.len();
            if let Some(head) = read.get(..count) {
                room.copy_from_slice(head);
            }
            count
        });
        offset = 0;
        read = read.get(taken.unwrap_or(0)..).unwrap_or_default();
    }
}

/// All views one after the other.
fn gather(sc: &mut Scope<'_>, views: &[Local<'_>]) -> Vec<u8> {
    let mut all = Vec::new();
    for view in views {
        sc.with_bytes(*view, |bytes| all.extend_from_slice(bytes));
    }
    all
}

/// `readv(fd, views, position, done)`: the number of bytes read.
pub fn readv<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let views = sc.array_items(args.get(1))?;
    let position = position_arg(sc, args, 2)?;
    let done = args.get(3);
    let length = views.iter().map(|view| sc.byte_length(*view).unwrap_or(0)).sum();
    let empty = views.is_empty();
    let job = move || {
        if empty {
            // readv(2) refuses an empty list.
            return Err(ops::on_fd("read")(rustix::io::Errno::INVAL));
        }
        ops::read_vec(fd, length, position)
    };
    if !done.is_function() {
        let read = job().map_err(|error| sc.throw_system(&error))?;
        scatter(sc, &views, 0, &read);
        return Ok(read.len().into_value(sc)?.unwrap_or(sc.undefined()));
    }
    let roots: Vec<Root> = views.iter().map(|view| Root::new(sc, *view)).collect();
    let done = Done::new(sc, done);
    env(sc).run_in_pool(job, move |sc, outcome: ops::Outcome<Vec<u8>>| match outcome {
        Ok(read) => {
            let views: Vec<Local<'_>> = roots.iter().map(|root| root.get(sc)).collect();
            scatter(sc, &views, 0, &read);
            done.succeed(sc, read.len())
        }
        Err(error) => done.fail(sc, &error),
    });
    Ok(sc.undefined())
}

/// `write(fd, view, offset, length, position, done)`: the number of bytes written.
pub fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let view = args.get(1);
    let (offset, length) = (size_arg(sc, args, 2)?, size_arg(sc, args, 3)?);
    let position = position_arg(sc, args, 4)?;
    let done = args.get(5);
    if !done.is_function() {
        let count = sc.with_bytes(view, |bytes| ops::write(fd, part(bytes, offset, length), position));
        return match count {
            Some(Ok(count)) => Ok(count.into_value(sc)?.unwrap_or(sc.undefined())),
            Some(Err(error)) => Err(sc.throw_system(&error)),
            None => Err(internal(sc, "a buffer")),
        };
    }
    match sc.with_bytes(view, |bytes| part(bytes, offset, length).to_vec()) {
        Some(copy) => perform(sc, done, move || ops::write(fd, &copy, position)),
        None => Err(internal(sc, "a buffer")),
    }
}

/// `writeString(fd, text, position, done)`: the number of bytes written, as UTF-8.
pub fn write_string<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let text = sc.to_string(args.get(1))?;
    let position = position_arg(sc, args, 2)?;
    perform(sc, args.get(3), move || ops::write(fd, text.as_bytes(), position))
}

/// `writev(fd, views, position, done)`: the number of bytes written.
pub fn writev<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let views = sc.array_items(args.get(1))?;
    let position = position_arg(sc, args, 2)?;
    let all = gather(sc, &views);
    perform(sc, args.get(3), move || ops::write(fd, &all, position))
}

/// The contents of a file as a value: text, or bytes in an ArrayBuffer.
struct Contents {
    bytes: Vec<u8>,
    text: bool,
}

impl Answer for Contents {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        if !self.text {
            return sc.array_buffer(self.bytes).map(Some);
        }
        // Every UTF-8 sequence has at most as many UTF-16 units as bytes, and at least a third.
        if !Scope::string_fits(self.bytes.len()) && !Scope::string_fits(units_of(&self.bytes)) {
            return Err(too_long(sc));
        }
        Ok(Some(sc.string_utf8_lossy(&self.bytes)))
    }
}

fn units_of(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).encode_utf16().count()
}

/// Node docs: ERR_STRING_TOO_LONG.
fn too_long(sc: &mut Scope<'_>) -> Thrown {
    with_code(sc, "ERR_STRING_TOO_LONG", "Cannot create a string longer than 0x3ffffffe characters", false)
}

/// Node docs: ERR_FS_FILE_TOO_LARGE.
fn too_large(sc: &mut Scope<'_>, size: u64) -> Thrown {
    with_code(sc, "ERR_FS_FILE_TOO_LARGE", &format!("File size ({size}) is greater than 2 GiB"), true)
}

fn with_code(sc: &mut Scope<'_>, code: &str, message: &str, range: bool) -> Thrown {
    let thrown = if range { sc.throw_range_error(message) } else { sc.throw_error(message) };
    match sc.catch(thrown) {
        Some(error) => {
            let value = sc.string(code);
            match sc.set(error, "code", value) {
                Ok(()) => sc.throw(error),
                Err(thrown) => thrown,
            }
        }
        None => sc.terminated(),
    }
}

fn throw_failure(sc: &mut Scope<'_>, failure: &Failure) -> Thrown {
    match failure {
        Failure::System(error) => sc.throw_system(error),
        Failure::TooLarge(size) => too_large(sc, *size),
    }
}

/// `readFile(path or fd, flags, text, done)`: all of a file.
///
/// A file above [`whole::CHUNK_BYTES`] takes a turn in the pool per chunk, so that one large file cannot
/// starve small requests. Node docs: fs.readFile, "Performance considerations".
pub fn read_file<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let target = target_arg(sc, args, 0)?;
    let flags = int_arg(sc, args, 1)?;
    let text = flag_arg(args, 2);
    let done = args.get(3);
    let target = match granted_target(sc, target, flags) {
        Ok(target) => target,
        Err(thrown) => return refused(sc, done, thrown),
    };
    if !done.is_function() {
        return match whole::read_file(target, flags) {
            Ok(bytes) => Ok(Contents { bytes, text }.into_value(sc)?.unwrap_or(sc.undefined())),
            Err(failure) => Err(throw_failure(sc, &failure)),
        };
    }
    let done = Done::new(sc, done);
    env(sc).run_in_pool(
        move || Reading::start(target, flags).and_then(whole::read_some),
        move |sc, outcome| read_on(sc, outcome, done, text),
    );
    Ok(sc.undefined())
}

/// After a turn in the pool: calls back, or asks for the next turn.
fn read_on(sc: &mut Scope<'_>, outcome: Result<Progress, Failure>, done: Done, text: bool) -> Result<(), Thrown> {
    match outcome {
        Ok(Progress::Done(bytes)) => done.succeed(sc, Contents { bytes, text }),
        Ok(Progress::More(reading)) => {
            env(sc).run_in_pool(move || whole::read_some(reading), move |sc, outcome| read_on(sc, outcome, done, text));
            Ok(())
        }
        Err(failure) => {
            let thrown = throw_failure(sc, &failure);
            done.fail_pending(sc, thrown)
        }
    }
}

/// `writeFile(path or fd, data, flags, mode, flush, done)`; `data` is text (written as UTF-8) or a view.
pub fn write_file<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let target = target_arg(sc, args, 0)?;
    let data = args.get(1);
    let flags = int_arg(sc, args, 2)?;
    let Some(mode) = args.get(3).as_u32() else { return Err(internal(sc, "a mode")) };
    let flush = flag_arg(args, 4);
    let done = args.get(5);
    let target = match granted_target(sc, target, flags) {
        Ok(target) => target,
        Err(thrown) => return refused(sc, done, thrown),
    };
    if let Some(text) = sc.as_string(data) {
        return perform(sc, done, move || ops::write_file(&target, text.as_bytes(), flags, mode, flush));
    }
    if done.is_function() {
        let Some(copy) = sc.copy_bytes(data) else { return Err(internal(sc, "data")) };
        return perform(sc, done, move || ops::write_file(&target, &copy, flags, mode, flush));
    }
    match sc.with_bytes(data, |bytes| ops::write_file(&target, bytes, flags, mode, flush)) {
        Some(Ok(())) => Ok(sc.undefined()),
        Some(Err(error)) => Err(sc.throw_system(&error)),
        None => Err(internal(sc, "data")),
    }
}
