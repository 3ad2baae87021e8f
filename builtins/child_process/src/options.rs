//! The options of a start, read from the object that JavaScript prepared.

use anode_net::StreamHandle;
use anode_runtime::event_loop::{Errno, SpawnOptions, StdioSpec, fd};
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Local, Scope, Thrown};
use std::os::fd::AsRawFd as _;
use std::rc::Rc;

/// What our side does with a descriptor of the child.
pub(crate) struct PipePlan<'s> {
    /// The handle object that gets our end.
    pub(crate) object: Local<'s>,
    pub(crate) handle: Option<Rc<StreamHandle>>,
    /// Bytes to write; synchronous starts only.
    pub(crate) input: Option<Vec<u8>>,
    /// The child reads from it.
    pub(crate) readable: bool,
    /// The child writes to it.
    pub(crate) writable: bool,
}

/// The options, and a plan for each descriptor that is a pipe.
pub(crate) struct Plan<'s> {
    pub(crate) options: SpawnOptions,
    pub(crate) pipes: Vec<Option<PipePlan<'s>>>,
}

fn bytes_list(sc: &mut Scope<'_>, array: Local<'_>) -> Result<Vec<Vec<u8>>, Thrown> {
    let mut list = Vec::new();
    for index in 0..sc.array_length(array) {
        let item = sc.get_index(array, index)?;
        list.push(sc.to_utf8(item)?);
    }
    Ok(list)
}

/// Reads `file`, `args`, `cwd`, `envPairs`, `detached`, `uid`, `gid` and `stdio`: entries with a `type` of `ignore`, `inherit`
/// or `fd` (`fd`), `wrap` or `pipe` (`handle`).
pub(crate) fn read<'s>(sc: &mut Scope<'s>, options: Local<'s>) -> Result<Result<Plan<'s>, Errno>, Thrown> {
    let mut out = SpawnOptions::default();
    let file = sc.get(options, "file")?;
    out.program = sc.to_utf8(file)?;
    permission::require(sc, Permission::ChildProcess, &out.program)?;
    let args = sc.get(options, "args")?;
    out.args = if args.is_object() { bytes_list(sc, args)? } else { vec![out.program.clone()] };
    let cwd = sc.get(options, "cwd")?;
    if !cwd.is_nullish() {
        let cwd = sc.to_utf8(cwd)?;
        out.cwd = (!cwd.is_empty()).then_some(cwd);
    }
    let pairs = sc.get(options, "envPairs")?;
    if pairs.is_object() {
        out.env = Some(bytes_list(sc, pairs)?);
    }
    let detached = sc.get(options, "detached")?;
    out.detached = detached.is_true();
    // Ids travel as 32-bit numbers: a negative one is the same bits, as in setuid(2).
    let uid = sc.get(options, "uid")?;
    out.uid = uid.as_i64().map(|id| id as u32);
    let gid = sc.get(options, "gid")?;
    out.gid = gid.as_i64().map(|id| id as u32);

    let stdio = sc.get(options, "stdio")?;
    let mut pipes = Vec::new();
    for index in 0..sc.array_length(stdio) {
        let entry = sc.get_index(stdio, index)?;
        let (spec, pipe) = match stdio_entry(sc, entry)? {
            Ok(parts) => parts,
            Err(errno) => return Ok(Err(errno)),
        };
        out.stdio.push(spec);
        pipes.push(pipe);
    }
    Ok(Ok(Plan { options: out, pipes }))
}

type Entry<'s> = (StdioSpec, Option<PipePlan<'s>>);

fn stdio_entry<'s>(sc: &mut Scope<'s>, entry: Local<'s>) -> Result<Result<Entry<'s>, Errno>, Thrown> {
    let kind = sc.get(entry, "type")?;
    let kind = sc.to_string(kind)?;
    let handle_object = sc.get(entry, "handle")?;
    match kind.as_str() {
        "ignore" => Ok(Ok((StdioSpec::Ignore, None))),
        "pipe" | "overlapped" => {
            let handle = sc.native_data::<StreamHandle>(handle_object);
            let input = sc.get(entry, "input")?;
            let input = sc.copy_bytes(input);
            let readable = sc.get(entry, "readable")?.is_true();
            let writable = sc.get(entry, "writable")?.is_true();
            Ok(Ok((StdioSpec::Pipe, Some(PipePlan { object: handle_object, handle, input, readable, writable }))))
        }
        "wrap" => {
            let number = match sc.native_data::<StreamHandle>(handle_object) {
                Some(handle) => handle.fileno(sc),
                None => sc.get(handle_object, "fd")?.as_i32(),
            };
            Ok(number.ok_or(Errno::BADF).and_then(copy))
        }
        _ => {
            let number = sc.get(entry, "fd")?.as_i32().unwrap_or(-1);
            Ok(copy(number))
        }
    }
}

fn copy<'s>(number: i32) -> Result<Entry<'s>, Errno> {
    // Checked here, as the loop can only say that something was wrong: a descriptor that is not open is EBADF.
    fd::with_fd(number, |fd| fd::duplicate(fd.as_raw_fd(), 0))?;
    Ok((StdioSpec::Inherit(number), None))
}
