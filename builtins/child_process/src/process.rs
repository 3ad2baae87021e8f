//! Children in the background.

use crate::options;
use anode_runtime::event_loop::{Event, Key, StreamKind};
use anode_runtime::{Args, Handler, JsResult, Root, Scope, Thrown, env};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The Rust data of a `Process` handle.
pub(crate) struct Process {
    closing: Cell<bool>,
    key: Cell<Option<Key>>,
    object: RefCell<Option<Root>>,
    onexit: Root,
    refed: Cell<bool>,
}

impl Handler for Process {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        match event {
            Event::ChildExit(_, status) => {
                let Some(this) = self.object.borrow().as_ref().map(|root| root.get(sc)) else { return Ok(()) };
                let function = self.onexit.get(sc);
                let code = sc.int(status.code);
                let signal = sc.int(status.signal);
                sc.call(function, this, &[code, signal]).map(|_| ())
            }
            Event::Closed(_) => {
                self.object.take();
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// `create(prototype, onexit)`: a handle without a process; `onexit(code, signalNumber)` is called with it as `this`.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let process = Process {
        closing: Cell::new(false),
        key: Cell::new(None),
        object: RefCell::default(),
        onexit: Root::new(sc, args.get(1)),
        refed: Cell::new(true),
    };
    sc.native_object(Some(args.get(0)), Rc::new(process))
}

/// `spawn(handle, options)`: the process's number, or a negative errno.
pub(crate) fn spawn<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let process = sc.need_native::<Process>(args.get(0))?;
    let plan = match options::read(sc, args.get(1))? {
        Ok(plan) => plan,
        Err(errno) => return Ok(sc.int(-errno.raw_os_error())),
    };
    let spawned = env(sc).events.borrow_mut().spawn(plan.options);
    let spawned = match spawned {
        Ok(spawned) => spawned,
        Err(error) => {
            end_pipes(sc, plan.pipes);
            return Ok(sc.int(-error.errno.raw_os_error()));
        }
    };
    env(sc).set_handler(spawned.key, process.clone());
    process.key.set(Some(spawned.key));
    *process.object.borrow_mut() = Some(Root::new(sc, args.get(0)));
    if !process.refed.get() {
        env(sc).events.borrow_mut().set_ref(spawned.key, false);
    }
    for (plan, fd) in plan.pipes.into_iter().zip(spawned.pipes) {
        if let (Some(plan), Some(fd)) = (plan, fd)
            && let Some(handle) = plan.handle
        {
            // A handle that was closed meanwhile closes the descriptor, which the child sees as the end.
            let _attached = handle.attach(sc, plan.object, fd, StreamKind::Unix);
        }
    }
    Ok(sc.int(spawned.pid))
}

/// There is no child: its streams are at their end from the start.
fn end_pipes<'s>(sc: &mut Scope<'s>, pipes: Vec<Option<options::PipePlan<'s>>>) {
    for plan in pipes.into_iter().flatten() {
        if let Some(handle) = plan.handle
            && let Ok((ours, _theirs)) = std::os::unix::net::UnixStream::pair()
        {
            // As below.
            let _attached = handle.attach(sc, plan.object, ours.into(), StreamKind::Unix);
        }
    }
}

/// `kill(handle, signal)`: 0 or a negative errno.
pub(crate) fn kill<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let process = sc.need_native::<Process>(args.get(0))?;
    let signal = args.get(1).as_i32().unwrap_or(0);
    let code = match process.key.get() {
        Some(key) => match env(sc).events.borrow_mut().child_kill(key, signal) {
            Ok(()) => 0,
            Err(errno) => -errno.raw_os_error(),
        },
        None => ESRCH,
    };
    Ok(sc.int(code))
}

const ESRCH: i32 = -3;

/// `close(handle)`
pub(crate) fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let process = sc.need_native::<Process>(args.get(0))?;
    if !process.closing.replace(true)
        && let Some(key) = process.key.get()
    {
        env(sc).events.borrow_mut().close(key);
    }
    Ok(sc.undefined())
}

pub(crate) fn make_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    set_ref(sc, args, true)
}

pub(crate) fn unref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    set_ref(sc, args, false)
}

fn set_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>, refed: bool) -> JsResult<'s> {
    let process = sc.need_native::<Process>(args.get(0))?;
    process.refed.set(refed);
    if let Some(key) = process.key.get() {
        env(sc).events.borrow_mut().set_ref(key, refed);
    }
    Ok(sc.undefined())
}

/// `hasRef(handle)`
pub(crate) fn has_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let process = sc.need_native::<Process>(args.get(0))?;
    Ok(sc.boolean(process.refed.get() && !process.closing.get()))
}
