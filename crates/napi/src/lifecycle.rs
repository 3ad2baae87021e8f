//! The life of an environment: instance data, versions, and the hooks that run when a thread ends.

use crate::env::{VERSION, call};
use crate::thread::Thread;
use crate::types::{EnvRef, Finalize, Out, Status};
use anode_engine::Scope;
use anode_runtime::turn;
use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// `napi_cleanup_hook`
type CleanupHook = unsafe extern "C" fn(*mut c_void);
/// `napi_async_cleanup_hook`
type AsyncCleanupHook = unsafe extern "C" fn(*const AsyncHandle, *mut c_void);

/// `napi_async_cleanup_hook_handle`: freed by `napi_remove_async_cleanup_hook`, on whatever thread.
pub struct AsyncHandle {
    hook: AsyncCleanupHook,
    argument: *mut c_void,
    pending: Arc<Pending>,
    id: u64,
}

/// Asynchronous hooks that were called and have not been removed.
#[derive(Default)]
struct Pending {
    state: Mutex<PendingState>,
    changed: Condvar,
}

#[derive(Default)]
struct PendingState {
    /// Hooks removed before they ran.
    removed: Vec<u64>,
    /// Hooks that ran and are to be removed.
    running: Vec<u64>,
}

enum Hook {
    Sync(CleanupHook, *mut c_void),
    Async(*const AsyncHandle, u64),
    /// One of ours, with its number.
    Own(u64, Box<dyn FnOnce(&mut Scope<'_>)>),
}

/// The hooks of a thread, oldest first.
#[derive(Default)]
pub(crate) struct Hooks {
    list: RefCell<Vec<Hook>>,
    next: std::cell::Cell<u64>,
    pending: Arc<Pending>,
}

/// How long the end waits for an asynchronous hook between two turns of the loop.
const WAIT: Duration = Duration::from_millis(5);

impl Hooks {
    fn number(&self) -> u64 {
        self.next.set(self.next.get() + 1);
        self.next.get()
    }

    /// Runs `work` at the end of the thread; the number is for [`Hooks::remove_own`].
    pub(crate) fn add_own(&self, work: Box<dyn FnOnce(&mut Scope<'_>)>) -> u64 {
        let number = self.number();
        self.list.borrow_mut().push(Hook::Own(number, work));
        number
    }

    pub(crate) fn remove_own(&self, number: u64) {
        self.list.borrow_mut().retain(|hook| !matches!(hook, Hook::Own(own, _) if *own == number));
    }

    /// Runs all hooks, newest first, those added meanwhile too; then waits for the asynchronous ones.
    pub(crate) fn run(&self, sc: &mut Scope<'_>) {
        loop {
            let hook = self.list.borrow_mut().pop();
            match hook {
                None => break,
                // SAFETY: the addon's own function and argument; removed hooks are not on the list.
                Some(Hook::Sync(hook, argument)) => unsafe { hook(argument) },
                Some(Hook::Own(_, work)) => work(sc),
                Some(Hook::Async(handle, id)) => self.start(handle, id),
            }
        }
        while !self.pending.lock().running.is_empty() {
            turn::run(sc);
            let state = self.pending.lock();
            if !state.running.is_empty() {
                // Woken or not, the next round looks again.
                drop(self.pending.changed.wait_timeout(state, WAIT));
            }
        }
    }

    fn start(&self, handle: *const AsyncHandle, id: u64) {
        {
            let mut state = self.pending.lock();
            if let Some(index) = state.removed.iter().position(|removed| *removed == id) {
                state.removed.swap_remove(index);
                return;
            }
            state.running.push(id);
        }
        // SAFETY: not removed, so its handle is alive until it removes itself.
        let (hook, argument) = unsafe { ((*handle).hook, (*handle).argument) };
        // SAFETY: the addon's own function and argument.
        unsafe { hook(handle, argument) };
    }
}

impl Pending {
    fn lock(&self) -> std::sync::MutexGuard<'_, PendingState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_add_env_cleanup_hook(
    env: EnvRef,
    hook: Option<CleanupHook>,
    argument: *mut c_void,
) -> Status {
    call(env, |env| {
        let hook = hook.ok_or(Status::InvalidArg)?;
        env.thread.hooks.list.borrow_mut().push(Hook::Sync(hook, argument));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_remove_env_cleanup_hook(
    env: EnvRef,
    hook: Option<CleanupHook>,
    argument: *mut c_void,
) -> Status {
    call(env, |env| {
        let hook = hook.ok_or(Status::InvalidArg)?;
        let mut list = env.thread.hooks.list.borrow_mut();
        let same = |other: &Hook| matches!(other, Hook::Sync(known, data) if ptr::fn_addr_eq(*known, hook) && *data == argument);
        if let Some(index) = list.iter().rposition(same) {
            list.remove(index);
        }
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_add_async_cleanup_hook(
    env: EnvRef,
    hook: Option<AsyncCleanupHook>,
    argument: *mut c_void,
    result: Out<'_, *const AsyncHandle>,
) -> Status {
    call(env, |env| {
        let hook = hook.ok_or(Status::InvalidArg)?;
        let hooks = &env.thread.hooks;
        let id = hooks.number();
        let handle = Box::new(AsyncHandle { hook, argument, pending: hooks.pending.clone(), id });
        let handle = Box::into_raw(handle).cast_const();
        hooks.list.borrow_mut().push(Hook::Async(handle, id));
        result.set_if(handle);
        Ok(())
    })
}

/// May be called on any thread, once per handle.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_remove_async_cleanup_hook(handle: *const AsyncHandle) -> Status {
    if handle.is_null() {
        return Status::InvalidArg;
    }
    // SAFETY: not null, so a handle of `napi_add_async_cleanup_hook` that its owner gives up.
    let handle = unsafe { Box::from_raw(handle.cast_mut()) };
    let mut state = handle.pending.lock();
    match state.running.iter().position(|running| *running == handle.id) {
        Some(index) => {
            state.running.swap_remove(index);
        }
        None => state.removed.push(handle.id),
    }
    handle.pending.changed.notify_all();
    Status::Ok
}

// ---- instance data

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_set_instance_data(
    env: EnvRef,
    data: *mut c_void,
    finalize: Option<Finalize>,
    hint: *mut c_void,
) -> Status {
    call(env, |env| {
        env.instance_data.set(Some(crate::env::InstanceData { data, finalize, hint }));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_instance_data(env: EnvRef, result: Out<'_, *mut c_void>) -> Status {
    call(env, |env| result.set(env.instance_data.get().map_or(ptr::null_mut(), |data| data.data)))
}

// ---- versions, memory

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_version(env: EnvRef, result: Out<'_, u32>) -> Status {
    call(env, |_env| result.set(VERSION as u32))
}

/// `napi_node_version`
#[repr(C)]
pub struct NodeVersion {
    major: u32,
    minor: u32,
    patch: u32,
    release: *const c_char,
}
// SAFETY: the pointer is to a constant.
unsafe impl Sync for NodeVersion {}

/// The version of Node's API that is here, as `process.version` says it.
static NODE_VERSION: NodeVersion = NodeVersion { major: 26, minor: 10, patch: 0, release: c"node".as_ptr() };

#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_get_node_version(env: EnvRef, result: Out<'_, *const NodeVersion>) -> Status {
    call(env, |_env| result.set(&NODE_VERSION))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn node_api_get_module_file_name(env: EnvRef, result: Out<'_, *const c_char>) -> Status {
    call(env, |env| {
        let text: &CStr = &env.file_url;
        result.set(text.as_ptr())
    })
}

/// Memory that an addon holds for objects: growth makes collections come sooner.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn napi_adjust_external_memory(env: EnvRef, change: i64, result: Out<'_, i64>) -> Status {
    call(env, |env| {
        result.check()?;
        let total = env.thread.external_bytes.get().saturating_add(change).max(0);
        env.thread.external_bytes.set(total);
        if let Ok(bytes) = usize::try_from(change) {
            env.scope(|sc| {
                sc.count_external(bytes);
                Ok(())
            })?;
        }
        result.set(total)
    })
}

/// Runs `work` when the thread ends; see [`Hooks::add_own`].
pub(crate) fn at_end(thread: &Rc<Thread>, work: Box<dyn FnOnce(&mut Scope<'_>)>) -> u64 {
    thread.hooks.add_own(work)
}
