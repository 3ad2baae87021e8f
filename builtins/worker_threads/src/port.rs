//! Ports: the JavaScript end of a [`Side`].
//!
//! A port is a native object whose prototype JavaScript sets through [`set_hooks`]. Its loop handle keeps it alive until it is
//! closed or transferred, and keeps the loop alive while it is ref'd.

use crate::channel::{Message, Parcel, Side};
use crate::{refuse, worker};
use anode_engine::{ErrorClass, SerializedValue, TransferHost};
use anode_runtime::event_loop::{Event, Key};
use anode_runtime::{Args, Handler, JsResult, Local, Root, Scope, Thrown, env, turn};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// The most messages that one event of the loop delivers, unless more were waiting when it began: timers and sockets must get
/// their turn. libuv's loop does the same for sockets.
const MESSAGES_PER_EVENT: usize = 1000;

/// A port of this thread.
pub(crate) struct Port {
    key: Key,
    /// The context it was moved to, if any.
    place: Option<Rc<Place>>,
    /// Whether it keeps the loop alive.
    refed: Cell<bool>,
    /// What had arrived when JavaScript closed the port in the middle of a delivery: it is delivered all the same.
    rest: RefCell<VecDeque<Message>>,
    /// A delivery is under way.
    delivers: Cell<bool>,
    /// The side of a closed port, whose peer learns of that when the handle is closed, too.
    shut: RefCell<Option<Arc<Side>>>,
    side: RefCell<Option<Arc<Side>>>,
    started: Cell<bool>,
}

/// A context of `node:vm` with a MessagePort of its own.
struct Place {
    global: Root,
    prototype: Root,
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

/// What JavaScript gave [`set_clone_hooks`].
struct CloneHooks {
    pack: Root,
    unpack: Root,
}

thread_local! {
    static HOOKS: RefCell<Option<Rc<Hooks>>> = const { RefCell::new(None) };
    static CLONE_HOOKS: RefCell<Option<Rc<CloneHooks>>> = const { RefCell::new(None) };
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

fn clone_hooks(sc: &mut Scope<'_>) -> Result<Rc<CloneHooks>, Thrown> {
    let known = CLONE_HOOKS.with(|hooks| hooks.borrow().clone());
    if let Some(known) = known {
        return Ok(known);
    }
    anode_runtime::require_builtin(sc, "internal/structured_clone")?;
    match CLONE_HOOKS.with(|hooks| hooks.borrow().clone()) {
        Some(hooks) => Ok(hooks),
        None => Err(sc.throw_error("structured clones have no hooks")),
    }
}

/// Lets go of what this thread's ports hold; before its engine ends.
pub(crate) fn forget_hooks() {
    HOOKS.with(|hooks| hooks.replace(None));
    CLONE_HOOKS.with(|hooks| hooks.replace(None));
}

/// `setTransferMark(symbol, own)`: classes (and, with `own`, objects) with this property are serialized by the hooks of
/// [`set_clone_hooks`].
pub(crate) fn set_transfer_mark<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.set_transfer_mark(args.get(0), args.get(1).is_true());
    Ok(sc.undefined())
}

/// `setCloneHooks(pack, unpack)`. `pack(object, what)`: with [`ASK`] whether it can be transferred; with [`COPY`] and [`TAKE`] what
/// travels of it, `[info, data, transferList]`. `unpack(info, data)` makes an object of that.
pub(crate) fn set_clone_hooks<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let made = CloneHooks { pack: Root::new(sc, args.get(0)), unpack: Root::new(sc, args.get(1)) };
    CLONE_HOOKS.with(|hooks| hooks.replace(Some(Rc::new(made))));
    Ok(sc.undefined())
}

const COPY: i32 = 0;
const TAKE: i32 = 1;
const ASK: i32 = 2;

/// Calls the hook `pack` for an object of a marked class.
fn pack<'s>(sc: &mut Scope<'s>, object: Local<'_>, what: i32) -> JsResult<'s> {
    let hooks = clone_hooks(sc)?;
    let function = hooks.pack.get(sc);
    let undefined = sc.undefined();
    let what = sc.int(what);
    sc.call(function, undefined, &[object, what])
}

/// `setPortHooks(create, message, closed)`: `create(native, prototype)` makes a MessagePort of a native object, with a prototype for
/// the context it belongs to, `message(port, value, failed, ports)` delivers and `closed(port)` is the last call for a port.
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
    open_at(sc, side, None)
}

fn open_at<'s>(sc: &mut Scope<'s>, side: Arc<Side>, place: Option<Rc<Place>>) -> JsResult<'s> {
    let hooks = hooks(sc)?;
    let env = env(sc);
    let (key, waker) = env.events.borrow_mut().waker_open();
    env.events.borrow_mut().set_ref(key, false);
    let prototype = place.as_ref().map(|place| place.prototype.get(sc));
    let port = Rc::new(Port {
        key,
        place,
        refed: Cell::new(false),
        rest: RefCell::default(),
        delivers: Cell::new(false),
        shut: RefCell::default(),
        side: RefCell::new(Some(side.clone())),
        started: Cell::new(false),
    });
    let native = sc.native_object(prototype, port.clone())?;
    let create = hooks.create.get(sc);
    let undefined = sc.undefined();
    sc.call(create, undefined, &[native, prototype.unwrap_or(undefined)])?;
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

    fn tell_peer(&self) {
        let shut = self.shut.borrow_mut().take();
        if let Some(side) = shut {
            side.tell_peer();
        }
    }

    /// Closes the loop handle; the side must be closed or taken out before.
    fn close_handle(&self, sc: &mut Scope<'_>) {
        env(sc).events.borrow_mut().close(self.key);
    }

    fn close(&self, sc: &mut Scope<'_>) {
        let side = self.side.borrow_mut().take();
        if let Some(side) = side {
            let rest = side.shut();
            if self.delivers.get() {
                self.rest.replace(rest);
            }
            self.shut.replace(Some(side));
            self.close_handle(sc);
        }
    }
}

impl Drop for PortHandler {
    fn drop(&mut self) {
        // The thread ends with the port open: the other side learns of it.
        self.port.tell_peer();
        let side = self.port.side.borrow_mut().take();
        if let Some(side) = side {
            drop(side.close());
        }
    }
}

impl PortHandler {
    /// Delivers one message. `None` if there is none to deliver now.
    fn deliver_one(&self, sc: &mut Scope<'_>) -> Option<Result<(), Thrown>> {
        let message = match self.port.side() {
            Some(side) => side.take(self.port.started.get()),
            None => self.port.rest.borrow_mut().pop_front(),
        };
        match message? {
            Message::Close => {
                self.port.close(sc);
                None
            }
            Message::Value(value) => Some(sc.nested(|sc| {
                let object = self.object.get(sc);
                deliver(sc, object, &self.port, value)
            })),
        }
    }
}

/// Reads a message where the port lives.
fn read<'s>(sc: &mut Scope<'s>, port: &Port, value: SerializedValue, ports: &Ports) -> JsResult<'s> {
    match &port.place {
        None => sc.deserialize(value, ports),
        Some(place) => {
            let global = place.global.get(sc);
            sc.in_realm(global, |sc| sc.deserialize(value, ports))
        }
    }
}

/// Reads a message and gives it to JavaScript.
fn deliver(sc: &mut Scope<'_>, object: Local<'_>, port: &Port, value: SerializedValue) -> Result<(), Thrown> {
    let ports = Ports { place: port.place.clone(), received: RefCell::default() };
    let (value, failed) = match read(sc, port, value, &ports) {
        Ok(value) => (value, false),
        Err(thrown) => match sc.catch(thrown) {
            Some(error) => (error, true),
            None => return Err(sc.terminated()),
        },
    };
    let hooks = hooks(sc)?;
    let message = hooks.message.get(sc);
    let failed = sc.boolean(failed);
    let undefined = sc.undefined();
    let received = ports.received.take();
    let list = if received.is_empty() {
        undefined
    } else {
        let items: Vec<_> = received.iter().map(|root| root.get(sc)).collect();
        sc.array(&items)
    };
    sc.call(message, undefined, &[object, value, failed, list]).map(|_| ())
}

impl Handler for PortHandler {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        if matches!(event, Event::Closed(_)) {
            self.port.refed.set(false);
            self.port.tell_peer();
            let hooks = hooks(sc)?;
            let closed = hooks.closed.get(sc);
            let object = self.object.get(sc);
            let undefined = sc.undefined();
            return sc.call(closed, undefined, &[object]).map(|_| ());
        }
        let Some(side) = self.port.side() else { return Ok(()) };
        let limit = side.len().max(MESSAGES_PER_EVENT);
        self.port.delivers.set(true);
        let delivered = self.deliver_many(sc, limit);
        self.port.delivers.set(false);
        self.port.rest.take();
        delivered?;
        if let Some(side) = self.port.side()
            && side.len() > 0
        {
            side.wake_owner();
        }
        Ok(())
    }
}

impl PortHandler {
    /// Delivers up to `limit` messages, each in a turn of its own.
    ///
    /// # Errors
    /// If execution is being terminated.
    fn deliver_many(&self, sc: &mut Scope<'_>, limit: usize) -> Result<(), Thrown> {
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

/// `openInbox(thread)`: a port that gets what [`post_to_thread`] sends to this thread.
pub(crate) fn open_inbox<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let side = worker::inbox().unwrap_or_else(|| Side::inbox(args.get(0).as_u32().unwrap_or(0)));
    open(sc, side)
}

/// `postToThread(thread, value, transfer)`: whether there is such a thread, which has an inbox.
///
/// # Errors
/// As those of [`post_message`].
pub(crate) fn post_to_thread<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let side = args.get(0).as_u32().and_then(Side::inbox_of);
    let Some(side) = side else { return Ok(sc.boolean(false)) };
    match sc.serialize(args.get(1), args.get(2), &Ports::default()) {
        Ok(message) => Ok(sc.boolean(side.deliver(Message::Value(message)))),
        Err(failure) => refuse(sc, failure),
    }
}

/// `isPort(value)`: whether it is a port, open or not.
pub(crate) fn is_port<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.boolean(sc.native_data::<Port>(args.get(0)).is_some()))
}

/// `isOpenPort(port)`: whether it was neither closed nor transferred.
pub(crate) fn is_open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    Ok(sc.boolean(port.side.borrow().is_some()))
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
        return match sc.serialize(value, transfer, &Ports::default()) {
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
    let mut first = match sc.serialize(value, transfer, &Ports::default()) {
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
            None => match sc.serialize(value, transfer, &Ports::default()) {
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
            let ports = Ports { place: port.place.clone(), received: RefCell::default() };
            let value = read(sc, &port, value, &ports)?;
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
        deliver(sc, args.get(0), &port, value)?;
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
    if port.side.borrow().is_some()
        && let Some(on) = args.get(1).as_bool()
    {
        env(sc).events.borrow_mut().set_ref(port.key, on);
        port.refed.set(on);
    }
    Ok(sc.boolean(port.refed.get()))
}

/// `movePort(port, global, prototype)`: the same end of the channel as a port in the context of `global`. `undefined` if the port
/// is closed.
pub(crate) fn move_to<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let port = port_of(sc, args.get(0))?;
    let side = port.side.borrow_mut().take();
    let Some(side) = side else { return Ok(sc.undefined()) };
    side.set_waker(None);
    port.close_handle(sc);
    let place = Place { global: Root::new(sc, args.get(1)), prototype: Root::new(sc, args.get(2)) };
    sc.in_realm(args.get(1), |sc| open_at(sc, side, Some(Rc::new(place))))
}

/// An object of a class that JavaScript serializes.
struct Packed {
    data: SerializedValue,
    /// What is closed if the object is never made.
    fd: Option<Descriptor>,
    /// Who unpacks it: the id of a builtin and the name of a deserializer there.
    info: String,
}

/// A file descriptor on its way; closed if it does not arrive.
struct Descriptor(i32);

impl Drop for Descriptor {
    fn drop(&mut self) {
        if self.0 >= 0 {
            // Nobody is left to hear of an error.
            let _closed = anode_runtime::event_loop::fd::close(self.0);
        }
    }
}

/// Transfers ports and what the clone hooks serialize.
#[derive(Default)]
pub(crate) struct Ports {
    /// The context that what arrives is made in.
    place: Option<Rc<Place>>,
    /// The ports that arrived.
    received: RefCell<Vec<Root>>,
}

impl Ports {
    fn pack(sc: &mut Scope<'_>, object: Local<'_>, what: i32) -> Result<Packed, Thrown> {
        sc.nested(|sc| {
            let packed = pack(sc, object, what)?;
            let info = sc.get_index(packed, 0)?;
            let info = sc.to_string(info)?;
            let data = sc.get_index(packed, 1)?;
            let transfer = sc.get_index(packed, 2)?;
            let fd = sc.get_index(packed, 3)?.as_i32().filter(|fd| *fd >= 0).map(Descriptor);
            match sc.serialize(data, transfer, &Ports::default()) {
                Ok(data) => Ok(Packed { data, fd, info }),
                Err(failure) => match refuse(sc, failure) {
                    Err(thrown) => Err(thrown),
                    // `refuse` always throws.
                    Ok(_) => Err(sc.terminated()),
                },
            }
        })
    }
}

impl TransferHost for Ports {
    fn can_transfer(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<bool, Thrown> {
        if let Some(port) = sc.native_data::<Port>(object) {
            return Ok(port.side.borrow().is_some());
        }
        if !sc.is_transfer_marked(object) {
            return Ok(false);
        }
        sc.nested(|sc| Ok(pack(sc, object, ASK)?.is_true()))
    }

    fn copy(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<Option<anode_engine::Parcel>, Thrown> {
        if !sc.is_transfer_marked(object) {
            return Ok(None);
        }
        Ok(Some(Box::new(Ports::pack(sc, object, COPY)?)))
    }

    fn take(&self, sc: &mut Scope<'_>, object: Local<'_>) -> Result<Option<anode_engine::Parcel>, Thrown> {
        let Some(port) = sc.native_data::<Port>(object) else {
            return Ok(Some(Box::new(Ports::pack(sc, object, TAKE)?)));
        };
        let side = port.side.borrow_mut().take();
        let Some(side) = side else { return Ok(None) };
        side.set_waker(None);
        port.close_handle(sc);
        Ok(Some(Box::new(Parcel::new(side))))
    }

    fn receive<'s>(&self, sc: &mut Scope<'s>, parcel: anode_engine::Parcel) -> JsResult<'s> {
        let parcel = match parcel.downcast::<Packed>() {
            Ok(packed) => return self.unpack(sc, *packed),
            Err(parcel) => parcel,
        };
        let side = parcel.downcast::<Parcel>().ok().and_then(|parcel| parcel.open());
        let Some(side) = side else { return Err(sc.throw_error("a transferred object of an unknown kind")) };
        let port = open_at(sc, side, self.place.clone())?;
        let root = Root::new(sc, port);
        self.received.borrow_mut().push(root);
        Ok(port)
    }
}

impl Ports {
    fn unpack<'s>(&self, sc: &mut Scope<'s>, mut packed: Packed) -> JsResult<'s> {
        if self.place.is_some() {
            return Err(sc.throw_code(
                ErrorClass::Error,
                "ERR_MESSAGE_TARGET_CONTEXT_UNAVAILABLE",
                "A message object could not be deserialized successfully in the target vm.Context",
            ));
        }
        let hooks = clone_hooks(sc)?;
        let data = sc.deserialize(packed.data, &Ports::default())?;
        let unpack = hooks.unpack.get(sc);
        let info = sc.string(&packed.info);
        let undefined = sc.undefined();
        if let Some(fd) = &mut packed.fd {
            // The object owns it from here on.
            fd.0 = -1;
        }
        sc.call(unpack, undefined, &[info, data])
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
