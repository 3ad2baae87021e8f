//! Binding of `node:worker_threads`: message ports, threads, and copies of values.
//!
//! Threads share nothing but the mailboxes of ports (see [`port`]), the memory of SharedArrayBuffers, and the environment
//! data that travels with a new thread.

#![forbid(unsafe_code)]

mod channel;
mod locks;
mod port;
mod worker;

use anode_engine::CloneFailure;
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};

pub use worker::{Ending, Runner, Seed, out_of_memory, set_runner};

/// The Rust half of `node:worker_threads`.
pub static BUILTIN: Builtin = Builtin {
    name: "worker_threads",
    functions: &[
        ("clone", clone),
        ("closePort", port::close),
        ("createChannel", port::create_channel),
        ("createWorker", worker::create),
        ("drainPort", port::drain),
        ("endThread", worker::end_thread),
        ("hasEnded", worker::has_ended),
        ("isOpenPort", port::is_open),
        ("isPort", port::is_port),
        ("joinGroup", port::join_group),
        ("loopTimes", worker::loop_times),
        ("movePort", port::move_to),
        ("openInbox", port::open_inbox),
        ("postMessage", port::post_message),
        ("postToThread", port::post_to_thread),
        ("queryLocks", locks::query),
        ("receiveMessage", port::receive_message),
        ("refPort", port::set_ref),
        ("refWorker", worker::set_ref),
        ("releaseLock", locks::release),
        ("requestLock", locks::request),
        ("setCloneHooks", port::set_clone_hooks),
        ("setLockHook", locks::set_hook),
        ("takeLockNews", locks::take_news),
        ("setPortHooks", port::set_hooks),
        ("setTransferMark", port::set_transfer_mark),
        ("startPort", port::start),
        ("stopPort", port::stop),
        ("terminateWorker", worker::terminate),
        ("threadInfo", worker::thread_info),
    ],
    init: None,
};

/// `clone(value, transfer)`: a copy within this thread, or the engine's number of why it refuses, in an array.
fn clone<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    match sc.serialize(args.get(0), args.get(1), &port::Ports::default()) {
        Ok(serialized) => sc.deserialize(serialized, &port::Ports::default()),
        Err(failure) => refuse(sc, failure),
    }
}

/// Throws the number of the reason: JavaScript makes a DataCloneError of it.
fn refuse<'s>(sc: &mut Scope<'s>, failure: CloneFailure) -> JsResult<'s> {
    Err(match failure {
        CloneFailure::Thrown(thrown) => thrown,
        CloneFailure::Refused(reason) => {
            let reason: Local<'_> = sc.int(reason as i32);
            throw(sc, reason)
        }
    })
}

fn throw(sc: &mut Scope<'_>, value: Local<'_>) -> Thrown {
    sc.throw(value)
}
