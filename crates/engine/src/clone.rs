//! Structured clone: values that cross threads, or are copied within one.
//!
//! ArrayBuffers are the engine's to transfer. Native objects (message ports) are the embedder's: what it takes out of them
//! travels beside the engine's buffer, which only knows its index.

use crate::context;
use crate::error::Thrown;
use crate::native_object;
use crate::scope::{JsResult, Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval::UndefinedValue;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The tag of a native object among the transferred ones; the engine leaves those above `JS_SCTAG_USER_MIN` to us.
const TAG_NATIVE: u32 = 0xFFFF_8001;

/// What the embedder does with native objects in a transfer list.
pub trait TransferHost {
    /// Whether the data of a native object can be transferred now.
    fn can_transfer(&self, data: &Rc<dyn Any>) -> bool;
    /// Takes out what travels; the object stays behind, of no use.
    fn take(&self, sc: &mut Scope<'_>, data: &Rc<dyn Any>) -> Option<Box<dyn Any + Send>>;
    /// Makes the object that what travelled becomes here.
    ///
    /// # Errors
    /// What its making throws.
    fn receive<'s>(&self, sc: &mut Scope<'s>, parcel: Box<dyn Any + Send>) -> JsResult<'s>;
}

/// Why a value was not serialized.
pub enum CloneFailure {
    /// A getter threw, or memory ran out.
    Thrown(Thrown),
    /// The engine's number of the reason (`JS_SCERR_*`): the embedder's DataCloneError.
    Refused(u32),
}

/// A value in transit. May be sent to another thread, and is read once if anything was transferred.
pub struct SerializedValue {
    buffer: *mut sm::JSAutoStructuredCloneBuffer,
    parcels: Vec<Option<Box<dyn Any + Send>>>,
}

// SAFETY: the buffer is plain memory (scope SameProcess): no reference to the writing thread's heap; shared buffers are
// reference counted atomically by the engine.
unsafe impl Send for SerializedValue {}

impl Drop for SerializedValue {
    fn drop(&mut self) {
        // SAFETY: we own the buffer; it also releases ArrayBuffers that were never read.
        unsafe { glue::DeleteJSAutoStructuredCloneBuffer(self.buffer) };
    }
}

static CALLBACKS: sm::JSStructuredCloneCallbacks = sm::JSStructuredCloneCallbacks {
    read: Some(read_other),
    write: Some(write_other),
    reportError: Some(report_error),
    readTransfer: Some(read_transfer),
    writeTransfer: Some(write_transfer),
    freeTransfer: Some(free_transfer),
    canTransfer: Some(can_transfer),
    sabCloned: None,
};

/// The tag of a WebAssembly module.
const TAG_WASM_MODULE: u32 = 0xFFFF_8002;

/// The slot of a WebAssembly.Module that holds the compiled module (js/src/wasm/WasmJS.h).
const WASM_MODULE_SLOT: u32 = 0;

unsafe extern "C" {
    #[link_name = "_ZNK2js4wasm6Module12createObjectEP9JSContext"]
    fn create_module_object(module: *const sm::WasmModule, cx: *mut sm::JSContext) -> *mut sm::JSObject;
}

/// Compiled modules that were sent: each is kept for good by one reference, as the last one may not be dropped by us. Addresses.
static SENT_MODULES: Mutex<BTreeSet<usize>> = Mutex::new(BTreeSet::new());

/// Keeps a compiled module alive.
///
/// # Safety
/// `module` is alive.
unsafe fn keep_module(module: *const sm::WasmModule) {
    let fresh = SENT_MODULES.lock().unwrap_or_else(PoisonError::into_inner).insert(module as usize);
    if fresh {
        // SAFETY: alive by the caller. Behind the table of virtual functions comes the count of references, an atomic word
        // (js/public/RefCounted.h).
        unsafe { &*module.cast::<AtomicUsize>().add(1) }.fetch_add(1, Ordering::Relaxed);
    }
}

/// Writes what the engine does not know: WebAssembly modules, which threads share.
unsafe extern "C" fn write_other(
    _cx: *mut sm::JSContext,
    writer: *mut sm::JSStructuredCloneWriter,
    object: sm::Handle<*mut sm::JSObject>,
    same_process: *mut bool,
    closure: *mut c_void,
) -> bool {
    // SAFETY: as in `report_error`; the handle is a root of the engine, and a module's slot is read after its class was asked.
    unsafe {
        if !sm::IsWasmModuleObject(object) {
            (*(closure as *const Call<'_>)).refused.set(Some(sm::JS_SCERR_UNSUPPORTED_TYPE));
            return false;
        }
        let mut slot = UndefinedValue();
        glue::JS_GetReservedSlot(*object.ptr, WASM_MODULE_SLOT, &mut slot);
        let module = slot.to_private().cast::<sm::WasmModule>();
        keep_module(module);
        *same_process = true;
        let address = module as u64;
        sm::JS_WriteUint32PairUnchecked(writer, TAG_WASM_MODULE, 0)
            && sm::JS_WriteBytes(writer, (&raw const address).cast(), size_of::<u64>())
    }
}

unsafe extern "C" fn read_other(
    cx: *mut sm::JSContext,
    reader: *mut sm::JSStructuredCloneReader,
    _policy: *const sm::CloneDataPolicy,
    tag: u32,
    _data: u32,
    closure: *mut c_void,
) -> *mut sm::JSObject {
    let mut address = 0_u64;
    // SAFETY: as in `report_error`. The bytes are those that `write_other` wrote in this process: the buffer never leaves it. The
    // module is kept alive for good.
    unsafe {
        if tag != TAG_WASM_MODULE || !sm::JS_ReadBytes(reader, (&raw mut address).cast(), size_of::<u64>()) {
            (*(closure as *const Call<'_>)).refused.set(Some(sm::JS_SCERR_UNSUPPORTED_TYPE));
            return std::ptr::null_mut();
        }
        create_module_object(address as *const sm::WasmModule, cx)
    }
}

/// What the callbacks of one call share.
struct Call<'a> {
    host: &'a dyn TransferHost,
    parcels: RefCell<Vec<Option<Box<dyn Any + Send>>>>,
    refused: Cell<Option<u32>>,
}

unsafe extern "C" fn report_error(_cx: *mut sm::JSContext, error: u32, closure: *mut c_void, _message: *const c_char) {
    // SAFETY: `closure` is the Call of the engine call that reports.
    unsafe { &*(closure as *const Call<'_>) }.refused.set(Some(error));
}

unsafe extern "C" fn can_transfer(
    _cx: *mut sm::JSContext,
    object: sm::Handle<*mut sm::JSObject>,
    _same_process: *mut bool,
    closure: *mut c_void,
) -> bool {
    // SAFETY: as in `report_error`; the handle is a root of the engine.
    let (call, object) = unsafe { (&*(closure as *const Call<'_>), *object.ptr) };
    native_object::data_of_object(object).is_some_and(|data| call.host.can_transfer(&data))
}

unsafe extern "C" fn write_transfer(
    cx: *mut sm::JSContext,
    object: sm::Handle<*mut sm::JSObject>,
    closure: *mut c_void,
    tag: *mut u32,
    ownership: *mut sm::TransferableOwnership,
    content: *mut *mut c_void,
    extra: *mut u64,
) -> bool {
    // SAFETY: as in `report_error`; out-parameters are valid, and the scope lives on the running thread's context.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        let Some(data) = native_object::data_of_object(*object.ptr) else { return false };
        let mut scope = Scope::new(cx, context::data_of(cx));
        let Some(parcel) = call.host.take(&mut scope, &data) else { return false };
        let mut parcels = call.parcels.borrow_mut();
        *tag = TAG_NATIVE;
        *ownership = sm::TransferableOwnership::SCTAG_TMO_CUSTOM;
        *content = std::ptr::null_mut();
        *extra = parcels.len() as u64;
        parcels.push(Some(parcel));
    }
    true
}

unsafe extern "C" fn read_transfer(
    cx: *mut sm::JSContext,
    _reader: *mut sm::JSStructuredCloneReader,
    _policy: *const sm::CloneDataPolicy,
    tag: u32,
    _content: *mut c_void,
    extra: u64,
    closure: *mut c_void,
    result: sm::MutableHandle<*mut sm::JSObject>,
) -> bool {
    if tag != TAG_NATIVE {
        return false;
    }
    // SAFETY: as in `write_transfer`.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        let parcel = call.parcels.borrow_mut().get_mut(extra as usize).and_then(Option::take);
        let Some(parcel) = parcel else { return false };
        let mut scope = Scope::new(cx, context::data_of(cx));
        let Ok(object) = call.host.receive(&mut scope, parcel) else { return false };
        *result.ptr = object.object_ptr();
    }
    true
}

unsafe extern "C" fn free_transfer(
    _tag: u32,
    _ownership: sm::TransferableOwnership,
    _content: *mut c_void,
    _extra: u64,
    _closure: *mut c_void,
) {
    // The parcel is dropped with its SerializedValue; `_closure` is gone by now.
}

fn policy() -> sm::CloneDataPolicy {
    sm::CloneDataPolicy { allowIntraClusterClonableSharedObjects_: true, allowSharedMemoryObjects_: true }
}

impl<'s> Scope<'s> {
    /// Serializes `value`; `transfer` is an array of transferables, or `undefined`.
    ///
    /// # Errors
    /// See [`CloneFailure`].
    pub fn serialize(
        &mut self,
        value: Local<'_>,
        transfer: Local<'_>,
        host: &dyn TransferHost,
    ) -> Result<SerializedValue, CloneFailure> {
        let call = Call { host, parcels: RefCell::default(), refused: Cell::new(None) };
        // SAFETY: the buffer is freshly made and owned; everything else is rooted, and `call` outlives the engine's call.
        unsafe {
            let buffer = glue::NewJSAutoStructuredCloneBuffer(sm::StructuredCloneScope::SameProcess, &CALLBACKS);
            let mut serialized = SerializedValue { buffer, parcels: Vec::new() };
            let written = Thrown::check(sm::JS_WriteStructuredClone(
                self.cx(),
                value.handle(),
                &raw mut (*buffer).data_,
                sm::StructuredCloneScope::SameProcess,
                &policy(),
                &CALLBACKS,
                (&raw const call) as *mut c_void,
                transfer.handle(),
            ));
            match (written, call.refused.get()) {
                (Ok(()), _) => {
                    serialized.parcels = call.parcels.into_inner();
                    Ok(serialized)
                }
                (Err(_), Some(reason)) if !sm::JS_IsExceptionPending(self.cx()) => Err(CloneFailure::Refused(reason)),
                (Err(thrown), _) => Err(CloneFailure::Thrown(thrown)),
            }
        }
    }

    /// Reads a serialized value in this context.
    ///
    /// # Errors
    /// What the making of a transferred object throws; a refusal of the engine is an Error.
    pub fn deserialize(&mut self, mut serialized: SerializedValue, host: &dyn TransferHost) -> JsResult<'s> {
        let (value, out) = self.out();
        let parcels = RefCell::new(std::mem::take(&mut serialized.parcels));
        let call = Call { host, parcels, refused: Cell::new(None) };
        // SAFETY: the buffer is alive; the result goes to a traced slot, and `call` outlives the engine's call.
        let read = Thrown::check(unsafe {
            sm::JS_ReadStructuredClone(
                self.cx(),
                &raw const (*serialized.buffer).data_,
                sm::JS_STRUCTURED_CLONE_VERSION,
                sm::StructuredCloneScope::SameProcess,
                out,
                &policy(),
                &CALLBACKS,
                (&raw const call) as *mut c_void,
            )
        });
        match read {
            Ok(()) => Ok(value),
            // SAFETY: reads the state of this context.
            Err(_) if call.refused.get().is_some() && !unsafe { sm::JS_IsExceptionPending(self.cx()) } => {
                Err(self.throw_error("the message could not be deserialized"))
            }
            Err(thrown) => Err(thrown),
        }
    }
}
