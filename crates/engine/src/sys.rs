//! Engine functions that the bindings lack, by their mangled names, and tiny helpers around raw handles.

use mozjs::gc::RootKind;
use mozjs::gc::RootedGuard;
use mozjs::jsapi as sm;
use std::ffi::c_void;

/// `mozilla::Vector<uint8_t, 0, MallocAllocPolicy>`.
#[repr(C)]
pub(crate) struct MozVec {
    pub ptr: *mut u8,
    pub len: usize,
    pub capacity: usize,
}

unsafe extern "C" {
    #[link_name = "_ZN2JS22InitAsyncTaskCallbacksEP9JSContextPFbPvOSt10unique_ptrINS_12DispatchableENS_12DeletePolicyIS4_EEEEPFbS2_S8_jEPFvS2_PS4_ESF_S2_"]
    pub(crate) fn init_async_task_callbacks(
        cx: *mut sm::JSContext,
        dispatch: unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> bool,
        delayed: unsafe extern "C" fn(*mut c_void, *mut *mut c_void, u32) -> bool,
        started: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        finished: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        closure: *mut c_void,
    );
    #[link_name = "_ZN2JS12Dispatchable3RunEP9JSContextOSt10unique_ptrIS0_NS_12DeletePolicyIS0_EEENS0_17MaybeShuttingDownE"]
    pub(crate) fn dispatchable_run(cx: *mut sm::JSContext, task: *mut *mut c_void, mode: i32);
    #[link_name = "_ZN2JS12Dispatchable17ReleaseFailedTaskEOSt10unique_ptrIS0_NS_12DeletePolicyIS0_EEE"]
    pub(crate) fn dispatchable_release_failed(task: *mut *mut c_void);
    #[link_name = "_ZN2JS13EncodeStencilEP9JSContextPN2js8frontend32InitialStencilAndDelazificationsERN7mozilla6VectorIhLm0ENS6_17MallocAllocPolicyEEE"]
    pub(crate) fn encode_stencil(cx: *mut sm::JSContext, stencil: *mut c_void, out: *mut MozVec) -> i32;
    #[link_name = "_ZN2JS27SetHelperThreadTaskCallbackEPFvPNS_16HelperThreadTaskEEmm"]
    pub(crate) fn set_helper_thread_task_callback(
        dispatch: extern "C" fn(*mut c_void),
        threads: usize,
        stack_bytes: usize,
    );
    #[link_name = "_ZN2JS19RunHelperThreadTaskEPNS_16HelperThreadTaskE"]
    pub(crate) fn run_helper_thread_task(task: *mut c_void);
    #[link_name = "_ZN2js8DumpHeapEP9JSContextP8_IO_FILENS_24DumpHeapNurseryBehaviourEPFmPKvE"]
    pub(crate) fn dump_heap(
        cx: *mut sm::JSContext,
        file: *mut libc::FILE,
        nursery: u32,
        size_of: Option<unsafe extern "C" fn(*const c_void) -> usize>,
    );
    #[link_name = "_Z18JS_NewLatin1StringP9JSContextSt10unique_ptrIA_hN2JS10FreePolicyEEm"]
    pub(crate) fn new_latin1_string(cx: *mut sm::JSContext, chars: *mut *mut u8, length: usize) -> *mut sm::JSString;
    #[link_name = "_ZN2js13SetSourceHookEP9JSContextSt10unique_ptrINS_10SourceHookESt14default_deleteIS3_EE"]
    pub(crate) fn set_source_hook(cx: *mut sm::JSContext, hook: *mut *mut c_void);
}

/// # Safety
/// `slot` must hold an initialised value and `tracer` must be the engine's.
pub(crate) unsafe fn trace_value(tracer: *mut sm::JSTracer, slot: *mut sm::Value) {
    // SAFETY: by the caller.
    unsafe { mozjs::glue::CallValueRootTracer(tracer, slot, c"anode".as_ptr()) }
}

pub(crate) fn handle<T: RootKind>(root: &RootedGuard<'_, T>) -> sm::Handle<T> {
    // SAFETY: a stack root is a traced location; it outlives the engine call that the handle is passed to.
    unsafe { sm::Handle::from_marked_location(root.as_ptr()) }
}

pub(crate) fn handle_mut<T: RootKind>(root: &mut RootedGuard<'_, T>) -> sm::MutableHandle<T> {
    // SAFETY: as in `handle`; the exclusive borrow makes writes through the handle sound.
    unsafe { sm::MutableHandle::from_marked_location(root.as_ptr()) }
}
