//! Binding of `node:trace_events`: events of all threads of the process, until the main thread writes them.

#![forbid(unsafe_code)]

use anode_engine::{Args, JsResult, Scope};
use anode_runtime::Builtin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The binding.
pub static BUILTIN: Builtin =
    Builtin { name: "trace_events", functions: &[("emit", emit), ("take", take), ("threadId", thread_id)], init: None };

/// What waits for the file, in bytes. Beyond it events are dropped: a thread that never ends must not fill the memory.
const BYTES_MAX: usize = 512 << 20;

static EVENTS: Mutex<String> = Mutex::new(String::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// `emit(text)`: adds an event in JSON. How many bytes wait.
fn emit<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = sc.to_string(args.get(0))?;
    let mut events = EVENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if events.len() < BYTES_MAX {
        if !events.is_empty() {
            events.push(',');
        }
        events.push_str(&text);
    }
    let waiting = events.len();
    drop(events);
    Ok(sc.number(waiting as f64))
}

/// `take()`: all events so far, separated by commas.
fn take<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let events = std::mem::take(&mut *EVENTS.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(sc.string(&events))
}

/// `threadId()`: the system's number of this thread, where it tells.
fn thread_id<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let link = std::fs::read_link("/proc/thread-self").ok();
    let number = link.and_then(|path| path.file_name()?.to_str()?.parse::<u32>().ok());
    let number = number.map_or_else(|| NEXT_ID.fetch_add(1, Ordering::Relaxed) as f64, f64::from);
    Ok(sc.number(number))
}
