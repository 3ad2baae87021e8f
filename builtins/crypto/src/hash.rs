//! `createHash`, `createHmac`, `hash` and the digests of Web Crypto.

use crate::job::{self, Fail, Out, bytes_of, size_of, text_of};
use anode_crypto_pure::digests::{HashName, Md};
use anode_crypto_pure::macs::{self, Mac};
use anode_crypto_pure::with_digest;
use anode_runtime::{Args, JsResult, Local, Scope, Thrown};
use digest::{Digest, DynDigest, ExtendableOutput, Update, XofReader};
use std::cell::RefCell;
use std::rc::Rc;

/// About what a running hash takes besides its handle, in bytes; programs make one per response (ETag).
const STATE_BYTES: usize = 512;

/// A hash or MAC at work.
enum State {
    Fixed(Box<dyn DynDigest>),
    Keyed(Box<dyn Mac>),
    Md5Sha1(md5::Md5, sha1::Sha1),
    /// SHA-256 of which 24 bytes are kept.
    Cut(sha2::Sha256),
    Shake128(shake::Shake128),
    Shake256(shake::Shake256),
}

impl State {
    fn new(name: HashName) -> State {
        match name {
            HashName::Keccak224 => State::Fixed(Box::new(sha3::Keccak224::new())),
            HashName::Keccak256 => State::Fixed(Box::new(sha3::Keccak256::new())),
            HashName::Keccak384 => State::Fixed(Box::new(sha3::Keccak384::new())),
            HashName::Keccak512 => State::Fixed(Box::new(sha3::Keccak512::new())),
            HashName::Md(md) => with_digest!(md, |D, H| State::Fixed(Box::new(D::new()))),
            HashName::Md5Sha1 => State::Md5Sha1(md5::Md5::new(), sha1::Sha1::new()),
            HashName::Sha256_192 => State::Cut(sha2::Sha256::new()),
            HashName::Shake128 => State::Shake128(shake::Shake128::default()),
            HashName::Shake256 => State::Shake256(shake::Shake256::default()),
        }
    }

    fn update(&mut self, data: &[u8]) {
        match self {
            State::Cut(state) => Update::update(state, data),
            State::Fixed(state) => state.update(data),
            State::Keyed(state) => state.update(data),
            State::Md5Sha1(md5, sha1) => {
                Update::update(md5, data);
                Update::update(sha1, data);
            }
            State::Shake128(state) => state.update(data),
            State::Shake256(state) => state.update(data),
        }
    }

    fn copy(&self) -> Option<State> {
        match self {
            State::Cut(state) => Some(State::Cut(state.clone())),
            State::Fixed(state) => Some(State::Fixed(state.box_clone())),
            State::Keyed(_) => None,
            State::Md5Sha1(md5, sha1) => Some(State::Md5Sha1(md5.clone(), sha1.clone())),
            State::Shake128(state) => Some(State::Shake128(state.clone())),
            State::Shake256(state) => Some(State::Shake256(state.clone())),
        }
    }

    /// The digest's length in bytes, and whether it may be another.
    fn output_size(&self) -> (usize, bool) {
        match self {
            State::Cut(_) => (24, false),
            State::Fixed(state) => (state.output_size(), false),
            State::Keyed(_) => (0, false),
            State::Md5Sha1(..) => (36, false),
            State::Shake128(_) => (16, true),
            State::Shake256(_) => (32, true),
        }
    }

    fn finish(self, length: usize) -> Vec<u8> {
        match self {
            State::Cut(state) => state.finalize().as_slice().get(..24).unwrap_or_default().to_vec(),
            State::Fixed(state) => state.finalize().into_vec(),
            State::Keyed(state) => state.finish(),
            State::Md5Sha1(md5, sha1) => [md5.finalize().as_slice(), sha1.finalize().as_slice()].concat(),
            State::Shake128(state) => squeeze(state, length),
            State::Shake256(state) => squeeze(state, length),
        }
    }
}

fn squeeze(state: impl ExtendableOutput, length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    state.finalize_xof().read(&mut out);
    out
}

/// What a JavaScript handle owns. `None` once the digest was taken.
struct Handle {
    length: usize,
    /// The digest once taken: a stream takes it at its end, and its user may ask again.
    result: RefCell<Option<Vec<u8>>>,
    state: RefCell<Option<State>>,
}

impl Handle {
    fn wrap(state: State, length: usize) -> Rc<Handle> {
        Rc::new(Handle { length, result: RefCell::default(), state: RefCell::new(Some(state)) })
    }
}

fn not_xof() -> Fail {
    Fail::openssl("030000B2", "digital envelope routines", "not XOF or invalid length", "EVP_")
}

/// The state for a name and, for an extendable output, a length. `Ok(None)`: the name is unknown.
fn open(name: &str, length: Option<usize>) -> Result<Option<(State, usize)>, Fail> {
    let Some(name) = HashName::find(name) else { return Ok(None) };
    let state = State::new(name);
    let (size, extendable) = state.output_size();
    match length {
        Some(length) if length != size && !extendable => Err(not_xof()),
        Some(length) => Ok(Some((state, length))),
        None => Ok(Some((state, size))),
    }
}

fn length_of(value: Local<'_>) -> Option<usize> {
    value.as_f64().map(|length| length as usize)
}

/// `hashNew(name, outputLength)`: a handle, or undefined if there is no such hash.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    match open(&name, length_of(args.get(1))) {
        Ok(Some((state, length))) => sc.native_object_of(None, Handle::wrap(state, length), STATE_BYTES),
        Ok(None) => Ok(sc.undefined()),
        Err(fail) => Err(fail.throw(sc)),
    }
}

/// `hmacNew(digest, key)`: a handle, or undefined if there is no such digest.
pub(crate) fn hmac_create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let key = bytes_of(sc, args, 1)?;
    match Md::find(&name).and_then(|md| macs::hmac(md, &key)) {
        Some(mac) => sc.native_object_of(None, Handle::wrap(State::Keyed(mac), 0), STATE_BYTES),
        None => Ok(sc.undefined()),
    }
}

/// `hmac(digest, key, data, callback)`: the MAC, for Web Crypto.
pub(crate) fn hmac<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let (key, data) = (bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?);
    job::run(sc, args.get(3), move || {
        let md = Md::find(&name).ok_or_else(|| Fail::unsupported(&name))?;
        let mut mac = macs::hmac(md, &key).ok_or_else(|| Fail::unsupported(&name))?;
        mac.update(&data);
        Ok(Out::Bytes(mac.finish()))
    })
}

/// `macNew(name, key, algorithm, iv, customization, salt, outputLength)`: a handle for `hashUpdate` and `hashDigest`.
pub(crate) fn mac_create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (name, key, algorithm) = (text_of(sc, args, 0)?, bytes_of(sc, args, 1)?, text_of(sc, args, 2)?);
    let [iv, customization, salt] = [bytes_of(sc, args, 3)?, bytes_of(sc, args, 4)?, bytes_of(sc, args, 5)?];
    let options = macs::Options {
        algorithm: &algorithm,
        customization: &customization,
        iv: &iv,
        length: length_of(args.get(6)),
        salt: &salt,
    };
    match macs::open(&name, &key, &options) {
        Ok(mac) => sc.native_object_of(None, Handle::wrap(State::Keyed(mac), 0), STATE_BYTES),
        Err(failure) => Err(Fail::pure(failure).throw(sc)),
    }
}

/// `kmac(wide, key, data, outputLength, customization, callback)`: the MAC, for Web Crypto.
pub(crate) fn kmac<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let wide = args.get(0).is_true();
    let [key, data, customization] = [bytes_of(sc, args, 1)?, bytes_of(sc, args, 2)?, bytes_of(sc, args, 4)?];
    let length = size_of(args, 3);
    job::run(sc, args.get(5), move || {
        let mut mac = macs::kmac_of_any_key(wide, &key, &customization, length).map_err(Fail::pure)?;
        mac.update(&data);
        Ok(Out::Bytes(mac.finish()))
    })
}

/// `customizedDigest(name, data, outputLength, functionName, customization, domain, callback)`: cSHAKE, TurboSHAKE and
/// KangarooTwelve, for Web Crypto.
pub(crate) fn customized<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let [data, function, customization] = [bytes_of(sc, args, 1)?, bytes_of(sc, args, 3)?, bytes_of(sc, args, 4)?];
    let (length, domain) = (size_of(args, 2), size_of(args, 5) as u8);
    job::run(sc, args.get(6), move || {
        let options = macs::Customized { customization: &customization, domain, function: &function, length };
        macs::customized_digest(&name, &data, &options).map(Out::Bytes).ok_or_else(|| Fail::unsupported(&name))
    })
}

/// Feeds a string's UTF-8 or a buffer's bytes.
fn feed(sc: &mut Scope<'_>, state: &mut State, data: Local<'_>) -> Result<(), Thrown> {
    if data.is_string() {
        let bytes = sc.to_utf8(data)?;
        state.update(&bytes);
    } else {
        sc.with_bytes(data, |bytes| state.update(bytes));
    }
    Ok(())
}

/// `hashUpdate(handle, data)`
pub(crate) fn update<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    if let Some(state) = handle.state.borrow_mut().as_mut() {
        feed(sc, state, args.get(1))?;
    }
    Ok(sc.undefined())
}

/// `hashCopy(handle, outputLength)`: a handle that goes on from here.
pub(crate) fn copy<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let Some(state) = handle.state.borrow().as_ref().and_then(State::copy) else { return Ok(sc.undefined()) };
    let (size, extendable) = state.output_size();
    let length = length_of(args.get(1)).unwrap_or(size);
    if length != size && !extendable {
        return Err(not_xof().throw(sc));
    }
    sc.native_object_of(None, Handle::wrap(state, length), STATE_BYTES)
}

/// A digest as the encoding wants it: a string for `hex`, else an ArrayBuffer.
fn encoded<'s>(sc: &mut Scope<'s>, bytes: Vec<u8>, encoding: Local<'s>) -> JsResult<'s> {
    if encoding.is_true() {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = Vec::with_capacity(bytes.len() * 2);
        for byte in bytes {
            hex.push(DIGITS[usize::from(byte >> 4)]);
            hex.push(DIGITS[usize::from(byte & 15)]);
        }
        return Ok(sc.string_latin1(&hex));
    }
    sc.array_buffer(bytes)
}

/// `hashDigest(handle, asHex, keep)`: the digest; unless `keep`, the handle is used up.
pub(crate) fn digest<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let state = handle.state.borrow_mut().take();
    let bytes = match state {
        Some(state) => state.finish(handle.length),
        None => handle.result.take().unwrap_or_default(),
    };
    if args.get(2).is_true() {
        handle.result.replace(Some(bytes.clone()));
    }
    encoded(sc, bytes, args.get(1))
}

/// `hashOneShot(name, data, asHex, outputLength, callback)`: the digest, or undefined if there is no such hash.
pub(crate) fn one_shot<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let (mut state, length) = match open(&name, length_of(args.get(3))) {
        Ok(Some(opened)) => opened,
        Ok(None) => return Ok(sc.undefined()),
        Err(fail) => return Err(fail.throw(sc)),
    };
    if args.get(4).is_function() {
        let data = bytes_of(sc, args, 1)?;
        return job::run(sc, args.get(4), move || match open(&name, Some(length))? {
            Some((mut state, length)) => {
                state.update(&data);
                Ok(Out::Bytes(state.finish(length)))
            }
            None => Err(Fail::unsupported(&name)),
        });
    }
    feed(sc, &mut state, args.get(1))?;
    encoded(sc, state.finish(length), args.get(2))
}
