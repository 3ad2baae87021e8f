//! Structured clone: values that cross threads, or are copied within one.

use crate::error::Thrown;
use crate::scope::{JsResult, Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use std::ptr;

/// A value in transit. May be sent to another thread and read there once per transfer.
pub struct SerializedValue {
    buffer: *mut sm::JSAutoStructuredCloneBuffer,
}

// SAFETY: the buffer is plain memory (scope SameProcess): no reference to the writing thread's heap; shared buffers are
// reference counted atomically by the engine.
unsafe impl Send for SerializedValue {}

impl Drop for SerializedValue {
    fn drop(&mut self) {
        // SAFETY: we own the buffer; it also releases transferables that were never read.
        unsafe { glue::DeleteJSAutoStructuredCloneBuffer(self.buffer) };
    }
}

static CALLBACKS: sm::JSStructuredCloneCallbacks = sm::JSStructuredCloneCallbacks {
    read: None,
    write: None,
    reportError: None,
    readTransfer: None,
    writeTransfer: None,
    freeTransfer: None,
    canTransfer: None,
    sabCloned: None,
};

fn policy() -> sm::CloneDataPolicy {
    sm::CloneDataPolicy { allowIntraClusterClonableSharedObjects_: true, allowSharedMemoryObjects_: true }
}

impl<'s> Scope<'s> {
    /// Serializes `value`; `transfer` is an array of transferables, or `undefined`.
    ///
    /// # Errors
    /// The engine's own error for what cannot be cloned; callers turn it into a DataCloneError.
    pub fn serialize(&mut self, value: Local<'_>, transfer: Local<'_>) -> Result<SerializedValue, Thrown> {
        // SAFETY: the buffer is freshly made and owned; everything else is rooted.
        unsafe {
            let buffer = glue::NewJSAutoStructuredCloneBuffer(sm::StructuredCloneScope::SameProcess, &CALLBACKS);
            let serialized = SerializedValue { buffer };
            Thrown::check(sm::JS_WriteStructuredClone(
                self.cx(),
                value.handle(),
                &raw mut (*buffer).data_,
                sm::StructuredCloneScope::SameProcess,
                &policy(),
                &CALLBACKS,
                ptr::null_mut(),
                transfer.handle(),
            ))?;
            Ok(serialized)
        }
    }

    /// Reads a serialized value in this context.
    pub fn deserialize(&mut self, serialized: &SerializedValue) -> JsResult<'s> {
        let (value, out) = self.out();
        // SAFETY: the buffer is alive; the result goes to a traced slot.
        Thrown::check(unsafe {
            sm::JS_ReadStructuredClone(
                self.cx(),
                &raw const (*serialized.buffer).data_,
                sm::JS_STRUCTURED_CLONE_VERSION,
                sm::StructuredCloneScope::SameProcess,
                out,
                &policy(),
                &CALLBACKS,
                ptr::null_mut(),
            )
        })?;
        Ok(value)
    }
}
