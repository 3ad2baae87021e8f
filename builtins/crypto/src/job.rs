//! Runs work here or in the pool, and turns its outcome into JavaScript values.

use anode_crypto_pure::error::{Class, Failure};
use anode_engine::ErrorClass;
use anode_runtime::{Args, JsResult, Local, Root, Scope, Thrown, env};

/// Why an operation failed: Node's code and message.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) class: ErrorClass,
    /// Empty for an error without a code.
    pub(crate) code: String,
    pub(crate) message: String,
    /// `library` and `reason`, for errors that Node passes on from OpenSSL.
    pub(crate) openssl: Option<(&'static str, String)>,
}

impl Fail {
    /// An `Error` with a code.
    pub(crate) fn new(code: &str, message: &str) -> Fail {
        Fail { class: ErrorClass::Error, code: code.into(), message: message.into(), openssl: None }
    }

    /// A `TypeError` with a code.
    pub(crate) fn type_error(code: &str, message: &str) -> Fail {
        Fail { class: ErrorClass::TypeError, ..Fail::new(code, message) }
    }

    /// A `RangeError` with a code.
    pub(crate) fn range_error(code: &str, message: &str) -> Fail {
        Fail { class: ErrorClass::RangeError, ..Fail::new(code, message) }
    }

    /// An error in the shape of OpenSSL's error queue. `number`: its hexadecimal number.
    pub(crate) fn openssl(number: &str, library: &'static str, reason: &str, prefix: &str) -> Fail {
        let word: String =
            reason.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        Fail {
            openssl: Some((library, reason.to_owned())),
            ..Fail::new(&format!("ERR_OSSL_{prefix}{word}"), &format!("error:{number}:{library}::{reason}"))
        }
    }

    /// An error of `anode_crypto_pure`.
    pub(crate) fn refusal(refusal: &anode_crypto_pure::error::Refusal) -> Fail {
        Fail {
            openssl: Some((refusal.library, refusal.reason.to_owned())),
            ..Fail::new(&refusal.code(), &refusal.message())
        }
    }

    /// A failure of `anode_crypto_pure`.
    pub(crate) fn pure(failure: Failure) -> Fail {
        match failure {
            Failure::Node { class, code, message } => {
                let class = match class {
                    Class::Error => ErrorClass::Error,
                    Class::RangeError => ErrorClass::RangeError,
                    Class::TypeError => ErrorClass::TypeError,
                };
                Fail { class, ..Fail::new(code, &message) }
            }
            Failure::OpenSsl(refusal) => Fail::refusal(&refusal),
        }
    }

    /// Something this build's algorithms cannot do.
    pub(crate) fn unsupported(what: &str) -> Fail {
        Fail::new("ERR_CRYPTO_UNSUPPORTED_OPERATION", &format!("Unsupported crypto operation: {what}"))
    }

    pub(crate) fn make<'s>(&self, sc: &mut Scope<'s>) -> JsResult<'s> {
        let error = sc.make_error(self.class, &self.message)?;
        if let Some((library, reason)) = &self.openssl {
            let value = sc.string(library);
            sc.set(error, "library", value)?;
            let value = sc.string(reason);
            sc.set(error, "reason", value)?;
        }
        if !self.code.is_empty() {
            let value = sc.string(&self.code);
            sc.set(error, "code", value)?;
            if self.openssl.is_none() {
                let class = match self.class {
                    ErrorClass::RangeError => "RangeError",
                    ErrorClass::TypeError => "TypeError",
                    _ => "Error",
                };
                let header = sc.string(&format!("{class} [{}]: {}", self.code, self.message));
                sc.set_stack_header(error, header)?;
            }
        }
        Ok(error)
    }

    pub(crate) fn throw(&self, sc: &mut Scope<'_>) -> Thrown {
        match self.make(sc) {
            Ok(error) => sc.throw(error),
            Err(thrown) => thrown,
        }
    }
}

/// What an operation gives.
pub(crate) enum Out {
    Bool(bool),
    /// An ArrayBuffer.
    Bytes(Vec<u8>),
    /// A native key (see `keys`).
    Key(crate::keys::SharedKey),
    List(Vec<Out>),
    /// An object.
    Map(Vec<(&'static str, Out)>),
    Number(f64),
    Text(String),
    Undefined,
}

pub(crate) type Outcome = Result<Out, Fail>;

impl Out {
    pub(crate) fn make<'s>(self, sc: &mut Scope<'s>) -> JsResult<'s> {
        Ok(match self {
            Out::Bool(value) => sc.boolean(value),
            Out::Bytes(bytes) => sc.array_buffer(bytes)?,
            Out::Key(key) => crate::keys::wrap(sc, key)?,
            Out::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(item.make(sc)?);
                }
                sc.array(&values)
            }
            Out::Map(entries) => {
                let object = sc.object();
                for (name, item) in entries {
                    let value = item.make(sc)?;
                    sc.set(object, name, value)?;
                }
                object
            }
            Out::Number(value) => sc.number(value),
            Out::Text(text) => sc.string(&text),
            Out::Undefined => sc.undefined(),
        })
    }
}

/// Returns or throws an outcome.
pub(crate) fn finish<'s>(sc: &mut Scope<'s>, outcome: Outcome) -> JsResult<'s> {
    match outcome {
        Ok(out) => out.make(sc),
        Err(fail) => Err(fail.throw(sc)),
    }
}

/// Runs `work` in the pool if `callback` is a function, else here.
pub(crate) fn run<'s>(
    sc: &mut Scope<'s>,
    callback: Local<'s>,
    work: impl FnOnce() -> Outcome + Send + 'static,
) -> JsResult<'s> {
    if !callback.is_function() {
        let outcome = work();
        return finish(sc, outcome);
    }
    let callback = Root::new(sc, callback);
    env(sc).run_in_pool(work, move |sc, outcome| {
        let callback = callback.get(sc);
        let undefined = sc.undefined();
        let args = match outcome {
            Ok(out) => [sc.null(), out.make(sc)?],
            Err(fail) => [fail.make(sc)?, undefined],
        };
        sc.call(callback, undefined, &args)?;
        Ok(())
    });
    Ok(sc.undefined())
}

/// The bytes of argument `index`: of a buffer, or the UTF-8 of a string; nothing for anything else.
pub(crate) fn bytes_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>, index: usize) -> Result<Vec<u8>, Thrown> {
    let value = args.get(index);
    if value.is_string() {
        return sc.to_utf8(value);
    }
    Ok(sc.copy_bytes(value).unwrap_or_default())
}

/// The number of argument `index` as a size; 0 if it is none.
pub(crate) fn size_of(args: &Args<'_>, index: usize) -> usize {
    args.get(index).as_f64().unwrap_or(0.0) as usize
}

/// The text of argument `index`; empty for undefined.
pub(crate) fn text_of<'s>(sc: &mut Scope<'s>, args: &Args<'s>, index: usize) -> Result<String, Thrown> {
    let value = args.get(index);
    if value.is_nullish() { Ok(String::new()) } else { sc.to_string(value) }
}
