//! Binding of `node:url`: the WHATWG URL parser and IDNA of `anode_url_pure`.
//!
//! A URL crosses over as its href, which is ASCII, and nine numbers that say where its parts are (`fill`), written into a
//! `Uint32Array` JavaScript lends; parts are sliced there when somebody asks. No native object stays behind.

#![forbid(unsafe_code)]

use anode_engine::Chars;
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use anode_url_pure::{Offsets, Part, Url, canonical_offsets};

/// The binding `url`.
pub static BUILTIN: Builtin = Builtin {
    name: "url",
    functions: &[
        ("canParse", can_parse),
        ("domainToASCII", domain_to_ascii),
        ("domainToUnicode", domain_to_unicode),
        ("parse", parse),
        ("update", update),
    ],
    init: None,
};

/// Length of the `Uint32Array` that takes the offsets.
const FIELDS: usize = 9;

/// A mistake of our JavaScript.
const BAD_OFFSETS: &str = "url: the offsets need a Uint32Array of 9";

/// For a part that is not there; a port is at most 65,535 and an href far shorter.
const ABSENT: u32 = u32::MAX;

/// Runs `read` on a value's text as scalar values (WebIDL USVString): lone surrogates become U+FFFD.
fn with_text<R>(sc: &mut Scope<'_>, value: Local<'_>, read: impl FnOnce(&str) -> R) -> Result<R, Thrown> {
    let mut read = Some(read);
    let done = sc.with_chars(value, |chars| match chars {
        // Nearly every URL: ASCII the engine holds as bytes, read in place.
        Chars::Latin1(bytes) if bytes.is_ascii() => {
            let text = std::str::from_utf8(bytes).ok()?;
            read.take().map(|read| read(text))
        }
        _ => None,
    });
    if let Some(Some(result)) = done {
        return Ok(result);
    }
    let text = sc.to_string(value)?;
    match read.take() {
        Some(read) => Ok(read(&text)),
        None => Err(sc.throw_error("with_text: the text was read twice")),
    }
}

/// `parse(input, base, offsets)`: the href, or undefined if `input` is no URL; `base` may be undefined.
fn parse<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    if args.get(1).is_undefined()
        && let Some(fields) = canonical_fields(sc, args.get(0))
    {
        return if sc.with_bytes_mut(args.get(2), |bytes| fill(fields, bytes)) == Some(true) {
            Ok(args.get(0))
        } else {
            Err(sc.throw_error(BAD_OFFSETS))
        };
    }
    match parse_with_base(sc, args)? {
        Some(url) => hand_out(sc, &url, args.get(2)),
        None => Ok(sc.undefined()),
    }
}

/// `canParse(input, base)`
fn can_parse<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    if args.get(1).is_undefined() && canonical_fields(sc, args.get(0)).is_some() {
        return Ok(sc.boolean(true));
    }
    let url = parse_with_base(sc, args)?;
    Ok(sc.boolean(url.is_some()))
}

/// The fields of a URL whose href is itself.
fn canonical_fields(sc: &mut Scope<'_>, input: Local<'_>) -> Option<[u32; FIELDS]> {
    let found = sc.with_chars(input, |chars| match chars {
        Chars::Latin1(bytes) => canonical_offsets(bytes),
        Chars::Utf16(_) => None,
    });
    found.flatten().map(|(offsets, scheme_type)| fields_of(&offsets, scheme_type))
}

fn parse_with_base(sc: &mut Scope<'_>, args: &Args<'_>) -> Result<Option<Url>, Thrown> {
    let base = if args.get(1).is_undefined() {
        None
    } else {
        match with_text(sc, args.get(1), |base| Url::parse(base, None))? {
            Some(base) => Some(base),
            None => return Ok(None),
        }
    };
    with_text(sc, args.get(0), |input| Url::parse(input, base.as_ref()))
}

/// `update(href, part, value, offsets)`: the href with one part set, or undefined if the setter refuses. Parts are numbered
/// as in `internal/url/whatwg`.
fn update<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    const PARTS: [Part; 9] = [
        Part::Protocol,
        Part::Username,
        Part::Password,
        Part::Host,
        Part::Hostname,
        Part::Port,
        Part::Pathname,
        Part::Search,
        Part::Hash,
    ];
    let url = with_text(sc, args.get(0), |href| Url::parse(href, None))?;
    let part = args.get(1).as_u32().and_then(|index| PARTS.get(index as usize));
    let (Some(mut url), Some(part)) = (url, part) else { return Ok(sc.undefined()) };
    if with_text(sc, args.get(2), |value| url.set(*part, value))? {
        hand_out(sc, &url, args.get(3))
    } else {
        Ok(sc.undefined())
    }
}

fn hand_out<'s>(sc: &mut Scope<'s>, url: &Url, target: Local<'s>) -> JsResult<'s> {
    let (href, offsets) = url.href();
    let fields = fields_of(&offsets, url.scheme_type());
    if sc.with_bytes_mut(target, |bytes| fill(fields, bytes)) != Some(true) {
        return Err(sc.throw_error(BAD_OFFSETS));
    }
    Ok(sc.string_latin1(href.as_bytes()))
}

/// The offsets in the order `internal/url/whatwg` reads them.
fn fields_of(offsets: &Offsets, scheme_type: u32) -> [u32; FIELDS] {
    [
        offsets.protocol_end,
        offsets.username_end,
        offsets.host_start,
        offsets.host_end,
        offsets.port.map_or(ABSENT, u32::from),
        offsets.pathname_start,
        offsets.search_start.unwrap_or(ABSENT),
        offsets.hash_start.unwrap_or(ABSENT),
        scheme_type,
    ]
}

/// Writes the fields; `false` if they do not fit.
fn fill(fields: [u32; FIELDS], bytes: &mut [u8]) -> bool {
    if bytes.len() != FIELDS * 4 {
        return false;
    }
    for (slot, field) in bytes.chunks_exact_mut(4).zip(fields) {
        slot.copy_from_slice(&field.to_ne_bytes());
    }
    true
}

/// `domainToASCII(domain)`: '' for an invalid one.
fn domain_to_ascii<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let host = with_text(sc, args.get(0), anode_url_pure::domain_to_ascii)?;
    Ok(sc.string(&host))
}

/// `domainToUnicode(domain)`: '' for an invalid one.
fn domain_to_unicode<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let host = with_text(sc, args.get(0), anode_url_pure::domain_to_unicode)?;
    Ok(sc.string(&host))
}
