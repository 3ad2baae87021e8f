//! From arguments to jobs, and from results to values: what all functions of the binding share.

use anode_runtime::{Args, JsResult, Local, Root, Scope, SystemError, ThrowSystem, Thrown, env};

use crate::ops::{Outcome, STAT_SLOTS, StatSlots};
use crate::tree::Listing;

/// A result that can become a value; `None` for "nothing", which a callback does not even get as an argument.
pub trait Answer: Send + 'static {
    /// The value.
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown>;
}

impl Answer for () {
    fn into_value<'s>(self, _sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        Ok(None)
    }
}

impl Answer for i32 {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        Ok(Some(sc.int(self)))
    }
}

impl Answer for u32 {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        Ok(Some(sc.number(f64::from(self))))
    }
}

impl Answer for usize {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        #[expect(clippy::cast_precision_loss, reason = "counts of bytes stay below 2^53")]
        Ok(Some(sc.number(self as f64)))
    }
}

/// A name of the file system: text, or bytes in an ArrayBuffer if `raw`.
pub struct Name {
    /// The name.
    pub bytes: Vec<u8>,
    /// Whether JavaScript wants the bytes.
    pub raw: bool,
}

impl Answer for Name {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        name_value(sc, self.bytes, self.raw).map(Some)
    }
}

fn name_value<'s>(sc: &mut Scope<'s>, bytes: Vec<u8>, raw: bool) -> JsResult<'s> {
    if raw { sc.array_buffer(bytes) } else { Ok(sc.string_utf8_lossy(&bytes)) }
}

/// The first directory that a recursive mkdir made, if any.
pub struct FirstMade(pub Option<Vec<u8>>);

impl Answer for FirstMade {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        Ok(self.0.map(|path| sc.string_utf8_lossy(&path)))
    }
}

/// A directory: `[names, types]`.
pub struct Names {
    /// What was found.
    pub listing: Listing,
    /// Whether JavaScript wants bytes.
    pub raw: bool,
}

impl Names {
    fn names_array<'s>(sc: &mut Scope<'s>, names: Vec<Vec<u8>>, raw: bool) -> JsResult<'s> {
        let array = sc.array(&[]);
        for (index, name) in (0u32..).zip(names) {
            sc.nested(|sc| {
                let value = name_value(sc, name, raw)?;
                sc.set_index(array, index, value)
            })?;
        }
        Ok(array)
    }
}

impl Answer for Names {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        let names = Names::names_array(sc, self.listing.names, self.raw)?;
        let types = sc.uint8_array(self.listing.types)?;
        Ok(Some(sc.array(&[names, types])))
    }
}

/// A directory: only the names.
pub struct Bare(pub Names);

impl Answer for Bare {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        Names::names_array(sc, self.0.listing.names, self.0.raw).map(Some)
    }
}

/// 64-bit slots in an ArrayBuffer: as BigInt64Array reads them, or as Float64Array does.
pub struct Slots<const COUNT: usize> {
    /// The numbers.
    pub slots: [i64; COUNT],
    /// Which of the two.
    pub bigint: bool,
}

impl<const COUNT: usize> Answer for Slots<COUNT> {
    fn into_value<'s>(self, sc: &mut Scope<'s>) -> Result<Option<Local<'s>>, Thrown> {
        let bytes = self.slots.iter().flat_map(|slot| slot_bytes(*slot, self.bigint)).collect();
        sc.array_buffer(bytes).map(Some)
    }
}

fn slot_bytes(slot: i64, bigint: bool) -> [u8; 8] {
    #[expect(clippy::cast_precision_loss, reason = "Node's numbers lose the same bits; bigint exists for that")]
    if bigint { slot.to_ne_bytes() } else { (slot as f64).to_ne_bytes() }
}

/// The end of a synchronous stat: fills the array in argument 2; argument 3 says whether "not there" is `false`, which
/// for `stat`, but not for `lstat`, a file in the place of a directory is too.
pub fn fill_slots<'s>(sc: &mut Scope<'s>, args: &Args<'s>, bigint: bool, outcome: Outcome<StatSlots>) -> JsResult<'s> {
    let slots = match outcome {
        Ok(slots) => slots,
        Err(error)
            if flag_arg(args, 3) && (error.errno == ENOENT || (error.errno == ENOTDIR && error.syscall == "stat")) =>
        {
            return Ok(sc.boolean(false));
        }
        Err(error) => return Err(sc.throw_system(&error)),
    };
    let filled = sc.with_bytes_mut(args.get(2), |bytes| {
        let (chunks, _) = bytes.as_chunks_mut::<8>();
        if chunks.len() != STAT_SLOTS {
            return false;
        }
        for (chunk, slot) in chunks.iter_mut().zip(slots) {
            *chunk = slot_bytes(slot, bigint);
        }
        true
    });
    match filled {
        Some(true) => Ok(sc.boolean(true)),
        _ => Err(internal(sc, "an array of 18 slots")),
    }
}

const ENOENT: i32 = 2;
const ENOTDIR: i32 = 20;

/// Runs `job` now and returns its result, or in the pool if `done` is a function, which then gets it.
pub fn perform<'s, T: Answer>(
    sc: &mut Scope<'s>,
    done: Local<'s>,
    job: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> JsResult<'s> {
    if !done.is_function() {
        return match job() {
            Ok(value) => Ok(value.into_value(sc)?.unwrap_or(sc.undefined())),
            Err(error) => Err(sc.throw_system(&error)),
        };
    }
    let done = Done::new(sc, done);
    env(sc).run_in_pool(job, move |sc, outcome| match outcome {
        Ok(value) => done.succeed(sc, value),
        Err(error) => done.fail(sc, &error),
    });
    Ok(sc.undefined())
}

/// A completion callback, with the async context (AsyncLocalStorage) of the call.
pub struct Done {
    callback: Root,
    context: Option<Root>,
}

impl Done {
    /// Keeps `callback` until the operation is over.
    pub fn new<'s>(sc: &mut Scope<'s>, callback: Local<'s>) -> Done {
        let context = sc.async_context();
        let context = (!context.is_undefined()).then(|| Root::new(sc, context));
        Done { callback: Root::new(sc, callback), context }
    }

    fn call<'s>(&self, sc: &mut Scope<'s>, args: &[Local<'_>]) -> Result<(), Thrown> {
        if let Some(context) = &self.context {
            let context = context.get(sc);
            sc.set_async_context(context);
        }
        let callback = self.callback.get(sc);
        let this = sc.undefined();
        sc.call(callback, this, args).map(|_| ())
    }

    /// `callback(null)` or `callback(null, value)`.
    pub fn succeed<T: Answer>(&self, sc: &mut Scope<'_>, value: T) -> Result<(), Thrown> {
        let null = sc.null();
        match value.into_value(sc) {
            Ok(Some(value)) => self.call(sc, &[null, value]),
            Ok(None) => self.call(sc, &[null]),
            Err(thrown) => self.fail_pending(sc, thrown),
        }
    }

    /// `callback(error)` with the error of a system call.
    pub fn fail(&self, sc: &mut Scope<'_>, error: &SystemError) -> Result<(), Thrown> {
        let error = sc.system_error(error)?;
        self.call(sc, &[error])
    }

    /// `callback(error)` with an exception that is pending.
    pub fn fail_pending(&self, sc: &mut Scope<'_>, thrown: Thrown) -> Result<(), Thrown> {
        match sc.catch(thrown) {
            Some(error) => self.call(sc, &[error]),
            None => Err(sc.terminated()),
        }
    }
}

/// The end of a call that the permission model refused: `done` gets the error in a turn of its own, if it is a function.
pub fn refused<'s>(sc: &mut Scope<'s>, done: Local<'s>, thrown: Thrown) -> JsResult<'s> {
    if !done.is_function() {
        return Err(thrown);
    }
    let Some(error) = sc.catch(thrown) else { return Err(sc.terminated()) };
    let (done, error) = (Done::new(sc, done), Root::new(sc, error));
    env(sc).run_in_pool(
        || (),
        move |sc, ()| {
            let error = error.get(sc);
            done.call(sc, &[error])
        },
    );
    Ok(sc.undefined())
}

/// Throws `ERR_INTERNAL_ASSERTION`: JavaScript passed something that it should have refused.
pub fn internal(sc: &mut Scope<'_>, wanted: &str) -> Thrown {
    let error = sc.throw_error(&format!("fs: the binding expected {wanted}"));
    match sc.catch(error) {
        Some(object) => {
            let code = sc.string("ERR_INTERNAL_ASSERTION");
            match sc.set(object, "code", code) {
                Ok(()) => sc.throw(object),
                Err(thrown) => thrown,
            }
        }
        None => sc.terminated(),
    }
}

/// A path: a string, or bytes.
pub fn path_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<Vec<u8>, Thrown> {
    let value = args.get(index);
    let bytes = match sc.as_string(value) {
        Some(text) => Some(text.into_bytes()),
        None => sc.copy_bytes(value),
    };
    bytes.ok_or_else(|| internal(sc, "a path"))
}

/// A 32-bit integer.
pub fn int_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<i32, Thrown> {
    args.get(index).as_i32().ok_or_else(|| internal(sc, "an integer"))
}

/// A descriptor.
pub fn fd_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<i32, Thrown> {
    args.get(index).as_i32().ok_or_else(|| internal(sc, "a descriptor"))
}

/// A number.
pub fn number_arg(sc: &mut Scope<'_>, args: &Args<'_>, index: usize) -> Result<f64, Thrown> {
    args.get(index).as_f64().ok_or_else(|| internal(sc, "a number"))
}

/// A boolean; anything but `true` is false.
pub fn flag_arg(args: &Args<'_>, index: usize) -> bool {
    args.get(index).is_true()
}
