//! Binding of `node:zlib`: codecs of `anode_zlib_pure` as native objects, and the pool they work in.
//!
//! A codec moves into the job and back, so a handle is idle or busy, never both. Input for the pool is copied once
//! per chunk: a job owns its data, and JavaScript may write to the chunk meanwhile.
//!
//! Results are arrays: `[output, bytesLeft, isFull]`, or `[message, errno, code]` for an error; JavaScript tells them apart
//! by the first element being a string.

#![forbid(unsafe_code)]

use anode_engine::ErrorClass;
use anode_runtime::{Args, Builtin, JsResult, Local, Root, Scope, Thrown, env};
use anode_zlib_pure::deflate::{DeflateOptions, Format};
use anode_zlib_pure::{Codec, CodecError, RunError, brotli, deflate, run, zstd};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The binding `zlib`.
pub static BUILTIN: Builtin = Builtin {
    name: "zlib",
    functions: &[
        ("close", close),
        ("crc32", crc32),
        ("openBrotli", open_brotli),
        ("openZlib", open_zlib),
        ("openZstd", open_zstd),
        ("params", params),
        ("reset", reset),
        ("run", run_sync),
        ("runInPool", run_in_pool),
        ("step", step_sync),
        ("stepInPool", step_in_pool),
    ],
    init: None,
};

// Numbers of the codecs, as in `zlib.constants`.
const DEFLATE: i32 = 1;
const INFLATE: i32 = 2;
const GZIP: i32 = 3;
const GUNZIP: i32 = 4;
const DEFLATERAW: i32 = 5;
const INFLATERAW: i32 = 6;
const UNZIP: i32 = 7;
const BROTLI_ENCODE: i32 = 9;
const ZSTD_COMPRESS: i32 = 10;

/// What a JavaScript handle owns.
struct Handle {
    closed: Cell<bool>,
    /// `None` while a job has it, or after closing.
    codec: RefCell<Option<Box<dyn Codec>>>,
    /// The chunk being worked off in the pool, and how much of it is done.
    input: RefCell<Vec<u8>>,
    position: Cell<usize>,
}

impl Handle {
    /// Takes the codec back from a job, unless the handle was closed meanwhile.
    fn put_back(&self, codec: Box<dyn Codec>) {
        if !self.closed.get() {
            self.codec.replace(Some(codec));
        }
    }
}

fn number(value: Local<'_>) -> i32 {
    value.as_f64().unwrap_or(0.0) as i32
}

fn size(value: Local<'_>) -> usize {
    value.as_f64().unwrap_or(0.0) as usize
}

fn bytes_or_empty(sc: &mut Scope<'_>, value: Local<'_>) -> Vec<u8> {
    sc.copy_bytes(value).unwrap_or_default()
}

fn open<'s>(sc: &mut Scope<'s>, codec: Result<Box<dyn Codec>, CodecError>) -> JsResult<'s> {
    match codec {
        Ok(codec) => {
            let handle = Handle {
                closed: Cell::new(false),
                codec: RefCell::new(Some(codec)),
                input: RefCell::default(),
                position: Cell::new(0),
            };
            sc.native_object(None, Rc::new(handle))
        }
        Err(error) => Err(sc.throw_code(ErrorClass::Error, "ERR_ZLIB_INITIALIZATION_FAILED", &error.message)),
    }
}

/// `openZlib(mode, windowBits, level, memLevel, strategy, dictionary)`: a handle.
fn open_zlib<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let [mode, window_bits, level, mem_level, strategy] = [0, 1, 2, 3, 4].map(|at| number(args.get(at)));
    let dictionary = bytes_or_empty(sc, args.get(5));
    let options = DeflateOptions { dictionary: dictionary.clone(), level, mem_level, strategy, window_bits };
    let codec = match mode {
        DEFLATE => deflate::compressor(Format::Zlib, options),
        GZIP => deflate::compressor(Format::Gzip, options),
        DEFLATERAW => deflate::compressor(Format::Raw, options),
        INFLATE => deflate::decompressor(Format::Zlib, window_bits, dictionary),
        GUNZIP => deflate::decompressor(Format::Gzip, window_bits, dictionary),
        INFLATERAW => deflate::decompressor(Format::Raw, window_bits, dictionary),
        UNZIP => deflate::decompressor(Format::Auto, window_bits, dictionary),
        _ => return Err(sc.throw_code(ErrorClass::Error, "ERR_INTERNAL_ASSERTION", "not a mode of zlib")),
    };
    open(sc, codec)
}

/// The numbers of a flat array, in pairs.
fn pairs(sc: &mut Scope<'_>, list: Local<'_>) -> Result<Vec<(f64, f64)>, Thrown> {
    let mut pairs = Vec::new();
    for at in (0..sc.array_length(list)).step_by(2) {
        let id = sc.get_index(list, at)?;
        let value = sc.get_index(list, at + 1)?;
        pairs.push((id.as_f64().unwrap_or(0.0), value.as_f64().unwrap_or(0.0)));
    }
    Ok(pairs)
}

/// `openBrotli(mode, [id, value, ...], dictionary)`: a handle.
fn open_brotli<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    // As unsigned 32-bit integers: what is negative counts from the top.
    let parameters = pairs(sc, args.get(1))?.into_iter().map(|(id, value)| (id as u32, value as i64 as u32)).collect();
    let dictionary = bytes_or_empty(sc, args.get(2));
    let codec = if number(args.get(0)) == BROTLI_ENCODE {
        brotli::compressor(parameters, dictionary)
    } else {
        brotli::decompressor(parameters, dictionary)
    };
    open(sc, codec)
}

/// `openZstd(mode, [id, value, ...], dictionary, pledgedSrcSize)`: a handle.
fn open_zstd<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let parameters: Vec<zstd::Parameter> =
        pairs(sc, args.get(1))?.into_iter().map(|(id, value)| (id as u32, value as i32)).collect();
    let dictionary = bytes_or_empty(sc, args.get(2));
    let codec = if number(args.get(0)) == ZSTD_COMPRESS {
        zstd::compressor(&parameters, &dictionary, args.get(3).as_f64().map(|size| size as u64))
    } else {
        zstd::decompressor(&parameters, &dictionary)
    };
    open(sc, codec)
}

/// What a step or a run gave.
struct Output {
    bytes: Vec<u8>,
    full: bool,
    left: usize,
}

fn step(codec: &mut dyn Codec, flush: i32, input: &[u8], room: usize) -> Result<Output, CodecError> {
    let mut bytes = vec![0; room];
    let progress = codec.step(flush, input, &mut bytes)?;
    bytes.truncate(progress.produced);
    // A small result must not hold on to the memory of a large one.
    if progress.produced < room / 2 {
        bytes.shrink_to_fit();
    }
    Ok(Output { bytes, full: progress.produced == room, left: input.len() - progress.consumed })
}

fn run_all(codec: &mut dyn Codec, flush: i32, input: &[u8], max_output: usize) -> Result<Output, CodecError> {
    match run(codec, flush, input, max_output) {
        Ok((bytes, left)) => Ok(Output { bytes, full: false, left }),
        Err(RunError::Codec(error)) => Err(error),
        Err(RunError::TooLarge) => {
            Err(CodecError { code: "ERR_BUFFER_TOO_LARGE".into(), errno: 0, message: "too large".into() })
        }
    }
}

fn to_array<'s>(sc: &mut Scope<'s>, result: Result<Output, CodecError>) -> JsResult<'s> {
    let items = match result {
        Ok(output) => {
            let bytes = sc.array_buffer(output.bytes)?;
            [bytes, sc.number(output.left as f64), sc.boolean(output.full)]
        }
        Err(error) => {
            let message = sc.string(&error.message);
            let code = sc.string(&error.code);
            [message, sc.int(error.errno), code]
        }
    };
    Ok(sc.array(&items))
}

fn busy(sc: &mut Scope<'_>) -> Thrown {
    sc.throw_code(ErrorClass::Error, "ERR_INTERNAL_ASSERTION", "zlib handle is busy or closed")
}

/// `step(handle, flush, chunk, start, length, room)`: one step on this thread.
fn step_sync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let (flush, start, length, room) = (number(args.get(1)), size(args.get(3)), size(args.get(4)), size(args.get(5)));
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let result = sc.with_bytes(args.get(2), |bytes| {
        let end = start.saturating_add(length).min(bytes.len());
        step(&mut *codec, flush, &bytes[start.min(end)..end], room)
    });
    handle.put_back(codec);
    match result {
        Some(result) => to_array(sc, result),
        None => Err(sc.throw_type_error("chunk has no bytes")),
    }
}

/// `run(handle, flush, chunk, maxOutput)`: everything at once, on this thread.
fn run_sync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let (flush, max_output) = (number(args.get(1)), size(args.get(3)));
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let result = sc.with_bytes(args.get(2), |bytes| run_all(&mut *codec, flush, bytes, max_output));
    handle.put_back(codec);
    match result {
        Some(result) => to_array(sc, result),
        None => Err(sc.throw_type_error("chunk has no bytes")),
    }
}

/// `stepInPool(handle, flush, chunk, start, length, room, callback)`: one step in the pool, then `callback(result)`.
/// Without a chunk it goes on with the last one.
fn step_in_pool<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let (flush, start, length, room) = (number(args.get(1)), size(args.get(3)), size(args.get(4)), size(args.get(5)));
    if handle.codec.borrow().is_none() {
        return Err(busy(sc));
    }
    if !args.get(2).is_undefined() {
        let copy = sc.with_bytes(args.get(2), |bytes| {
            let end = start.saturating_add(length).min(bytes.len());
            bytes[start.min(end)..end].to_vec()
        });
        handle.input.replace(copy.unwrap_or_default());
        handle.position.set(0);
    }
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let (input, position) = (handle.input.take(), handle.position.get());
    let callback = Root::new(sc, args.get(6));
    env(sc).run_in_pool(
        move || {
            let result = step(&mut *codec, flush, &input[position..], room);
            (codec, input, result)
        },
        move |sc, (codec, input, result)| {
            if let Ok(output) = &result {
                handle.position.set(input.len() - output.left);
            }
            handle.input.replace(input);
            handle.put_back(codec);
            answer(sc, &callback, result)
        },
    );
    Ok(sc.undefined())
}

/// `runInPool(handle, flush, chunk, maxOutput, callback)`: everything at once in the pool, then `callback(result)`.
fn run_in_pool<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let (flush, max_output) = (number(args.get(1)), size(args.get(3)));
    let input = bytes_or_empty(sc, args.get(2));
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let callback = Root::new(sc, args.get(4));
    env(sc).run_in_pool(
        move || {
            let result = run_all(&mut *codec, flush, &input, max_output);
            (codec, result)
        },
        move |sc, (codec, result)| {
            handle.put_back(codec);
            answer(sc, &callback, result)
        },
    );
    Ok(sc.undefined())
}

fn answer(sc: &mut Scope<'_>, callback: &Root, result: Result<Output, CodecError>) -> Result<(), Thrown> {
    let array = to_array(sc, result)?;
    let callback = callback.get(sc);
    let undefined = sc.undefined();
    sc.call(callback, undefined, &[array])?;
    Ok(())
}

/// `undefined`, or an error as an array.
fn done<'s>(sc: &mut Scope<'s>, result: Result<(), CodecError>) -> JsResult<'s> {
    match result {
        Ok(()) => Ok(sc.undefined()),
        Err(error) => to_array(sc, Err(error)),
    }
}

/// `reset(handle)`
fn reset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let result = codec.reset();
    handle.put_back(codec);
    done(sc, result)
}

/// `params(handle, level, strategy)`
fn params<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let Some(mut codec) = handle.codec.take() else { return Err(busy(sc)) };
    let result = codec.set_params(number(args.get(1)), number(args.get(2)));
    handle.put_back(codec);
    done(sc, result)
}

/// `close(handle)`: frees the codec, at once or when its job ends.
fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    handle.closed.set(true);
    handle.codec.take();
    handle.input.take();
    handle.position.set(0);
    Ok(sc.undefined())
}

/// `crc32(data, value)`: of a string its UTF-8.
fn crc32<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let start = args.get(1).as_f64().unwrap_or(0.0) as u32;
    let data = args.get(0);
    let sum = if data.is_string() {
        let text = sc.to_string(data)?;
        Some(anode_zlib_pure::crc32(start, text.as_bytes()))
    } else {
        sc.with_bytes(data, |bytes| anode_zlib_pure::crc32(start, bytes))
    };
    match sum {
        Some(sum) => Ok(sc.number(f64::from(sum))),
        None => Err(sc.throw_type_error("no data")),
    }
}
