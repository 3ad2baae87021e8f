//! Randomness of the operating system, and the comparison that takes the same time for all inputs.

use crate::job::{self, Fail, Out, size_of};
pub(crate) use anode_crypto_pure::random::Source;
use anode_runtime::{Args, JsResult, Root, Scope, env};
use subtle::ConstantTimeEq as _;

fn fail() -> Fail {
    Fail::new("ERR_CRYPTO_OPERATION_FAILED", "the operating system gives no randomness")
}

/// `count` random bytes.
pub(crate) fn random(count: usize) -> Result<Vec<u8>, Fail> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(|_| fail())?;
    Ok(bytes)
}

/// `randomBytes(size, callback)`
pub(crate) fn bytes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let size = size_of(args, 0);
    job::run(sc, args.get(1), move || random(size).map(Out::Bytes))
}

/// `randomFillSync(view, start, size)`, in bytes.
pub(crate) fn fill_sync<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (start, size) = (size_of(args, 1), size_of(args, 2));
    let filled = sc.with_bytes_mut(args.get(0), |bytes| match bytes.get_mut(start..start.saturating_add(size)) {
        Some(room) => getrandom::fill(room).is_ok(),
        None => false,
    });
    match filled {
        Some(true) => Ok(sc.undefined()),
        _ => Err(fail().throw(sc)),
    }
}

/// `randomFill(view, start, size, callback)`
pub(crate) fn fill<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (start, size) = (size_of(args, 1), size_of(args, 2));
    let (view, callback) = (Root::new(sc, args.get(0)), Root::new(sc, args.get(3)));
    env(sc).run_in_pool(
        move || random(size),
        move |sc, result| {
            let (view, callback) = (view.get(sc), callback.get(sc));
            let error = match result {
                Ok(fresh) => {
                    // The buffer may have been detached meanwhile: then there is nothing to fill.
                    sc.with_bytes_mut(view, |bytes| {
                        if let Some(room) = bytes.get_mut(start..start.saturating_add(size)) {
                            room.copy_from_slice(&fresh);
                        }
                    });
                    sc.null()
                }
                Err(fail) => fail.make(sc)?,
            };
            let undefined = sc.undefined();
            sc.call(callback, undefined, &[error])?;
            Ok(())
        },
    );
    Ok(sc.undefined())
}

/// `randomUUIDs(count)`: that many UUIDs of version 4 in one string, 36 characters each. RFC 9562 §5.4.
pub(crate) fn uuids<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let count = size_of(args, 0);
    let fresh = match random(count * 16) {
        Ok(fresh) => fresh,
        Err(fail) => return Err(fail.throw(sc)),
    };
    let mut text = Vec::with_capacity(count * 36);
    for uuid in fresh.chunks_exact(16) {
        for (at, byte) in uuid.iter().enumerate() {
            let byte = match at {
                6 => byte & 0x0f | 0x40,
                8 => byte & 0x3f | 0x80,
                _ => *byte,
            };
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push(b'-');
            }
            text.push(DIGITS[usize::from(byte >> 4)]);
            text.push(DIGITS[usize::from(byte & 15)]);
        }
    }
    Ok(sc.string_latin1(&text))
}

/// `timingSafeEqual(a, b)`: for views of one length.
pub(crate) fn timing_safe_equal<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let a = sc.copy_bytes(args.get(0)).unwrap_or_default();
    let equal = sc.with_bytes(args.get(1), |b| bool::from(a.as_slice().ct_eq(b)));
    Ok(sc.boolean(equal.unwrap_or(false)))
}
