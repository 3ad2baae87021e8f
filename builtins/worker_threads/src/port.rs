//! Ports: the JavaScript end of a [`Side`].
//!
//! A port is a native object whose prototype JavaScript sets through [`set_hooks`]. Its loop handle keeps it alive until it is
//! closed or transferred, and keeps the loop alive while it is ref'd.

use crate::channel::{Message, Parcel, Side};
use crate::refuse;
use anode_engine::TransferHost;
use anode_runtime::event_loop::{Event, Key};
use anode_runtime::{Args, Handler, JsResult, Local, Root, Scope, Thrown, env, turn};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// The most messages that one event of the loop delivers, unless more were waiting when it began: timers and sockets must get
/// their turn. libuv's loop does the same for sockets.
const MESSAGES_PER_EVENT: usize = 1000;

/// A port of this thread.
pub(crate) struct Port {
    key: Key,
    side: RefCell<Option<Arc<Side>>>,
    started: Cell<bool>,
}

/// Owner of the loop handle of a port.
struct PortHandler {
    object: Root,
    port: Rc<Port>,
}

/// What JavaScript gave [`set_hooks`].
struct Hooks {
    closed: Root,
    create: Root,
    message: Root,
}

thread_local! {
    static HOOKS: RefCell<Option<Rc<Hooks>>> = const { RefCell::new(None) };
}

fn hooks(sc: &mut Scope<'_>) -> Result<Rc<Hooks>, Thrown> {
    let known = HOOKS.with(|hooks| hooks.borrow().clone());
    if let Some(known) = known {
        return Ok(known);
    }
    anode_runtime::require_builtin(sc, "internal/worker_threads/message_port")?;
    match HOOKS.with(|hooks| hooks.borrow().clone()) {
        Some(hooks) => Ok(hooks),
        None => Err(sc.throw_error("message ports have no hooks")),
    }
}

/// Lets go of what this thread's ports hold; before its engine ends.
pub(crate) fn forget_hooks() {
    HOOKS.with(|hooks| hooks.replace(None));
}

/// `setPortHooks(create, message, closed)`: `create(native)` makes a MessagePort of a native object, `message(port, value, failed)`
/// delivers and `closed(port)` is the last call for a port.
pub(crate) fn set_hooks<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let made = Hooks {
        create: Root::new(sc, args.get(0)),
        message: Root::new(sc, args.get(1)),
        closed: Root::new(sc, args.get(2)),
    };
    HOOKS.with(|hooks| hooks.replace(Some(Rc::new(made))));
    Ok(sc.undefined())
}

/// Makes the port object of a side on this thread.
pub(crate) fn open<'s>(sc: &mut Scope<'s>, side: Arc<Side>) -> JsResult<'s> {
    let hooks = hooks(sc)?;
    let env = env(sc);
    let (key, waker) = env.events.borrow_mut().waker_open();
    env.events.borrow_mut().set_ref(key, false);
    let port = Rc::new(Port { key, side: RefCell::new(Some(side.clone())), started: Cell::new(false) });
    let native = sc.native_object(None, port.clone())?;
    let create = hooks.create.get(sc);
    let undefined = sc.undefined();
    sc.call(create, undefined, &[native])?;
    env.set_handler(key, Rc::new(PortHandler { object: Root::new(sc, native), port }));
    side.set_waker(Some(waker));
    Ok(native)
}

fn port_of(sc: &mut Scope<'_>, value: Local<'_>) -> Result<Rc<Port>, Thrown> {
    sc.need_native(value)
}

impl Port {
    fn side(&self) -> Option<Arc<Side>> {
        self.side.borrow().clone()
    }

    /// Closes the loop handle; the side must be closed or taken out before.
    fn close_handle(&self, sc: &mut Scope<'_>) {
        env(sc).events.borrow_mut().close(self.key);
    }

    fn close(&self, sc: &mut Scope<'_>) {
        let side = self.side.borrow_mut().take();
        if let Some(side) = side {
            side.close();
            self.close_handle(sc);
        }
    }
}

impl Drop for PortHandler {
    fn drop(&mut self) {
        // The thread ends with the port open: the other side learns of it.
        let side = self.port.side.borrow_mut().take();
        if let Some(side) = side {
            side.close();
        }
    }
}

impl PortHandler {
    /// Delivers one message. `None` if there is none to deliver now.
    fn deliver_one(&self, sc: &mut Scope<'_>) -> Option<Result<(), Thrown>> {
        let side = self.port.side()?;
        match side.take(self.port.started.get())? {
            Message::Close => {
                self.port.close(sc);
                None
            }
            Message::Value(value) => Some(sc.nested(|sc| {
                let (value, failed) = match sc.deserialize(value, &Ports) {
                    Ok(value) => (value, false),
                    Err(thrown) => match sc.catch(thrown) {
                        Some(error) => (error, true),
                        None => return Err(sc.terminated()),
                    },
                };
                let hooks = hooks(sc)?;
                let message = hooks.message.get(sc);
                let object = self.object.get(sc);
                let failed = sc.boolean(failed);
                let undefined = sc.undefined();
                sc.call(message, undefined, &[object, value, failed]).map(|_| ())
            })),
        }
    }
}

impl Handler for PortHandler {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        if matches!(event, Event::Closed(_)) {
            let hooks = hooks(sc)?;
            let closed = hooks.closed.get(sc);
            let object = self.object.get(sc);
            let undefined = sc.undefined();
            return sc.call(closed, undefined, &[object]).map(|_| ());
        }
        let Some(side) = self.port.side() else { return Ok(()) };
        let limit = side.len().max(MESSAGES_PER_EVENT);
        for count in 0..limit {
            if count > 0 {
                // Each message is a turn of its own: ticks and promise jobs run before the next.
                turn::drain(sc);
            }
            match self.deliver_one(sc) {
                None => return Ok(()),
                Some(Ok(())) => {}
                Some(Err(thrown)) => {
                    if turn::report(sc, thrown).is_err() {
                        return Err(sc.terminated());
                    }
                }
            }
            if sc.is_terminating() {
                return Err(sc.terminated());
            }
        }
        if let Some(side) = self.port.side()
            && side.len() > 0
        {
            side.wake_owner();
        }
        Ok(())
    }
}

/// `createChannel()`: two ports that speak to each other.
pub(crate) fn create_channel<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let (one, two) = Side::pair();
    let one = open(sc, one)?;
    let two = open(sc, two)?;
    Ok(sc.array(&[one, two]))
}

/// `joinGroup(name)`: a port that speaks to all others of the process that joined the same group.
pub(crate) fn join_group<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_string(args.get(0))?;
    open(sc, Side::member(&name))
}

/// `isPort(value)`: whether it is a port, open or not.
pub(crate) fn is_port<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.boolean(sc.native_data::<Port>(args.get(0)).is_some()))
}

/// `postMessage(port, value, transfer)`: whether somebody may get it; `null` if the port travels in its own message or to its
/// own peer, which ends the channel.
///
/// # Errors
/// The engine's number of why the value cannot be cloned, or what a getter threw.
pub(crate) fn post_message<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    let (value, transfer) = (args.get(1), args.get(2));
    let Some(side) = port.side() else {
        // A closed port still refuses what cannot be cloned, and detaches what was transferred.
        return match sc.serialize(value, transfer, &Ports) {
            Ok(_) => Ok(sc.boolean(false)),
            Err(failure) => refuse(sc, failure),
        };
    };
    let mut to_itself = false;
    if transfer.is_object() {
        for item in sc.array_items(transfer)? {
            if let Some(other) = sc.native_data::<Port>(item)
                && let Some(other) = other.side()
                && side.is_peer(&other)
            {
                to_itself = true;
            }
        }
    }
    let receivers = side.receivers();
    let mut first = match sc.serialize(value, transfer, &Ports) {
        Ok(serialized) => Some(serialized),
        Err(failure) => return refuse(sc, failure),
    };
    if to_itself {
        // The message would travel in itself. HTML standard, "message port post message steps", 5.
        drop(first);
        port.close(sc);
        return Ok(sc.null());
    }
    let any = !receivers.is_empty();
    for receiver in receivers {
        let message = match first.take() {
            Some(message) => message,
            None => match sc.serialize(value, transfer, &Ports) {
                Ok(serialized) => serialized,
                Err(failure) => return refuse(sc, failure),
            },
        };
        receiver.deliver(Message::Value(message));
    }
    Ok(sc.boolean(any))
}

/// `receiveMessage(port)`: `[value]`, or `undefined` if there is none.
pub(crate) fn receive_message<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    let Some(side) = port.side() else { return Ok(sc.undefined()) };
    match side.take(true) {
        Some(Message::Value(value)) => {
            let value = sc.deserialize(value, &Ports)?;
            Ok(sc.array(&[value]))
        }
        Some(Message::Close) => {
            port.close(sc);
            Ok(sc.undefined())
        }
        None => Ok(sc.undefined()),
    }
}

/// `drainPort(port)`: delivers at once what has arrived, without turns between.
pub(crate) fn drain<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    loop {
        let Some(side) = port.side() else { break };
        let Some(Message::Value(value)) = side.take(true) else { break };
        let value = sc.deserialize(value, &Ports)?;
        let hooks = hooks(sc)?;
        let message = hooks.message.get(sc);
        let no = sc.boolean(false);
        let undefined = sc.undefined();
        sc.call(message, undefined, &[args.get(0), value, no])?;
    }
    Ok(sc.undefined())
}

/// `startPort(port)`: deliver messages as they come.
pub(crate) fn start<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    port.started.set(true);
    if let Some(side) = port.side()
        && side.len() > 0
    {
        side.wake_owner();
    }
    Ok(sc.undefined())
}

/// `stopPort(port)`: keep messages until it is started again.
pub(crate) fn stop<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    port_of(sc, args.get(0))?.started.set(false);
    Ok(sc.undefined())
}

/// `closePort(port)`: ends the channel.
pub(crate) fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    port_of(sc, args.get(0))?.close(sc);
    Ok(sc.undefined())
}

/// `refPort(port[, on])`: whether the port keeps the loop alive, after setting it if told.
pub(crate) fn set_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    if port.side.borrow().is_none() {
        return Ok(sc.boolean(false));
    }
    if let Some(on) = args.get(1).as_bool() {
        env(sc).events.borrow_mut().set_ref(port.key, on);
    }
    Ok(sc.boolean(env(sc).events.borrow().has_ref(port.key)))
}

/// Transfers ports.
pub(crate) struct Ports;

impl TransferHost for Ports {
    fn can_transfer(&self, data: &Rc<dyn Any>) -> bool {
        data.downcast_ref::<Port>().is_some_and(|port| port.side.borrow().is_some())
    }

    fn take(&self, sc: &mut Scope<'_>, data: &Rc<dyn Any>) -> Option<Box<dyn Any + Send>> {
        let port = data.clone().downcast::<Port>().ok()?;
        let side = port.side.borrow_mut().take()?;
        side.set_waker(None);
        port.close_handle(sc);
        Some(Box::new(Parcel::new(side)))
    }

    fn receive<'s>(&self, sc: &mut Scope<'s>, parcel: Box<dyn Any + Send>) -> JsResult<'s> {
        let side = parcel.downcast::<Parcel>().ok().and_then(|parcel| parcel.open());
        match side {
            Some(side) => open(sc, side),
            None => Err(sc.throw_error("a transferred object of an unknown kind")),
        }
    }
}

/// Takes the side out of a port, as a transfer does: for the first ports of a new thread.
pub(crate) fn take_side(sc: &mut Scope<'_>, value: Local<'_>) -> Result<Parcel, Thrown> {
    let port = port_of(sc, value)?;
    let side = port.side.borrow_mut().take();
    match side {
        Some(side) => {
            side.set_waker(None);
            port.close_handle(sc);
            Ok(Parcel::new(side))
        }
        None => Err(sc.throw_error("the port is closed")),
    }
}
