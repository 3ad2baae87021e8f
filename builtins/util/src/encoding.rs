//! `TextEncoder` and `TextDecoder`: the WHATWG Encoding Standard over encoding_rs.

use anode_engine::{Chars, ErrorClass};
use anode_runtime::{Args, JsResult, Scope};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};
use std::cell::RefCell;
use std::rc::Rc;

/// A decoder between two chunks.
struct Stream {
    encoding: &'static Encoding,
    fatal: bool,
    ignore_bom: bool,
    /// None at the start of a stream.
    decoder: RefCell<Option<Decoder>>,
}

impl Stream {
    fn fresh(&self) -> Decoder {
        if self.ignore_bom {
            self.encoding.new_decoder_without_bom_handling()
        } else {
            self.encoding.new_decoder_with_bom_removal()
        }
    }
}

/// `encodingName(label)`: the canonical name, lower case; undefined for a label that names none.
pub(crate) fn encoding_name<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let label = sc.to_utf8(args.get(0))?;
    match Encoding::for_label(&label) {
        Some(encoding) => {
            let name = encoding.name().to_ascii_lowercase();
            Ok(sc.string(&name))
        }
        None => Ok(sc.undefined()),
    }
}

/// `createDecoder(name, fatal, ignoreBOM)`: an opaque object for `decode`.
pub(crate) fn create_decoder<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let label = sc.to_utf8(args.get(0))?;
    let Some(encoding) = Encoding::for_label(&label) else {
        return Err(sc.throw_code(ErrorClass::Error, "ERR_INTERNAL_ASSERTION", "unknown encoding"));
    };
    let stream = Stream {
        encoding,
        fatal: args.get(1).is_true(),
        ignore_bom: args.get(2).is_true(),
        decoder: RefCell::new(None),
    };
    sc.native_object(None, Rc::new(stream))
}

/// `decode(decoder, bytes, last)`: the text of a chunk; undefined for bytes that are no text when the decoder is fatal.
pub(crate) fn decode<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let stream = sc.need_native::<Stream>(args.get(0))?;
    let last = args.get(2).is_true();
    let bytes = if args.get(1).is_undefined() { Some(Vec::new()) } else { sc.copy_bytes(args.get(1)) };
    let Some(bytes) = bytes else { return Ok(sc.undefined()) };
    let mut decoder = stream.decoder.borrow_mut().take().unwrap_or_else(|| stream.fresh());
    let text = decode_chunk(&mut decoder, &bytes, last, stream.fatal);
    if !last && text.is_some() {
        *stream.decoder.borrow_mut() = Some(decoder);
    }
    match text {
        Some(units) => Ok(sc.string_utf16(&units)),
        None => Ok(sc.undefined()),
    }
}

fn decode_chunk(decoder: &mut Decoder, bytes: &[u8], last: bool, fatal: bool) -> Option<Vec<u16>> {
    // A length that does not fit is longer than any string: the engine refuses it later.
    let capacity = decoder.max_utf16_buffer_length(bytes.len()).unwrap_or(bytes.len());
    let mut units = vec![0; capacity];
    let mut read = 0;
    let mut written = 0;
    loop {
        let (more, consumed, produced) = if fatal {
            let (result, consumed, produced) =
                decoder.decode_to_utf16_without_replacement(&bytes[read..], &mut units[written..], last);
            match result {
                DecoderResult::Malformed(..) => return None,
                DecoderResult::InputEmpty => (false, consumed, produced),
                DecoderResult::OutputFull => (true, consumed, produced),
            }
        } else {
            let (result, consumed, produced, _) = decoder.decode_to_utf16(&bytes[read..], &mut units[written..], last);
            (result == CoderResult::OutputFull, consumed, produced)
        };
        read += consumed;
        written += produced;
        if !more {
            break;
        }
        units.resize(units.len() * 2 + 16, 0);
    }
    units.truncate(written);
    Some(units)
}

/// `decodeUtf8(bytes, fatal, ignoreBOM)`: a whole text at once; undefined when fatal and no UTF-8.
pub(crate) fn decode_utf8<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fatal = args.get(1).is_true();
    let keep_bom = args.get(2).is_true();
    let Some(bytes) = sc.copy_bytes(args.get(0)) else { return Ok(sc.undefined()) };
    let mut text = bytes.as_slice();
    if encoding_rs::Encoding::ascii_valid_up_to(text) == text.len() {
        return Ok(sc.string_latin1(text));
    }
    if !keep_bom {
        text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    }
    if fatal && encoding_rs::Encoding::utf8_valid_up_to(text) != text.len() {
        return Ok(sc.undefined());
    }
    Ok(sc.string_utf8_lossy(text))
}

/// `encodeUtf8(text)`: a Uint8Array; lone surrogates become U+FFFD.
pub(crate) fn encode_utf8<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let bytes = sc.to_utf8(args.get(0))?;
    sc.uint8_array(bytes)
}

/// `encodeInto(text, bytes)`: as many whole characters as fit; `[units read, bytes written]`.
pub(crate) fn encode_into<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let counts = sc.with_chars_and_bytes_mut(args.get(0), args.get(1), |chars, bytes| match chars {
        Chars::Latin1(text) => encoding_rs::mem::convert_latin1_to_utf8_partial(text, bytes),
        Chars::Utf16(text) => encoding_rs::mem::convert_utf16_to_utf8_partial(text, bytes),
    });
    let (read, written) = counts.unwrap_or((0, 0));
    let read = sc.number(read as f64);
    let written = sc.number(written as f64);
    Ok(sc.array(&[read, written]))
}
