//! Bytes: ArrayBuffers and the views on them.

use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use crate::string::Chars;
use mozjs::jsapi as sm;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What kind of view a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// `ArrayBuffer`
    ArrayBuffer,
    /// `SharedArrayBuffer`
    SharedArrayBuffer,
    /// A typed array or DataView.
    View,
}

/// The allocation behind an external ArrayBuffer, and the count it is part of.
struct External {
    _bytes: Vec<u8>,
    size: usize,
    counter: Arc<AtomicUsize>,
}

impl Drop for External {
    fn drop(&mut self) {
        self.counter.fetch_sub(self.size, Ordering::Relaxed);
    }
}

/// Releases the bytes of an external ArrayBuffer.
unsafe extern "C" fn free_external(_contents: *mut c_void, info: *mut c_void) {
    // SAFETY: `Scope::array_buffer` leaked exactly this box; the engine calls this once. May run on any thread: everything in
    // it is Send.
    drop(unsafe { Box::from_raw(info.cast::<External>()) });
}

struct Bytes {
    start: *mut u8,
    length: usize,
    shared: bool,
}

impl<'s> Scope<'s> {
    /// An ArrayBuffer that owns `bytes`, without a copy.
    pub fn array_buffer(&mut self, bytes: Vec<u8>) -> JsResult<'s> {
        self.stress();
        if bytes.capacity() == 0 {
            // SAFETY: allocation of an empty buffer.
            let object = unsafe { sm::NewArrayBuffer(self.cx(), 0) };
            return self.object_local(object);
        }
        let size = bytes.len();
        self.count_external(size);
        let counter = self.data().gc.array_buffer_bytes.clone();
        counter.fetch_add(size, Ordering::Relaxed);
        let mut external = Box::new(External { _bytes: bytes, size, counter });
        let start = external._bytes.as_mut_ptr();
        let info = Box::into_raw(external);
        // SAFETY: the engine owns the allocation from here on and frees it with `free_external`; if making the object fails
        // it does not call that, so the box is dropped below.
        let object = unsafe {
            sm::glue::NewExternalArrayBuffer(self.cx(), size, start.cast(), Some(free_external), info.cast())
        };
        if object.is_null() {
            // SAFETY: the engine did not take it.
            drop(unsafe { Box::from_raw(info) });
            return Err(Thrown::pending());
        }
        self.object_local(object)
    }

    /// An ArrayBuffer of `size` bytes whose content is whatever was there before. Its memory is the engine's own.
    ///
    /// # Errors
    /// Out of memory.
    pub fn array_buffer_unset(&mut self, size: usize) -> JsResult<'s> {
        self.stress();
        // SAFETY: plain allocation; the engine frees contents of its buffers with the same allocator.
        let contents = unsafe { libc::malloc(size.max(1)) };
        if contents.is_null() {
            return Err(self.throw_range_error("Array buffer allocation failed"));
        }
        // SAFETY: `contents` is valid for `size` bytes and belongs to the engine from here on, which frees it if it fails, too.
        let object = unsafe { sm::glue::NewArrayBufferWithContents(self.cx(), size, contents) };
        self.object_local(object)
    }

    /// A Uint8Array over a fresh ArrayBuffer that owns `bytes`.
    pub fn uint8_array(&mut self, bytes: Vec<u8>) -> JsResult<'s> {
        self.stress();
        let length = bytes.len();
        let buffer = self.array_buffer(bytes)?;
        root_object!(self, buffer = buffer);
        // SAFETY: rooted; the length fits the buffer.
        let object = unsafe { sm::JS_NewUint8ArrayWithBuffer(self.cx(), h!(buffer), 0, length as i64) };
        self.object_local(object)
    }

    /// A Float64Array with a copy of `values`.
    pub fn float64_array(&mut self, values: &[f64]) -> JsResult<'s> {
        // SAFETY: allocation, then a copy while nothing can collect.
        unsafe {
            let object = sm::JS_NewFloat64Array(self.cx(), values.len());
            let local = self.object_local(object)?;
            let mut shared = false;
            let data = sm::JS_GetFloat64ArrayData(local.object_ptr(), &mut shared, ptr::null());
            ptr::copy_nonoverlapping(values.as_ptr(), data, values.len());
            Ok(local)
        }
    }

    /// Which kind of bytes `value` is, if any.
    pub fn view_kind(&self, value: Local<'_>) -> Option<ViewKind> {
        let object = value.object_ptr();
        if object.is_null() {
            return None;
        }
        // SAFETY: a live object; class checks only.
        unsafe {
            if sm::JS_IsArrayBufferViewObject(object) {
                Some(ViewKind::View)
            } else if sm::IsArrayBufferObject(object) {
                Some(ViewKind::ArrayBuffer)
            } else if sm::IsSharedArrayBufferObject(object) {
                Some(ViewKind::SharedArrayBuffer)
            } else {
                None
            }
        }
    }

    fn bytes_of(&self, value: Local<'_>) -> Option<Bytes> {
        let object = value.object_ptr();
        let kind = self.view_kind(value)?;
        let (mut length, mut shared, mut start) = (0, false, ptr::null_mut());
        // SAFETY: a live object of the checked kind; detached buffers answer length 0.
        unsafe {
            match kind {
                ViewKind::View => {
                    start = sm::JS_GetArrayBufferViewData(object, &mut shared, ptr::null()).cast::<u8>();
                    length = sm::JS_GetArrayBufferViewByteLength(object);
                }
                ViewKind::ArrayBuffer => {
                    sm::GetArrayBufferLengthAndData(object, &mut length, &mut shared, &mut start);
                }
                ViewKind::SharedArrayBuffer => {
                    sm::GetSharedArrayBufferLengthAndData(object, &mut length, &mut shared, &mut start);
                }
            }
        }
        if start.is_null() || length == 0 {
            return Some(Bytes { start: ptr::NonNull::dangling().as_ptr(), length: 0, shared });
        }
        Some(Bytes { start, length, shared })
    }

    /// Lends the bytes of an ArrayBuffer, typed array or DataView. `None` for any other value. Shared memory is copied
    /// first, as another thread may write to it.
    pub fn with_bytes<R>(&mut self, value: Local<'_>, read: impl FnOnce(&[u8]) -> R) -> Option<R> {
        let bytes = self.bytes_of(value)?;
        // SAFETY: `start` is valid for `length` bytes until the engine moves or detaches the buffer. That takes a scope, and
        // `read` gets none. No other thread writes: unshared memory, or a copy of shared memory made below.
        let slice = unsafe { std::slice::from_raw_parts(bytes.start, bytes.length) };
        if bytes.shared {
            // A racy copy is what ECMA-262's memory model gives for unordered reads.
            let copy = slice.to_vec();
            return Some(read(&copy));
        }
        Some(read(slice))
    }

    /// Lends the bytes for writing. `None` for any other value.
    pub fn with_bytes_mut<R>(&mut self, value: Local<'_>, write: impl FnOnce(&mut [u8]) -> R) -> Option<R> {
        let bytes = self.bytes_of(value)?;
        if bytes.shared {
            // SAFETY: as in `with_bytes`.
            let mut copy = unsafe { std::slice::from_raw_parts(bytes.start, bytes.length) }.to_vec();
            let result = write(&mut copy);
            // SAFETY: same length, distinct allocations.
            unsafe { ptr::copy_nonoverlapping(copy.as_ptr(), bytes.start, bytes.length) };
            return Some(result);
        }
        // SAFETY: as in `with_bytes`; the scope is borrowed, so nobody else touches the bytes meanwhile.
        Some(write(unsafe { std::slice::from_raw_parts_mut(bytes.start, bytes.length) }))
    }

    /// Lends the bytes of two values, which may overlap. `None` unless both have bytes.
    pub fn with_two_bytes<R>(
        &mut self,
        first: Local<'_>,
        second: Local<'_>,
        read: impl FnOnce(&[u8], &[u8]) -> R,
    ) -> Option<R> {
        let second = self.bytes_of(second)?;
        // SAFETY: as in `with_bytes`, for two values: neither lookup can collect, and `read` gets no scope.
        let slice = unsafe { std::slice::from_raw_parts(second.start, second.length) };
        if second.shared {
            let copy = slice.to_vec();
            return self.with_bytes(first, |bytes| read(bytes, &copy));
        }
        self.with_bytes(first, |bytes| read(bytes, slice))
    }

    /// Lends the characters of a string, and bytes for writing. `None` unless there are both.
    pub fn with_chars_and_bytes_mut<R>(
        &mut self,
        string: Local<'_>,
        value: Local<'_>,
        write: impl FnOnce(Chars<'_>, &mut [u8]) -> R,
    ) -> Option<R> {
        // Flattening may allocate, so it comes before the bytes are looked up; a second look at a flat string does not.
        self.with_chars(string, |_| ())?;
        let bytes = self.bytes_of(value)?;
        // SAFETY: as in `with_bytes_mut`; the characters of a string are never part of a buffer.
        let slice = unsafe { std::slice::from_raw_parts_mut(bytes.start, bytes.length) };
        if !bytes.shared {
            return self.with_chars(string, |chars| write(chars, slice));
        }
        let mut copy = slice.to_vec();
        let result = self.with_chars(string, |chars| write(chars, &mut copy));
        slice.copy_from_slice(&copy);
        result
    }

    /// Copies up to `count` bytes from `source` at `from` to `target` at `to`, as far as both reach; they may overlap.
    /// Returns how many, or `None` unless both have bytes.
    pub fn copy_between(
        &mut self,
        source: Local<'_>,
        from: usize,
        target: Local<'_>,
        to: usize,
        count: usize,
    ) -> Option<usize> {
        let source = self.bytes_of(source)?;
        let target = self.bytes_of(target)?;
        let count = count.min(source.length.saturating_sub(from)).min(target.length.saturating_sub(to));
        if count > 0 {
            // SAFETY: both ranges are within their memory, which stays put as neither lookup can collect; `copy` allows
            // overlap. If the memory is shared, the race is that of ECMA-262's unordered accesses.
            unsafe { ptr::copy(source.start.add(from), target.start.add(to), count) };
        }
        Some(count)
    }

    /// A copy of the bytes.
    pub fn copy_bytes(&mut self, value: Local<'_>) -> Option<Vec<u8>> {
        self.with_bytes(value, <[u8]>::to_vec)
    }

    /// Length in bytes.
    pub fn byte_length(&self, value: Local<'_>) -> Option<usize> {
        self.bytes_of(value).map(|bytes| bytes.length)
    }

    /// Forbids for good to detach, transfer or resize an ArrayBuffer: trying throws a TypeError.
    pub fn pin_array_buffer(&mut self, buffer: Local<'_>) {
        let object = buffer.object_ptr();
        if self.view_kind(buffer) == Some(ViewKind::ArrayBuffer) {
            // SAFETY: a live ArrayBuffer; sets a flag.
            unsafe { sm::PinArrayBufferOrViewLength(object, true) };
        }
    }

    /// Detaches an ArrayBuffer.
    pub fn detach(&mut self, buffer: Local<'_>) -> Result<(), Thrown> {
        root_object!(self, buffer = buffer);
        // SAFETY: rooted.
        Thrown::check(unsafe { sm::DetachArrayBuffer(self.cx(), h!(buffer)) })
    }
}
