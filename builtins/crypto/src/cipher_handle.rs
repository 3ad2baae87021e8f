//! `createCipheriv` and `createDecipheriv`: a cipher at work as a native object.

use crate::job::{Fail, Out, bytes_of, finish, run, size_of, text_of};
use anode_crypto_pure::ciphers::{self, Setup, Work};
use anode_runtime::{Args, JsResult, Scope};
use std::cell::RefCell;
use std::rc::Rc;

/// About what a running cipher takes besides its handle, in bytes.
const STATE_BYTES: usize = 1024;

/// What a JavaScript handle owns.
struct Handle {
    work: RefCell<Box<dyn Work>>,
}

/// `cipherNew(name, encrypt, key, iv, tagLength)`: a handle; undefined if there is no such cipher.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let encrypt = args.get(1).is_true();
    let (key, iv) = (bytes_of(sc, args, 2)?, bytes_of(sc, args, 3)?);
    let setup = Setup { encrypt, key: &key, iv: &iv, tag_bytes: size_of(args, 4) };
    match ciphers::open(&name, setup) {
        Ok(Some(work)) => sc.native_object_of(None, Rc::new(Handle { work: RefCell::new(work) }), STATE_BYTES),
        Ok(None) => Ok(sc.undefined()),
        Err(failure) => Err(Fail::pure(failure).throw(sc)),
    }
}

/// `cipherUpdate(handle, data)`: the output so far.
pub(crate) fn update<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let data = args.get(1);
    let outcome = if data.is_string() {
        let bytes = sc.to_utf8(data)?;
        handle.work.borrow_mut().update(&bytes)
    } else {
        let result = sc.with_bytes(data, |bytes| handle.work.borrow_mut().update(bytes));
        result.unwrap_or_else(|| Ok(Vec::new()))
    };
    finish(sc, outcome.map(Out::Bytes).map_err(Fail::pure))
}

/// `cipherFinal(handle)`: the rest of the output.
pub(crate) fn final_block<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let outcome = handle.work.borrow_mut().finish();
    finish(sc, outcome.map(Out::Bytes).map_err(Fail::pure))
}

/// `cipherAAD(handle, data, plaintextLength)`
pub(crate) fn aad<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let data = bytes_of(sc, args, 1)?;
    handle.work.borrow_mut().aad(&data);
    Ok(sc.undefined())
}

/// `cipherPadding(handle, on)`
pub(crate) fn padding<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    handle.work.borrow_mut().set_padding(args.get(1).is_true());
    Ok(sc.undefined())
}

/// `cipherSetTag(handle, tag)`
pub(crate) fn set_tag<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let tag = bytes_of(sc, args, 1)?;
    handle.work.borrow_mut().set_tag(tag);
    Ok(sc.undefined())
}

/// `cipherTag(handle)`: the tag after encryption.
pub(crate) fn tag<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<Handle>(args.get(0))?;
    let tag = handle.work.borrow().tag();
    sc.array_buffer(tag)
}

/// `cipher(name, encrypt, key, iv, data, aad, tagLength, callback)`: everything at once, for Web Crypto. With a tag length,
/// the tag follows the ciphertext.
pub(crate) fn whole<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = text_of(sc, args, 0)?;
    let encrypt = args.get(1).is_true();
    let [key, iv, data, aad] =
        [bytes_of(sc, args, 2)?, bytes_of(sc, args, 3)?, bytes_of(sc, args, 4)?, bytes_of(sc, args, 5)?];
    let tag_bytes = size_of(args, 6);
    run(sc, args.get(7), move || {
        let setup = Setup { encrypt, key: &key, iv: &iv, tag_bytes };
        let out = ciphers::whole(&name, setup, &aad, &data).map_err(Fail::pure)?;
        out.map(Out::Bytes).ok_or_else(|| Fail::unsupported(&name))
    })
}
