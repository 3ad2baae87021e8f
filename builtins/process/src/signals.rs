//! Binding `signals`: signal handles for `process.on('SIGxxx')`.

use anode_runtime::event_loop::{Event, Key};
use anode_runtime::{Args, Builtin, Handler, JsResult, Root, Scope, Thrown, env};
use std::rc::Rc;

/// `start(number, callback)` and `stop(handle)`.
pub static SIGNALS: Builtin = Builtin { name: "signals", functions: &[("start", start), ("stop", stop)], init: None };

struct SignalHandle {
    callback: Root,
    key: Key,
}

impl Handler for SignalHandle {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        if let Event::Signal(_, number) = event {
            let callback = self.callback.get(sc);
            let this = sc.undefined();
            let number = sc.int(number);
            sc.call(callback, this, &[number])?;
        }
        Ok(())
    }
}

/// `start(number, callback)`: a handle that does not keep the process alive, or a negative errno.
fn start<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let number = args.get(0).as_i32().unwrap_or(0);
    let (key, result) = {
        let mut events = env(sc).events.borrow_mut();
        let key = events.signal_open();
        events.set_ref(key, false);
        let result = events.signal_start(key, number);
        if result.is_err() {
            events.close(key);
        }
        (key, result)
    };
    if let Err(errno) = result {
        return Ok(sc.int(-errno.raw_os_error()));
    }
    let handle = Rc::new(SignalHandle { callback: Root::new(sc, args.get(1)), key });
    env(sc).set_handler(key, handle.clone());
    sc.native_object(None, handle)
}

/// `stop(handle)`: the signal does again what it did before.
fn stop<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = sc.need_native::<SignalHandle>(args.get(0))?;
    env(sc).events.borrow_mut().close(handle.key);
    Ok(sc.undefined())
}
