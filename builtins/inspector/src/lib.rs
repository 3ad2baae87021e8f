//! Binding of `node:inspector`: what an agent cannot do in JavaScript.
//!
//! Mailboxes between threads ([`threads`]), the server ([`server`]), the realm of the Debugger, and samples of the stack. The protocol itself is
//! in `js/internal`: in the realm of the program what belongs to sessions, in the Debugger's (`js/internal/agent`) what looks at the program.
//!
//! **Invariant:** nothing here runs in a program that no one inspects.

#![forbid(unsafe_code)]

mod server;
mod socket;
mod threads;

use anode_engine::{Args, JsResult, Local, Root, Scope, Thrown};
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Builtin, env, turn};
use server::{Server, Target};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use threads::{Inspected, Live, Reply, Request, SessionId};

/// The binding.
pub static BUILTIN: Builtin = Builtin {
    name: "inspector",
    functions: &[
        ("begin", begin),
        ("close", close_session),
        ("closeServer", close_server),
        ("connect", connect),
        ("disconnect", disconnect),
        ("flush", flush),
        ("makeAgent", make_agent),
        ("openServer", open_server),
        ("post", post),
        ("rename", rename),
        ("send", send),
        ("setHandler", set_handler),
        ("startSampling", start_sampling),
        ("stopSampling", stop_sampling),
        ("take", take),
        ("takeReply", take_reply),
        ("threads", list_threads),
        ("unwatch", unwatch),
        ("wait", wait),
        ("watch", watch),
    ],
    init: None,
};

/// What the Debugger's realm gets.
static AGENT_FUNCTIONS: &[anode_engine::NativeRow] =
    &[("compile", anode_runtime::compile_builtin), ("limited", limited)];

/// How often `wait` looks whether the thread was told to end.
const WAIT_STEP: Duration = Duration::from_millis(50);

#[derive(Default)]
struct State {
    handler: Option<Root>,
    server: Option<Server>,
    thread: Option<Arc<Inspected>>,
}

thread_local! {
    static MAIN: Cell<bool> = const { Cell::new(false) };
    static STATE: RefCell<State> = RefCell::default();
}

fn this_thread() -> Option<Arc<Inspected>> {
    STATE.with(|state| state.borrow().thread.clone())
}

fn need_thread(sc: &mut Scope<'_>) -> Result<Arc<Inspected>, Thrown> {
    match this_thread() {
        Some(thread) => Ok(thread),
        None => Err(sc.throw_error("this thread cannot be inspected yet")),
    }
}

fn session_of(args: &Args<'_>) -> SessionId {
    args.get(0).as_u32().unwrap_or(0)
}

/// `begin(id, title, url)`: this thread can be inspected from now on. Whether somebody wants it to wait for a session.
fn begin<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    if this_thread().is_some() {
        return Ok(sc.boolean(false));
    }
    let id = args.get(0).as_u32().unwrap_or(0);
    let (title, url) = (sc.to_string(args.get(1))?, sc.to_string(args.get(2))?);
    turn::set_attention_hook(on_attention);
    sc.set_attention_hook(on_interrupt);
    let live = Live { attention: env(sc).attention(), interrupter: sc.interrupter(), waker: env(sc).waker() };
    let (thread, waits) = Inspected::begin(id, &title, &url, live);
    STATE.with(|state| state.borrow_mut().thread = Some(thread));
    env(sc).at_exit(Box::new(|_sc| {
        let state = STATE.with(RefCell::take);
        if let Some(thread) = &state.thread {
            thread.end();
        }
        drop(state);
        socket::flush();
    }));
    Ok(sc.boolean(waits))
}

/// The loop was woken for us.
fn on_attention(sc: &mut Scope<'_>) -> Result<(), Thrown> {
    let signalled = SIGNALLED.get().is_some_and(|flag| flag.swap(false, Ordering::SeqCst));
    if signalled && MAIN.with(Cell::get) {
        let server = anode_runtime::require_builtin(sc, "internal/inspector/server")?;
        let start = sc.get(server, "startBySignal")?;
        let this = sc.undefined();
        sc.call(start, this, &[])?;
    }
    if this_thread().is_none() {
        return Ok(());
    }
    attend(sc, false)
}

static SIGNALLED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Lets SIGUSR1 start the server of the main thread, or, unless `starts`, do nothing. Node docs: --disable-sigusr1.
pub fn listen_for_signal(sc: &mut Scope<'_>, starts: bool) {
    MAIN.with(|main| main.set(starts));
    turn::set_attention_hook(on_attention);
    let signalled = SIGNALLED.get_or_init(Arc::default).clone();
    let flags = [signalled, env(sc).attention()];
    // Without the handler the signal ends the process, as without a debugger.
    let _installed = anode_runtime::event_loop::wake_on_signal(SIGUSR1, env(sc).waker(), flags);
}

#[cfg(target_os = "linux")]
const SIGUSR1: i32 = 10;
#[cfg(not(target_os = "linux"))]
const SIGUSR1: i32 = 30;

/// JavaScript was interrupted for us. What is thrown stays here: the code that runs has nothing to do with it.
fn on_interrupt(sc: &mut Scope<'_>) {
    if let Err(thrown) = attend(sc, true) {
        let _not_theirs = sc.catch(thrown);
    }
}

fn attend(sc: &mut Scope<'_>, interrupts: bool) -> Result<(), Thrown> {
    let handler = STATE.with(|state| state.borrow().handler.as_ref().map(|root| root.get(sc)));
    let handler = match handler {
        Some(handler) => handler,
        None if interrupts => return Ok(()),
        None => {
            // The first message to this thread: its JavaScript sets the handler when it is loaded.
            let host = anode_runtime::require_builtin(sc, "internal/inspector/host")?;
            sc.get(host, "attend")?
        }
    };
    let this = sc.undefined();
    let interrupts = sc.boolean(interrupts);
    sc.call(handler, this, &[interrupts]).map(|_| ())
}

/// `setHandler(fn)`: `fn(interrupts)` is called when something arrives.
fn set_handler<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handler = Root::new(sc, args.get(0));
    STATE.with(|state| state.borrow_mut().handler = Some(handler));
    Ok(sc.undefined())
}

/// A request as JavaScript gets it: `[kind, session, ...]`.
fn request_value<'s>(sc: &mut Scope<'s>, request: Request) -> Local<'s> {
    let number = |sc: &mut Scope<'s>, number: u32| sc.number(f64::from(number));
    let row = match request {
        Request::Connect { session, is_socket } => {
            [sc.string("connect"), number(sc, session), sc.boolean(is_socket)].to_vec()
        }
        Request::Disconnect(session) => [sc.string("disconnect"), number(sc, session)].to_vec(),
        Request::Message(session, text) => [sc.string("message"), number(sc, session), sc.string(&text)].to_vec(),
        Request::ThreadBegan { id, title, url, waits } => {
            [sc.string("began"), number(sc, id), sc.string(&title), sc.string(&url), sc.boolean(waits)].to_vec()
        }
        Request::ThreadEnded(id) => [sc.string("ended"), number(sc, id)].to_vec(),
    };
    sc.array(&row)
}

/// `take()`: the next request, or `undefined`.
fn take<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    match this_thread().and_then(|thread| thread.take()) {
        Some(request) => Ok(request_value(sc, request)),
        None => Ok(sc.undefined()),
    }
}

/// `takeReply()`: `[session, text]`, or `[session]` at its end, or `undefined`.
fn take_reply<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let row = match this_thread().and_then(|thread| thread.take_reply()) {
        Some(Reply::Message(session, text)) => [sc.number(f64::from(session)), sc.string(&text)].to_vec(),
        Some(Reply::Closed(session)) => [sc.number(f64::from(session))].to_vec(),
        None => return Ok(sc.undefined()),
    };
    Ok(sc.array(&row))
}

/// `wait()`: the next request; this thread stands still until there is one. A termination if the thread was told to end.
fn wait<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let thread = need_thread(sc)?;
    loop {
        if let Some(request) = thread.wait(WAIT_STEP) {
            return Ok(request_value(sc, request));
        }
        if sc.is_terminating() || env(sc).is_stopped() {
            return Err(sc.terminate());
        }
    }
}

/// `connect(threadId)`: a session with another thread's agent; `undefined` if there is no such thread.
fn connect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let thread = need_thread(sc)?;
    let target = Inspected::find(args.get(0).as_u32().unwrap_or(u32::MAX));
    Ok(match target {
        Some(target) => sc.number(f64::from(threads::connect_thread(&thread, &target))),
        None => sc.undefined(),
    })
}

/// `post(session, text)`: from this client to the agent.
fn post<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    threads::post(session_of(args), sc.to_string(args.get(1))?);
    Ok(sc.undefined())
}

/// `disconnect(session)`: this client goes.
fn disconnect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    threads::disconnect(session_of(args));
    Ok(sc.undefined())
}

/// `send(session, text)`: from this agent to the client.
fn send<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    threads::send(session_of(args), sc.to_string(args.get(1))?);
    Ok(sc.undefined())
}

/// `close(session)`: this agent ends it.
fn close_session<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    threads::close(session_of(args));
    Ok(sc.undefined())
}

/// `flush()`: waits until the clients' sockets have taken what was sent, for a moment.
fn flush<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    socket::flush();
    Ok(sc.undefined())
}

/// `rename(title, url)`: what others call this thread.
fn rename<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let thread = need_thread(sc)?;
    thread.rename(&sc.to_string(args.get(0))?, &sc.to_string(args.get(1))?);
    Ok(sc.undefined())
}

/// `threads()`: `[id, title, url]` of each other thread.
fn list_threads<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let thread = need_thread(sc)?;
    let mut rows = Vec::new();
    for (id, title, url) in thread.others() {
        let row = [sc.number(f64::from(id)), sc.string(&title), sc.string(&url)];
        rows.push(sc.array(&row));
    }
    Ok(sc.array(&rows))
}

/// `watch(waits)`: this thread hears of new ones, which wait for a session if `waits`.
fn watch<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    need_thread(sc)?.watch(args.get(0).is_true());
    Ok(sc.undefined())
}

/// `unwatch()`
fn unwatch<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    need_thread(sc)?.unwatch();
    Ok(sc.undefined())
}

/// `openServer(host, port, { id, title, url, version, protocol, hasDocuments })`: the port, or the message of what went wrong.
fn open_server<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    permission::require(sc, Permission::Inspector, b"")?;
    let thread = need_thread(sc)?;
    let host = sc.to_string(args.get(0))?;
    let port = args.get(1).as_u32().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    let mut text = |name: &'static str| {
        let value = sc.get(args.get(2), name)?;
        sc.to_string(value)
    };
    let target = Target {
        id: text("id")?,
        protocol: text("protocol")?,
        title: text("title")?,
        url: text("url")?,
        version: text("version")?,
        has_documents: text("hasDocuments")? == "true",
    };
    match Server::start(&host, port, target, thread) {
        Ok(server) => {
            let port = server.port();
            STATE.with(|state| state.borrow_mut().server = Some(server));
            Ok(sc.number(f64::from(port)))
        }
        Err(error) => {
            let text = match error.raw_os_error() {
                Some(errno) => anode_runtime::describe_errno(errno).1.to_owned(),
                None => error.to_string(),
            };
            Ok(sc.string(&text))
        }
    }
}

/// `closeServer()`: nobody can connect when this returns.
fn close_server<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let server = STATE.with(|state| state.borrow_mut().server.take());
    drop(server);
    Ok(sc.undefined())
}

/// `makeAgent(id, host)`: runs the builtin `id` in a realm that has a Debugger, and returns what its function `start(global, host, natives)`
/// returns. `global` is this realm's global object.
fn make_agent<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let id = sc.to_string(args.get(0))?;
    let host = args.get(1);
    sc.with_debugger(|sc, global| {
        let natives = sc.object();
        sc.define_functions(natives, AGENT_FUNCTIONS)?;
        let compile = sc.get(natives, "compile")?;
        let this = sc.undefined();
        let name = sc.string(&id);
        let wrapper = sc.call(compile, this, &[name])?;
        let (exports, module) = (sc.object(), sc.object());
        sc.set(module, "exports", exports)?;
        sc.call(wrapper, this, &[exports, this, module, natives])?;
        let exports = sc.get(module, "exports")?;
        let start = sc.get(exports, "start")?;
        let host = sc.wrap(host)?;
        sc.call(start, this, &[global, host, natives])
    })
}

/// `limited(ms, fn)`: what `fn()` returns; it is terminated after so many milliseconds.
fn limited<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let timeout_ms = args.get(0).as_f64().unwrap_or(0.0).max(0.0) as u64;
    let function = args.get(1);
    let this = sc.undefined();
    let (result, _fired) = sc.with_timeout(timeout_ms, |sc| sc.call(function, this, &[]));
    result
}

/// `startSampling(microseconds)`
fn start_sampling<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let interval_us = args.get(0).as_f64().unwrap_or(1000.0).clamp(50.0, 1e9) as u64;
    sc.start_sampling(Duration::from_micros(interval_us));
    Ok(sc.undefined())
}

/// `stopSampling()`: `[stacks, samples]`: stacks are flat lists of source, line, column from the innermost frame out; samples are pairs of
/// microseconds since the start and the number of a stack.
fn stop_sampling<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let profile = sc.stop_sampling();
    let mut stacks = Vec::new();
    for stack in &profile.stacks {
        let mut flat = Vec::new();
        for frame in stack {
            flat.push(sc.number(f64::from(frame.source)));
            flat.push(sc.number(f64::from(frame.line)));
            flat.push(sc.number(f64::from(frame.column)));
        }
        stacks.push(sc.array(&flat));
    }
    let mut samples = Vec::new();
    for (at_us, stack) in &profile.samples {
        samples.push(sc.number(*at_us as f64));
        samples.push(sc.number(f64::from(*stack)));
    }
    let parts = [sc.array(&stacks), sc.array(&samples)];
    Ok(sc.array(&parts))
}
