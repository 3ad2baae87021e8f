//! Binding of `node:buffer`: between JavaScript strings, bytes and the codecs of `anode_buffer_pure`.
//!
//! `js/buffer.js` has checked the arguments. Ranges are clamped all the same, as a getter may have
//! resized a buffer between the check and the call.

#![forbid(unsafe_code)]

use anode_buffer_pure::{Decoded, Text, base64, hex, search, utf8};
use anode_engine::{Chars, ErrorClass};
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};

/// The binding `buffer`.
pub static BUILTIN: Builtin = Builtin {
    name: "buffer",
    functions: &[
        ("asciiSlice", ascii_slice),
        ("atob", atob),
        ("base64Slice", base64_slice),
        ("base64Write", base64_write),
        ("base64urlSlice", base64url_slice),
        ("btoa", btoa),
        ("byteLengthUtf8", byte_length_utf8),
        ("compare", compare),
        ("copy", copy),
        ("hexSlice", hex_slice),
        ("hexWrite", hex_write),
        ("indexOfByte", index_of_byte),
        ("indexOfBytes", index_of_bytes),
        ("indexOfText", index_of_text),
        ("isAscii", is_ascii),
        ("isUtf8", is_utf8),
        ("latin1Slice", latin1_slice),
        ("latin1Write", latin1_write),
        ("pin", pin),
        ("swap", swap),
        ("unset", unset),
        ("ucs2Slice", ucs2_slice),
        ("ucs2Write", ucs2_write),
        ("utf8Slice", utf8_slice),
        ("utf8Write", utf8_write),
    ],
    init: None,
};

/// The longest string that bytes are decoded to, in UTF-16 units: Node's limit. The engine's own is about twice that.
const STRING_MAX_UNITS: usize = 0x1fff_ffe8;

fn text(chars: Chars<'_>) -> Text<'_> {
    match chars {
        Chars::Latin1(bytes) => Text::Latin1(bytes),
        Chars::Utf16(units) => Text::Utf16(units),
    }
}

fn index(value: Local<'_>) -> usize {
    // Saturates: negative and NaN become 0.
    value.as_f64().unwrap_or(0.0) as usize
}

fn part(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    let end = end.min(bytes.len());
    &bytes[start.min(end)..end]
}

fn not_a_buffer(sc: &mut Scope<'_>) -> Thrown {
    sc.throw_code(ErrorClass::TypeError, "ERR_INVALID_ARG_TYPE", "argument must be a buffer")
}

fn not_a_string(sc: &mut Scope<'_>) -> Thrown {
    sc.throw_code(ErrorClass::TypeError, "ERR_INVALID_ARG_TYPE", "argument must be a string")
}

fn too_long(sc: &mut Scope<'_>) -> Thrown {
    let message = format!("Cannot create a string longer than 0x{STRING_MAX_UNITS:x} characters");
    sc.throw_code(ErrorClass::Error, "ERR_STRING_TOO_LONG", &message)
}

/// Up to here characters are made on the stack and copied; longer text is written where its string keeps it.
const SMALL_BYTES: usize = 256;

/// What a slice function makes of its bytes.
enum Sliced {
    Latin1(Vec<u8>),
    /// The characters are the bytes, so many of them.
    Same(usize),
    TooLong,
    Utf16(Vec<u16>),
}

/// `(bytes, start, end)`: a string. ASCII that stands for itself goes to the engine in one copy.
fn slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>, decode: fn(&[u8]) -> Decoded) -> JsResult<'s> {
    let (start, end) = (index(args.get(1)), index(args.get(2)));
    let mut small = [0u8; SMALL_BYTES];
    let mut small_length = None;
    let sliced = sc.with_bytes(args.get(0), |bytes| {
        let bytes = part(bytes, start, end);
        if bytes.len() > STRING_MAX_UNITS {
            return Sliced::TooLong;
        }
        match decode(bytes) {
            Decoded::Latin1(latin1) => Sliced::Latin1(latin1),
            Decoded::Utf16(units) => Sliced::Utf16(units),
            Decoded::Same if bytes.len() <= SMALL_BYTES => {
                small[..bytes.len()].copy_from_slice(bytes);
                small_length = Some(bytes.len());
                Sliced::Latin1(Vec::new())
            }
            Decoded::Same => Sliced::Same(bytes.len()),
        }
    });
    if let Some(length) = small_length {
        return Ok(sc.string_latin1(&small[..length]));
    }
    match sliced {
        Some(Sliced::Latin1(latin1)) => Ok(sc.string_latin1(&latin1)),
        Some(Sliced::Same(length)) => {
            // Memory shared with another thread may be shorter now than it was.
            let copy = |bytes: &[u8], out: &mut [u8]| {
                let bytes = part(bytes, start, end);
                let shared = bytes.len().min(out.len());
                out[..shared].copy_from_slice(&bytes[..shared]);
            };
            sc.string_latin1_of(args.get(0), length, copy).ok_or_else(|| not_a_buffer(sc))
        }
        Some(Sliced::Utf16(units)) => Ok(sc.string_utf16(&units)),
        Some(Sliced::TooLong) => Err(too_long(sc)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `utf8Slice(bytes, start, end)`
fn utf8_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    slice(sc, args, utf8::decode)
}

/// `latin1Slice(bytes, start, end)`
fn latin1_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    slice(sc, args, |_| Decoded::Same)
}

/// `asciiSlice(bytes, start, end)`
fn ascii_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    slice(sc, args, anode_buffer_pure::decode_ascii)
}

/// `ucs2Slice(bytes, start, end)`
fn ucs2_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    slice(sc, args, |bytes| Decoded::Utf16(anode_buffer_pure::decode_utf16le(bytes)))
}

/// `(bytes, start, end)`: the text that `encode` writes, whose length depends on the number of bytes alone.
fn encoded_slice<'s>(
    sc: &mut Scope<'s>,
    args: &Args<'s>,
    length_of: impl Fn(usize) -> usize,
    encode: impl Fn(&[u8], &mut [u8]),
) -> JsResult<'s> {
    let (start, end) = (index(args.get(1)), index(args.get(2)));
    let count = sc.with_bytes(args.get(0), |bytes| part(bytes, start, end).len()).ok_or_else(|| not_a_buffer(sc))?;
    let length = length_of(count);
    if length > STRING_MAX_UNITS {
        return Err(too_long(sc));
    }
    // Nothing ran since, but another thread may have grown shared memory.
    let fill = |bytes: &[u8], out: &mut [u8]| {
        let bytes = part(bytes, start, end);
        if bytes.len() == count {
            encode(bytes, out);
        }
    };
    if length <= SMALL_BYTES {
        let mut small = [0u8; SMALL_BYTES];
        let out = &mut small[..length];
        let filled = sc.with_bytes(args.get(0), |bytes| fill(bytes, out));
        return if filled.is_some() { Ok(sc.string_latin1(&small[..length])) } else { Err(not_a_buffer(sc)) };
    }
    sc.string_latin1_of(args.get(0), length, fill).ok_or_else(|| not_a_buffer(sc))
}

/// `hexSlice(bytes, start, end)`
fn hex_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    encoded_slice(sc, args, |count| count * 2, hex::encode_to)
}

/// `base64Slice(bytes, start, end)`
fn base64_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    encoded_slice(
        sc,
        args,
        |count| base64::encoded_length(count, false),
        |bytes, out| base64::encode_to(bytes, out, false),
    )
}

/// `base64urlSlice(bytes, start, end)`
fn base64url_slice<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    encoded_slice(
        sc,
        args,
        |count| base64::encoded_length(count, true),
        |bytes, out| base64::encode_to(bytes, out, true),
    )
}

/// `(bytes, string, offset, length)`: writes at most `length` bytes and returns their number.
fn write<'s>(sc: &mut Scope<'s>, args: &Args<'s>, encode: fn(Text<'_>, &mut [u8]) -> usize) -> JsResult<'s> {
    let (offset, length) = (index(args.get(2)), index(args.get(3)));
    let written = sc.with_chars_and_bytes_mut(args.get(1), args.get(0), |chars, bytes| {
        let end = offset.saturating_add(length).min(bytes.len());
        encode(text(chars), &mut bytes[offset.min(end)..end])
    });
    match written {
        Some(written) => Ok(sc.number(written as f64)),
        None if args.get(1).is_string() => Err(not_a_buffer(sc)),
        None => Err(not_a_string(sc)),
    }
}

/// `utf8Write(bytes, string, offset, length)`
fn utf8_write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    write(sc, args, utf8::write)
}

/// `latin1Write(bytes, string, offset, length)`
fn latin1_write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    write(sc, args, anode_buffer_pure::write_latin1)
}

/// `ucs2Write(bytes, string, offset, length)`
fn ucs2_write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    write(sc, args, anode_buffer_pure::write_utf16le)
}

/// `hexWrite(bytes, string, offset, length)`
fn hex_write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    write(sc, args, hex::decode)
}

/// `base64Write(bytes, string, offset, length)`; either alphabet.
fn base64_write<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    write(sc, args, base64::decode)
}

/// `byteLengthUtf8(string)`
fn byte_length_utf8<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    match sc.with_chars(args.get(0), |chars| utf8::byte_length(text(chars))) {
        Some(length) => Ok(sc.number(length as f64)),
        None => Err(not_a_string(sc)),
    }
}

/// `compare(a, b)` or `compare(a, b, aStart, aEnd, bStart, bEnd)`: -1, 0 or 1.
fn compare<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let whole = args.len() <= 2;
    let [a_start, a_end, b_start, b_end] = [2, 3, 4, 5].map(|at| index(args.get(at)));
    let ordering = sc.with_two_bytes(args.get(0), args.get(1), |a, b| {
        if whole { a.cmp(b) } else { part(a, a_start, a_end).cmp(part(b, b_start, b_end)) }
    });
    match ordering {
        Some(ordering) => Ok(sc.int(ordering as i32)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `copy(source, from, target, to, count)`: as many bytes as there are on both sides; returns their number.
fn copy<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let [from, to, count] = [1, 3, 4].map(|at| index(args.get(at)));
    match sc.copy_between(args.get(0), from, args.get(2), to, count) {
        Some(count) => Ok(sc.number(count as f64)),
        None => Err(not_a_buffer(sc)),
    }
}

fn place<'s>(sc: &Scope<'s>, found: Option<usize>) -> Local<'s> {
    found.map_or(sc.int(-1), |at| sc.number(at as f64))
}

/// `indexOfByte(bytes, byte, offset, forward)`: a place or -1.
fn index_of_byte<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let byte = index(args.get(1)) as u8;
    let offset = args.get(2).as_f64().unwrap_or(0.0) as i64;
    let forward = args.get(3).is_true();
    match sc.with_bytes(args.get(0), |bytes| search::index_of_byte(bytes, byte, offset, forward)) {
        Some(found) => Ok(place(sc, found)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `indexOfBytes(bytes, needle, offset, forward, step)`: a place or -1; `step` is 2 for UTF-16.
fn index_of_bytes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let offset = args.get(2).as_f64().unwrap_or(0.0) as i64;
    let forward = args.get(3).is_true();
    let step = if args.get(4).as_i32() == Some(2) { 2 } else { 1 };
    let found = sc.with_two_bytes(args.get(0), args.get(1), |bytes, needle| {
        search::index_of(bytes, needle, offset, forward, step)
    });
    match found {
        Some(found) => Ok(place(sc, found)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `indexOfText(bytes, string, offset, forward)`: as `indexOfBytes` for the string's UTF-8.
fn index_of_text<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let offset = args.get(2).as_f64().unwrap_or(0.0) as i64;
    let forward = args.get(3).is_true();
    let found = sc.with_chars_and_bytes_mut(args.get(1), args.get(0), |chars, bytes| match text(chars) {
        Text::Latin1(needle) if needle.is_ascii() => search::index_of(bytes, needle, offset, forward, 1),
        needle => {
            let mut encoded = vec![0; utf8::byte_length(needle)];
            let length = utf8::write(needle, &mut encoded);
            search::index_of(bytes, &encoded[..length], offset, forward, 1)
        }
    });
    match found {
        Some(found) => Ok(place(sc, found)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `pin(buffer)`: nobody can detach this ArrayBuffer.
fn pin<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.pin_array_buffer(args.get(0));
    Ok(sc.undefined())
}

/// `swap(bytes, size)`: reverses each group of `size` bytes in place.
fn swap<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let size = index(args.get(1));
    match sc.with_bytes_mut(args.get(0), |bytes| anode_buffer_pure::swap(bytes, size)) {
        Some(()) => Ok(args.get(0)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `unset(size)`: an ArrayBuffer with any content. Node docs: Buffer.allocUnsafe.
fn unset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.array_buffer_unset(index(args.get(0)))
}

/// `isUtf8(bytes)`
fn is_utf8<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    match sc.with_bytes(args.get(0), utf8::is_valid) {
        Some(valid) => Ok(sc.boolean(valid)),
        None => Err(not_a_buffer(sc)),
    }
}

/// `isAscii(bytes)`
fn is_ascii<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    match sc.with_bytes(args.get(0), <[u8]>::is_ascii) {
        Some(ascii) => Ok(sc.boolean(ascii)),
        None => Err(not_a_buffer(sc)),
    }
}

/// What `btoa` and `atob` return instead of a string; `js/internal/base64.js` makes the DOMException.
const INVALID_CHARACTER: i32 = -1;
const BAD_LENGTH: i32 = -3;

/// `btoa(string)`: base64, or -1 if a character is above U+00FF.
fn btoa<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let encoded = sc.with_chars(args.get(0), |chars| match chars {
        Chars::Latin1(bytes) => Some(base64::encode(bytes, false)),
        Chars::Utf16(units) => {
            let bytes: Result<Vec<u8>, _> = units.iter().map(|unit| u8::try_from(*unit)).collect();
            bytes.ok().map(|bytes| base64::encode(&bytes, false))
        }
    });
    match encoded {
        Some(Some(encoded)) if encoded.len() > STRING_MAX_UNITS => Err(too_long(sc)),
        Some(Some(encoded)) => Ok(sc.string_latin1(&encoded)),
        Some(None) => Ok(sc.int(INVALID_CHARACTER)),
        None => Err(not_a_string(sc)),
    }
}

/// `atob(string)`: bytes as Latin-1, or the number of what is wrong.
fn atob<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    match sc.with_chars(args.get(0), |chars| base64::atob(text(chars))) {
        Some(Ok(bytes)) => Ok(sc.string_latin1(&bytes)),
        Some(Err(base64::AtobError::InvalidCharacter)) => Ok(sc.int(INVALID_CHARACTER)),
        Some(Err(base64::AtobError::BadLength)) => Ok(sc.int(BAD_LENGTH)),
        None => Err(not_a_string(sc)),
    }
}
