//! Structured clone: values that cross threads, or are copied within one.
//!
//! ArrayBuffers are the engine's to transfer. Native objects (message ports) and objects of marked classes are the embedder's:
//! what it makes of them travels beside the engine's buffer, which only knows its index.
//!
//! A class is marked by a property of its prototype, whose key is the symbol of [`Scope::set_transfer_mark`]. The engine would
//! write instances as plain objects; the linker sends its question for an object's class to us (wrapped.rs), and while a value is
//! written the answer for a marked one is "other", which brings it to `write_other`.

use crate::context;
use crate::error::Thrown;
use crate::root::Root;
use crate::scope::{JsResult, Local, Scope};
use mozjs::glue;
use mozjs::jsapi as sm;
use mozjs::jsval::{ObjectValue, UndefinedValue};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The tag of an embedder's object among the transferred ones; the engine leaves those above `JS_SCTAG_USER_MIN` to us.
const TAG_TRANSFERRED: u32 = 0xFFFF_8001;

/// What travels of an object that the engine does not know.
pub type Parcel = Box<dyn Any + Send>;

/// What the embedder does with native objects and objects of marked classes.
pub trait TransferHost {
    /// Whether an object of a transfer list can be transferred now.
    ///
    /// # Errors
    /// Why not, if the general answer does not do.
    fn can_transfer(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<bool, Thrown>;
    /// What travels of an object that is copied. `None` if it cannot be.
    ///
    /// # Errors
    /// Why not, if the general answer does not do.
    fn copy(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<Option<Parcel>, Thrown>;
    /// Takes out what travels; the object stays behind, of no use.
    ///
    /// # Errors
    /// What JavaScript throws meanwhile.
    fn take(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<Option<Parcel>, Thrown>;
    /// Makes the object that what travelled becomes here.
    ///
    /// # Errors
    /// What its making throws.
    fn receive<'s>(&self, sc: &mut Scope<'s>, parcel: Parcel) -> JsResult<'s>;
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
    parcels: Vec<Option<Parcel>>,
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

/// The tag of an object that the embedder copied; with it goes the index of its parcel.
const TAG_COPIED: u32 = 0xFFFF_8003;

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

/// Writes what the engine does not know: WebAssembly modules, which threads share, and what the embedder copies.
unsafe extern "C" fn write_other(
    cx: *mut sm::JSContext,
    writer: *mut sm::JSStructuredCloneWriter,
    object: sm::Handle<*mut sm::JSObject>,
    same_process: *mut bool,
    closure: *mut c_void,
) -> bool {
    // SAFETY: as in `report_error`; the handle is a root of the engine, and a module's slot is read after its class was asked.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        *same_process = true;
        if !sm::IsWasmModuleObject(object) {
            let mut scope = Scope::new(cx, context::data_of(cx));
            let local = scope.local(ObjectValue(*object.ptr));
            let pause = Pause::new();
            let copied = call.host.copy(&mut scope, local);
            drop(pause);
            let parcel = match copied {
                Ok(Some(parcel)) => parcel,
                Ok(None) => {
                    call.refused.set(Some(sm::JS_SCERR_UNSUPPORTED_TYPE));
                    return false;
                }
                Err(_thrown) => return false,
            };
            let mut parcels = call.parcels.borrow_mut();
            let Ok(index) = u32::try_from(parcels.len()) else { return false };
            parcels.push(Some(parcel));
            return sm::JS_WriteUint32PairUnchecked(writer, TAG_COPIED, index);
        }
        let mut slot = UndefinedValue();
        glue::JS_GetReservedSlot(*object.ptr, WASM_MODULE_SLOT, &mut slot);
        let module = slot.to_private().cast::<sm::WasmModule>();
        keep_module(module);
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
    data: u32,
    closure: *mut c_void,
) -> *mut sm::JSObject {
    let mut address = 0_u64;
    // SAFETY: as in `report_error`. The bytes are those that `write_other` wrote in this process: the buffer never leaves it. The
    // module is kept alive for good.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        if tag == TAG_COPIED {
            return call.receive(cx, data as usize).unwrap_or(std::ptr::null_mut());
        }
        if tag != TAG_WASM_MODULE || !sm::JS_ReadBytes(reader, (&raw mut address).cast(), size_of::<u64>()) {
            call.refused.set(Some(sm::JS_SCERR_UNSUPPORTED_TYPE));
            return std::ptr::null_mut();
        }
        create_module_object(address as *const sm::WasmModule, cx)
    }
}

/// What the callbacks of one call share.
struct Call<'a> {
    host: &'a dyn TransferHost,
    parcels: RefCell<Vec<Option<Parcel>>>,
    refused: Cell<Option<u32>>,
}

impl Call<'_> {
    /// The object that a parcel becomes; `None` with an exception pending, or if there is no such parcel.
    ///
    /// # Safety
    /// `cx` runs on this thread. The caller roots the object before anything else can collect it.
    unsafe fn receive(&self, cx: *mut sm::JSContext, index: usize) -> Option<*mut sm::JSObject> {
        let parcel = self.parcels.borrow_mut().get_mut(index).and_then(Option::take)?;
        // SAFETY: by the caller.
        let mut scope = unsafe { Scope::new(cx, context::data_of(cx)) };
        self.host.receive(&mut scope, parcel).ok().map(Local::object_ptr)
    }
}

unsafe extern "C" fn report_error(_cx: *mut sm::JSContext, error: u32, closure: *mut c_void, _message: *const c_char) {
    // SAFETY: `closure` is the Call of the engine call that reports.
    unsafe { &*(closure as *const Call<'_>) }.refused.set(Some(error));
}

unsafe extern "C" fn can_transfer(
    cx: *mut sm::JSContext,
    object: sm::Handle<*mut sm::JSObject>,
    _same_process: *mut bool,
    closure: *mut c_void,
) -> bool {
    // SAFETY: as in `report_error`; the handle is a root of the engine.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        let mut scope = Scope::new(cx, context::data_of(cx));
        let local = scope.local(ObjectValue(*object.ptr));
        let _pause = Pause::new();
        call.host.can_transfer(&mut scope, local).unwrap_or(false)
    }
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
        let mut scope = Scope::new(cx, context::data_of(cx));
        let local = scope.local(ObjectValue(*object.ptr));
        let pause = Pause::new();
        let taken = call.host.take(&mut scope, local);
        drop(pause);
        let Ok(Some(parcel)) = taken else { return false };
        let mut parcels = call.parcels.borrow_mut();
        *tag = TAG_TRANSFERRED;
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
    if tag != TAG_TRANSFERRED {
        return false;
    }
    // SAFETY: as in `write_transfer`; the object goes to a root of the engine.
    unsafe {
        let call = &*(closure as *const Call<'_>);
        let Some(object) = call.receive(cx, extra as usize) else { return false };
        *result.ptr = object;
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

/// The mark of classes while a value is written on this thread.
#[derive(Clone, Copy)]
struct Writing {
    mark: sm::jsid,
    /// Whether single objects are marked, too: then every object has to be asked.
    own_marks: bool,
}

thread_local! {
    static WRITING: Cell<Option<Writing>> = const { Cell::new(None) };
}

/// No value is written while this lives: what JavaScript does meanwhile is not asked for marks.
struct Pause(Option<Writing>);

impl Pause {
    fn new() -> Pause {
        Pause(WRITING.replace(None))
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        WRITING.set(self.0);
    }
}

/// Marks of this thread's classes.
#[derive(Default)]
pub(crate) struct MarkState {
    symbol: RefCell<Option<Root>>,
    own_marks: Cell<bool>,
}

impl MarkState {
    /// Lets go of what it holds, before the context ends.
    pub(crate) fn clear(&self) {
        self.symbol.replace(None);
    }
}

/// Prototype chains longer than this are not searched for a mark.
const CHAIN_MAX: usize = 32;

#[cfg_attr(
    not(all(target_os = "linux", not(test))),
    expect(dead_code, reason = "the engine calls this through a symbol that only the binary's link wraps")
)]
/// Whether a value is being written and `object`, which the engine takes for one of its `class`, is marked.
///
/// # Safety
/// `object` is a root of the running context `cx`.
pub(crate) unsafe fn is_marked(cx: *mut sm::JSContext, object: sm::HandleObject, class: sm::ESClass) -> bool {
    let Some(writing) = WRITING.get() else { return false };
    // SAFETY: by the caller.
    unsafe { bears_mark(cx, object, class, writing) }
}

/// # Safety
/// As for [`is_marked`].
unsafe fn bears_mark(cx: *mut sm::JSContext, object: sm::HandleObject, class: sm::ESClass, writing: Writing) -> bool {
    if !matches!(class, sm::ESClass::Object | sm::ESClass::Error) && !writing.own_marks {
        return false;
    }
    // SAFETY: everything is rooted; none of these calls runs JavaScript (proxies end the search).
    unsafe {
        mozjs::rooted!(in(cx) let mark = writing.mark);
        mozjs::rooted!(in(cx) let mut holder = object.get());
        let mut skip = !writing.own_marks;
        for _ in 0..CHAIN_MAX {
            let mut found = false;
            if !skip && !sm::JS_AlreadyHasOwnPropertyById(cx, h!(holder), h!(mark), &mut found) {
                sm::JS_ClearPendingException(cx);
                return false;
            }
            if found {
                return true;
            }
            skip = false;
            let mut ordinary = false;
            mozjs::rooted!(in(cx) let mut proto = std::ptr::null_mut::<sm::JSObject>());
            if !sm::JS_GetPrototypeIfOrdinary(cx, h!(holder), &mut ordinary, hm!(proto)) {
                sm::JS_ClearPendingException(cx);
                return false;
            }
            // Plain objects are the common case, and their prototype bears no mark.
            if !ordinary || proto.get().is_null() || proto.get() == sm::GetRealmObjectPrototype(cx) {
                return false;
            }
            holder.set(proto.get());
        }
        false
    }
}

/// js/src/vm/ArrayBufferObject.h: the slot of an ArrayBuffer's flags, and the kind of its memory in them.
const FLAGS_SLOT: u32 = 3;
const KIND_MASK: i32 = 0b111;
const KIND_EXTERNAL: i32 = 0b110;

/// Whether an object is an ArrayBuffer whose memory was made outside of the engine, which refuses to transfer it.
fn is_external_buffer(object: *mut sm::JSObject) -> bool {
    // SAFETY: a live object or null; its class is asked before its slot is read.
    unsafe {
        if object.is_null() || !sm::IsArrayBufferObject(object) || sm::IsSharedArrayBufferObject(object) {
            return false;
        }
        let mut flags = UndefinedValue();
        glue::JS_GetReservedSlot(object, FLAGS_SLOT, &mut flags);
        flags.is_int32() && flags.to_int32() & KIND_MASK == KIND_EXTERNAL
    }
}

fn policy() -> sm::CloneDataPolicy {
    sm::CloneDataPolicy { allowIntraClusterClonableSharedObjects_: true, allowSharedMemoryObjects_: true }
}

impl<'s> Scope<'s> {
    /// Sets the key of the property that marks classes (and, with `own`, single objects, too) as the embedder's to serialize.
    pub fn set_transfer_mark(&mut self, symbol: Local<'_>, own: bool) {
        let marks = &self.data().marks;
        if own {
            marks.own_marks.set(true);
        }
        let root = Root::new(self, symbol);
        marks.symbol.replace(Some(root));
    }

    /// Whether an object bears the mark of [`Scope::set_transfer_mark`]. Runs no JavaScript.
    pub fn is_transfer_marked(&mut self, object: Local<'_>) -> bool {
        let Some(writing) = self.writing() else { return false };
        if !object.is_object() {
            return false;
        }
        root_object!(self, object = object);
        // SAFETY: rooted, on this thread's context.
        unsafe { bears_mark(self.cx(), h!(object), sm::ESClass::Object, writing) }
    }

    fn writing(&mut self) -> Option<Writing> {
        let marks = &self.data().marks;
        let symbol = marks.symbol.borrow().as_ref().map(|root| root.get(self))?;
        let mark = self.value_to_id(symbol).ok()?;
        Some(Writing { mark, own_marks: marks.own_marks.get() })
    }

    /// The items of a transfer list without external buffers, and those.
    fn split_transfer(&mut self, transfer: Local<'_>) -> Result<(Local<'s>, Vec<Local<'s>>), Thrown> {
        let items = self.array_items(transfer)?;
        let (external, others): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| is_external_buffer(item.object_ptr()));
        Ok((self.array(&others), external))
    }

    /// Serializes `value`; `transfer` is an array of transferables, or `undefined`. Buffers whose memory the engine cannot hand
    /// on are copied, and detached all the same.
    ///
    /// # Errors
    /// See [`CloneFailure`].
    pub fn serialize(
        &mut self,
        value: Local<'_>,
        transfer: Local<'_>,
        host: &dyn TransferHost,
    ) -> Result<SerializedValue, CloneFailure> {
        if !transfer.is_object() {
            return self.serialize_plain(value, transfer, host);
        }
        let (transfer, external) = self.split_transfer(transfer).map_err(CloneFailure::Thrown)?;
        let serialized = self.serialize_plain(value, transfer, host)?;
        for buffer in external {
            root_object!(self, buffer = buffer);
            // SAFETY: rooted, and an ArrayBuffer. A buffer that cannot be detached keeps its content, which was copied.
            if !unsafe { sm::DetachArrayBuffer(self.cx(), h!(buffer)) } {
                return Err(CloneFailure::Thrown(Thrown::pending()));
            }
        }
        Ok(serialized)
    }

    fn serialize_plain(
        &mut self,
        value: Local<'_>,
        transfer: Local<'_>,
        host: &dyn TransferHost,
    ) -> Result<SerializedValue, CloneFailure> {
        let call = Call { host, parcels: RefCell::default(), refused: Cell::new(None) };
        let writing = self.writing();
        // SAFETY: the buffer is freshly made and owned; everything else is rooted, and `call` outlives the engine's call.
        unsafe {
            let buffer = glue::NewJSAutoStructuredCloneBuffer(sm::StructuredCloneScope::SameProcess, &CALLBACKS);
            let mut serialized = SerializedValue { buffer, parcels: Vec::new() };
            let outer = Pause::new();
            WRITING.set(writing);
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
            drop(outer);
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
