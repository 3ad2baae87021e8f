//! The types of `js_native_api_types.h` and `node_api_types.h`, and the wrappers through which safe code reads and writes
//! what C passes.
//!
//! **Invariant:** values of [`Value`], [`Out`], [`In`], [`List`] and [`EnvRef`] come from C only, as parameters of exported
//! functions. The header promises that a pointer is null or valid for its purpose during the call; null is checked here.

use crate::env::Env;
use anode_engine::{Local, raw};
use mozjs::jsapi as sm;
use std::ffi::{c_char, c_void};
use std::marker::PhantomData;
use std::ptr;

/// `napi_status`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "the list is that of the C header")]
pub enum Status {
    Ok,
    InvalidArg,
    ObjectExpected,
    StringExpected,
    NameExpected,
    FunctionExpected,
    NumberExpected,
    BooleanExpected,
    ArrayExpected,
    GenericFailure,
    PendingException,
    Cancelled,
    EscapeCalledTwice,
    HandleScopeMismatch,
    CallbackScopeMismatch,
    QueueFull,
    Closing,
    BigintExpected,
    DateExpected,
    ArraybufferExpected,
    DetachableArraybufferExpected,
    WouldDeadlock,
    NoExternalBuffersAllowed,
    CannotRunJs,
}

impl Status {
    /// The text for `napi_get_last_error_info`; none for `napi_ok`. Node docs: napi_extended_error_info.
    pub(crate) fn message(self) -> *const c_char {
        let text = match self {
            Status::Ok => return ptr::null(),
            Status::InvalidArg => c"Invalid argument",
            Status::ObjectExpected => c"An object was expected",
            Status::StringExpected => c"A string was expected",
            Status::NameExpected => c"A string or symbol was expected",
            Status::FunctionExpected => c"A function was expected",
            Status::NumberExpected => c"A number was expected",
            Status::BooleanExpected => c"A boolean was expected",
            Status::ArrayExpected => c"An array was expected",
            Status::GenericFailure => c"Unknown failure",
            Status::PendingException => c"An exception is pending",
            Status::Cancelled => c"The async work item was cancelled",
            Status::EscapeCalledTwice => c"napi_escape_handle already called on scope",
            Status::HandleScopeMismatch => c"Invalid handle scope usage",
            Status::CallbackScopeMismatch => c"Invalid callback scope usage",
            Status::QueueFull => c"Thread-safe function queue is full",
            Status::Closing => c"Thread-safe function handle is closing",
            Status::BigintExpected => c"A bigint was expected",
            Status::DateExpected => c"A date was expected",
            Status::ArraybufferExpected => c"An arraybuffer was expected",
            Status::DetachableArraybufferExpected => c"A detachable arraybuffer was expected",
            Status::WouldDeadlock => c"Main thread would deadlock",
            Status::NoExternalBuffersAllowed => c"External buffers are not allowed",
            Status::CannotRunJs => c"Cannot run JavaScript",
        };
        text.as_ptr()
    }
}

/// `napi_extended_error_info`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ExtendedErrorInfo {
    pub(crate) error_message: *const c_char,
    pub(crate) engine_reserved: *mut c_void,
    pub(crate) engine_error_code: u32,
    pub(crate) error_code: Status,
}

/// `napi_callback`.
pub type Callback = unsafe extern "C" fn(*const Env, *const crate::function::CallbackInfo) -> *mut sm::Value;
/// `napi_finalize`.
pub type Finalize = unsafe extern "C" fn(*const Env, *mut c_void, *mut c_void);

/// `napi_property_descriptor`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PropertyDescriptor {
    pub(crate) utf8name: *const c_char,
    pub(crate) name: Value,
    pub(crate) method: Option<Callback>,
    pub(crate) getter: Option<Callback>,
    pub(crate) setter: Option<Callback>,
    pub(crate) value: Value,
    pub(crate) attributes: i32,
    pub(crate) data: *mut c_void,
}

pub(crate) const WRITABLE: i32 = 1;
pub(crate) const ENUMERABLE: i32 = 1 << 1;
pub(crate) const CONFIGURABLE: i32 = 1 << 2;
pub(crate) const STATIC: i32 = 1 << 10;

/// `NAPI_AUTO_LENGTH`: the text ends with a NUL.
pub(crate) const AUTO_LENGTH: usize = usize::MAX;

/// `napi_type_tag`.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeTag {
    pub(crate) lower: u64,
    pub(crate) upper: u64,
}

/// `napi_env`.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct EnvRef(*const Env);

impl EnvRef {
    /// The environment, unless C passed null. Environments are never freed.
    pub(crate) fn get<'a>(self) -> Option<&'a Env> {
        // SAFETY: by the module's invariant: null, or one that was handed out, and those are leaked.
        unsafe { self.0.as_ref() }
    }
}

/// `napi_value`: the address of a slot that the engine traces.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Value(pub(crate) *mut sm::Value);

impl Value {
    pub(crate) const NULL: Value = Value(ptr::null_mut());

    /// The value as a local.
    ///
    /// # Errors
    /// `napi_invalid_arg` for null.
    #[inline]
    pub(crate) fn local<'s>(self) -> Result<Local<'s>, Status> {
        if self.0.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null, so by the module's invariant a slot of an open handle scope or of the running call's arguments;
        // locals made here are used within the call that got the value, and no handle scope closes meanwhile.
        Ok(unsafe { raw::local_at(self.0) })
    }

    /// The raw value.
    #[inline]
    pub(crate) fn get(self) -> Result<sm::Value, Status> {
        if self.0.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: as in `local`.
        Ok(unsafe { self.0.read() })
    }

    pub(crate) fn is_null(self) -> bool {
        self.0.is_null()
    }
}

/// A pointer for a result.
#[repr(transparent)]
pub struct Out<'a, T>(*mut T, PhantomData<&'a mut T>);

impl<T> Clone for Out<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Out<'_, T> {}

impl<T> Out<'_, T> {
    /// `napi_invalid_arg` for null.
    #[inline]
    pub(crate) fn check(self) -> Result<(), Status> {
        if self.0.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }

    /// Stores the result; `napi_invalid_arg` for null.
    #[inline]
    pub(crate) fn set(self, value: T) -> Result<(), Status> {
        self.check()?;
        // SAFETY: not null, so valid for a write by the module's invariant.
        unsafe { self.0.write(value) };
        Ok(())
    }

    /// Stores the result if C wants it.
    #[inline]
    pub(crate) fn set_if(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: as in `set`.
            unsafe { self.0.write(value) };
        }
    }

    pub(crate) fn is_null(self) -> bool {
        self.0.is_null()
    }
}

impl<T: Copy> Out<'_, T> {
    /// What stands there, for parameters that go both ways.
    #[inline]
    pub(crate) fn read(self) -> Result<T, Status> {
        self.check()?;
        // SAFETY: not null, and initialised by C, as the header says of in-out parameters.
        Ok(unsafe { self.0.read() })
    }
}

/// A pointer to something that C passes to be read.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct In<'a, T>(*const T, PhantomData<&'a T>);

impl<'a, T> In<'a, T> {
    pub(crate) fn get(self) -> Result<&'a T, Status> {
        // SAFETY: null or valid during the call by the module's invariant.
        unsafe { self.0.as_ref() }.ok_or(Status::InvalidArg)
    }
}

/// The start of an array whose length is another parameter.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct List<'a, T>(*const T, PhantomData<&'a T>);

impl<'a, T> List<'a, T> {
    /// `count` items; null is fine for none.
    pub(crate) fn items(self, count: usize) -> Result<&'a [T], Status> {
        if count == 0 {
            return Ok(&[]);
        }
        if self.0.is_null() {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null; the caller's count, by the module's invariant.
        Ok(unsafe { std::slice::from_raw_parts(self.0, count) })
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

impl<'a> List<'a, c_char> {
    /// The bytes of a text of `length` bytes, or up to its NUL for [`AUTO_LENGTH`].
    pub(crate) fn text(self, length: usize) -> Result<&'a [u8], Status> {
        if self.0.is_null() {
            return if length == 0 { Ok(&[]) } else { Err(Status::InvalidArg) };
        }
        if length == AUTO_LENGTH {
            // SAFETY: not null, and NUL-terminated by the meaning of AUTO_LENGTH.
            return Ok(unsafe { std::ffi::CStr::from_ptr(self.0) }.to_bytes());
        }
        if length > i32::MAX as usize {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null; the caller's length.
        Ok(unsafe { std::slice::from_raw_parts(self.0.cast::<u8>(), length) })
    }
}

impl<'a> List<'a, u16> {
    /// As `text` of bytes, for UTF-16.
    pub(crate) fn text(self, length: usize) -> Result<&'a [u16], Status> {
        if self.0.is_null() {
            return if length == 0 { Ok(&[]) } else { Err(Status::InvalidArg) };
        }
        let mut count = length;
        if length == AUTO_LENGTH {
            count = 0;
            // SAFETY: not null, and NUL-terminated by the meaning of AUTO_LENGTH.
            while unsafe { self.0.add(count).read() } != 0 {
                count += 1;
            }
        } else if length > i32::MAX as usize {
            return Err(Status::InvalidArg);
        }
        // SAFETY: not null; the caller's length, or up to the NUL.
        Ok(unsafe { std::slice::from_raw_parts(self.0, count) })
    }
}

/// Room for `count` items that C wants written.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Room<'a, T>(*mut T, PhantomData<&'a mut T>);

impl<T: Copy> Room<'_, T> {
    /// Stores `value` as item `index`, which the caller checked against the length that C gave.
    #[inline]
    pub(crate) fn put(self, index: usize, value: T) {
        // SAFETY: not null (`is_null` was asked) and `index` below C's length.
        unsafe { self.0.add(index).write(value) };
    }

    /// Copies `items`, which are no more than C's length.
    pub(crate) fn put_all(self, items: &[T]) {
        // SAFETY: as in `put`; C's memory and ours do not overlap.
        unsafe { ptr::copy_nonoverlapping(items.as_ptr(), self.0, items.len()) };
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }
}
