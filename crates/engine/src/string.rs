//! Strings in and out.

use crate::error::Thrown;
use crate::scope::{JsResult, Key, Local, Scope};
use crate::sys;
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval;
use std::ptr;

/// The characters of a string as the engine holds them.
pub enum Chars<'a> {
    /// One byte per UTF-16 unit, U+0000 to U+00FF.
    Latin1(&'a [u8]),
    /// UTF-16, possibly with lone surrogates.
    Utf16(&'a [u16]),
}

impl<'s> Scope<'s> {
    /// A string of `text`.
    pub fn string(&mut self, text: &str) -> Local<'s> {
        self.stress();
        let bytes = text.as_bytes();
        if bytes.is_ascii() {
            return self.string_latin1(bytes);
        }
        // The engine's own UTF-8 constructor takes 20 µs per 1,000 Latin-1 characters: transcode here.
        if encoding_rs::mem::is_utf8_latin1(bytes) {
            let latin1 = encoding_rs::mem::encode_latin1_lossy(text).into_owned();
            return self.string_latin1(&latin1);
        }
        let mut units = vec![0; bytes.len()];
        let written = encoding_rs::mem::convert_str_to_utf16(text, &mut units);
        self.string_utf16(&units[..written])
    }

    /// A string whose characters are `bytes` as Latin-1.
    pub fn string_latin1(&mut self, bytes: &[u8]) -> Local<'s> {
        self.stress();
        // SAFETY: the engine copies `bytes.len()` bytes; the result is rooted at once.
        let string = unsafe { sm::JS_NewStringCopyN(self.cx(), bytes.as_ptr().cast(), bytes.len()) };
        self.string_or_oom(string)
    }

    /// A string of `length` Latin-1 characters that `fill` makes of the bytes of `source`, in the memory that the string then
    /// keeps: `fill` gets it zeroed. `None` if `source` has no bytes. Worth it from some hundred characters on.
    pub fn string_latin1_of(
        &mut self,
        source: Local<'_>,
        length: usize,
        fill: impl FnOnce(&[u8], &mut [u8]),
    ) -> Option<Local<'s>> {
        self.stress();
        // SAFETY: the engine's allocator for characters; what it returns is ours, `length` bytes, and zeroed before it is lent.
        let mut chars = unsafe {
            let chars = sm::JS_string_malloc(self.cx(), length.max(1)).cast::<u8>();
            if chars.is_null() {
                return Some(self.string_or_oom(ptr::null_mut()));
            }
            ptr::write_bytes(chars, 0, length);
            chars
        };
        // SAFETY: as above; `chars` is freed below or handed over.
        let filled =
            self.with_bytes(source, |bytes| fill(bytes, unsafe { std::slice::from_raw_parts_mut(chars, length) }));
        // SAFETY: the argument is a UniquePtr passed by reference: the engine takes its content, or leaves it to us to free.
        let string = unsafe {
            let string =
                if filled.is_some() { sys::new_latin1_string(self.cx(), &mut chars, length) } else { ptr::null_mut() };
            if !chars.is_null() {
                sm::JS_free(self.cx(), chars.cast());
            }
            string
        };
        filled.map(|()| self.string_or_oom(string))
    }

    /// A string of UTF-16 units, lone surrogates included.
    pub fn string_utf16(&mut self, units: &[u16]) -> Local<'s> {
        self.stress();
        // SAFETY: as above.
        let string = unsafe { sm::JS_NewUCStringCopyN(self.cx(), units.as_ptr(), units.len()) };
        self.string_or_oom(string)
    }

    /// A string of bytes that should be UTF-8; what is not becomes U+FFFD (WHATWG Encoding, "decode").
    pub fn string_utf8_lossy(&mut self, bytes: &[u8]) -> Local<'s> {
        self.stress();
        if bytes.is_ascii() {
            return self.string_latin1(bytes);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.string(text),
            Err(_) => {
                let text = String::from_utf8_lossy(bytes);
                self.string(&text)
            }
        }
    }

    fn string_or_oom(&mut self, string: *mut sm::JSString) -> Local<'s> {
        if string.is_null() {
            // Too long (over 2^30 - 2 units) or out of memory: the engine left an exception; callers that care check the
            // length first (`string_checked`). An empty string keeps this function infallible.
            // SAFETY: clears this context's own pending exception.
            unsafe { sm::JS_ClearPendingException(self.cx()) };
            let (local, out) = self.out();
            // SAFETY: writes the permanent empty string into a traced slot.
            unsafe { glue::JS_GetEmptyStringValue(self.cx(), out.ptr) };
            return local;
        }
        // SAFETY: not null, and rooted by `local` before anything can collect.
        self.local(jsval::StringValue(unsafe { &*string }))
    }

    /// Whether a string of `units` UTF-16 units can exist.
    pub fn string_fits(units: usize) -> bool {
        units <= (1 << 30) - 2
    }

    /// ECMA-262 ToString.
    pub fn to_js_string(&mut self, value: Local<'_>) -> JsResult<'s> {
        if value.is_string() {
            return Ok(self.local(value.raw()));
        }
        // SAFETY: `value` is rooted; the result is checked and rooted.
        let string = unsafe { sm::ToStringSlow(self.cx(), value.handle()) };
        if string.is_null() {
            return Err(Thrown::pending());
        }
        // SAFETY: not null.
        Ok(self.local(jsval::StringValue(unsafe { &*string })))
    }

    /// ECMA-262 ToString, as UTF-8; lone surrogates become U+FFFD.
    pub fn to_string(&mut self, value: Local<'_>) -> Result<String, Thrown> {
        let string = self.to_js_string(value)?;
        Ok(self.with_chars(string, chars_to_string).unwrap_or_default())
    }

    /// The string as UTF-8 if `value` is a string.
    pub fn as_string(&mut self, value: Local<'_>) -> Option<String> {
        self.with_chars(value, chars_to_string)
    }

    /// ECMA-262 ToString, as UTF-8 bytes; lone surrogates become U+FFFD.
    pub fn to_utf8(&mut self, value: Local<'_>) -> Result<Vec<u8>, Thrown> {
        let string = self.to_js_string(value)?;
        let bytes = self.with_chars(string, |chars| match chars {
            Chars::Latin1(bytes) if bytes.is_ascii() => bytes.to_vec(),
            Chars::Latin1(bytes) => {
                let mut out = vec![0; bytes.len() * 2];
                let written = encoding_rs::mem::convert_latin1_to_utf8(bytes, &mut out);
                out.truncate(written);
                out
            }
            Chars::Utf16(units) => {
                let mut out = vec![0; units.len() * 3];
                let written = encoding_rs::mem::convert_utf16_to_utf8(units, &mut out);
                out.truncate(written);
                out
            }
        });
        Ok(bytes.unwrap_or_default())
    }

    /// The UTF-16 units of a string.
    pub fn to_utf16(&mut self, value: Local<'_>) -> Result<Vec<u16>, Thrown> {
        let string = self.to_js_string(value)?;
        Ok(self
            .with_chars(string, |chars| match chars {
                Chars::Latin1(bytes) => bytes.iter().map(|byte| u16::from(*byte)).collect(),
                Chars::Utf16(units) => units.to_vec(),
            })
            .unwrap_or_default())
    }

    /// Lends the characters of a string, without a copy for flat strings. `None` if `value` is not a string or memory
    /// ran out while flattening it. The closure gets no scope: nothing can collect meanwhile.
    pub fn with_chars<R>(&mut self, value: Local<'_>, read: impl FnOnce(Chars<'_>) -> R) -> Option<R> {
        if !value.is_string() {
            return None;
        }
        let cx = self.cx();
        let string = value.raw().to_string();
        let mut length = 0;
        // SAFETY: `string` is a live string kept alive by `value`. Flattening may allocate malloc memory but does not move
        // the string; the returned characters stay put until a collection, and `read` cannot cause one.
        unsafe {
            if sm::JS_DeprecatedStringHasLatin1Chars(string) {
                let chars = sm::JS_GetLatin1StringCharsAndLength(cx, ptr::null(), string, &mut length);
                (!chars.is_null()).then(|| read(Chars::Latin1(std::slice::from_raw_parts(chars, length))))
            } else {
                let chars = sm::JS_GetTwoByteStringCharsAndLength(cx, ptr::null(), string, &mut length);
                (!chars.is_null()).then(|| read(Chars::Utf16(std::slice::from_raw_parts(chars, length))))
            }
        }
    }

    /// Length of a string in UTF-16 units; 0 for other values.
    pub fn string_length(&self, value: Local<'_>) -> usize {
        if !value.is_string() {
            return 0;
        }
        // SAFETY: a live string; does not collect.
        unsafe { sm::JS_GetStringLength(value.raw().to_string()) }
    }

    /// Interns a property name; cheap to use afterwards.
    pub fn intern(&mut self, name: &'static str) -> Key {
        let known = self.data().keys.borrow().iter().find(|(key, _)| *key == name).map(|(_, id)| *id);
        if let Some(id) = known {
            return Key(id);
        }
        let id = self.make_id(name, true);
        self.data().keys.borrow_mut().push((name, id));
        Key(id)
    }

    /// A property key for `name`; unrooted, so it must be handed to the engine before anything can collect. Atoms are
    /// never moved; pinned ones never die.
    pub(crate) fn make_id(&mut self, name: &str, pin: bool) -> sm::jsid {
        let cx = self.cx();
        mozjs::rooted!(in(cx) let mut id = mozjs::jsid::VoidId());
        // SAFETY: the engine copies the bytes; ids are written to a root.
        unsafe {
            if name.is_ascii() {
                let atom = if pin {
                    sm::JS_AtomizeAndPinStringN(cx, name.as_ptr().cast(), name.len())
                } else {
                    sm::JS_AtomizeStringN(cx, name.as_ptr().cast(), name.len())
                };
                if !atom.is_null() {
                    mozjs::rooted!(in(cx) let atom = atom);
                    sm::JS_StringToId(cx, h!(atom), hm!(id));
                }
            } else {
                let units: Vec<u16> = name.encode_utf16().collect();
                let atom = sm::JS_AtomizeUCStringN(cx, units.as_ptr(), units.len());
                if !atom.is_null() {
                    mozjs::rooted!(in(cx) let atom = atom);
                    sm::JS_StringToId(cx, h!(atom), hm!(id));
                }
            }
        }
        id.get()
    }
}

/// The characters as UTF-8; lone surrogates become U+FFFD.
pub fn chars_to_string(chars: Chars<'_>) -> String {
    match chars {
        Chars::Latin1(bytes) => encoding_rs::mem::decode_latin1(bytes).into_owned(),
        Chars::Utf16(units) => String::from_utf16_lossy(units),
    }
}
