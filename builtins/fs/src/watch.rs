//! `fs.watch`: handles of the event loop by number.
//!
//! **Invariant:** the table is of this thread's loop; numbers of one thread mean nothing to another.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use anode_runtime::event_loop::{Event, Key};
use anode_runtime::permission::Permission;
use anode_runtime::turn::Handler;
use anode_runtime::{Args, JsResult, Root, Scope, ThrowSystem, Thrown, env};

use crate::answer::{flag_arg, internal, path_arg};
use crate::ops::on_path;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
    static OPEN: RefCell<HashMap<u32, Key>> = RefCell::default();
}

struct Watcher {
    callback: Root,
    raw: bool,
}

impl Handler for Watcher {
    fn on_event(&self, sc: &mut Scope<'_>, event: Event) -> Result<(), Thrown> {
        let Event::Watch(_, change) = event else { return Ok(()) };
        let rename = sc.boolean(change.rename);
        let name = if self.raw { sc.array_buffer(change.name)? } else { sc.string_utf8_lossy(&change.name) };
        let (callback, this) = (self.callback.get(sc), sc.undefined());
        sc.call(callback, this, &[rename, name]).map(|_| ())
    }
}

/// `watchOpen(path, raw, persistent, callback)`: a number; `callback(rename, name)` for each change.
pub fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = path_arg(sc, args, 0)?;
    let path = crate::grant(sc, path, &[Permission::FsRead])?;
    let raw = flag_arg(args, 1);
    if !args.get(3).is_function() {
        return Err(internal(sc, "a callback"));
    }
    let opened = env(sc).events.borrow_mut().watch_open(&path);
    let key = match opened {
        Ok(key) => key,
        Err(errno) => return Err(sc.throw_system(&on_path("watch", &path)(errno))),
    };
    env(sc).events.borrow_mut().set_ref(key, flag_arg(args, 2));
    let watcher = Watcher { callback: Root::new(sc, args.get(3)), raw };
    env(sc).set_handler(key, Rc::new(watcher));
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    OPEN.with_borrow_mut(|open| open.insert(id, key));
    Ok(sc.number(f64::from(id)))
}

/// `watchClose(id)`: no change is reported from now on. Twice is as once.
pub fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = args.get(0).as_u32().and_then(|id| OPEN.with_borrow_mut(|open| open.remove(&id)));
    if let Some(key) = key {
        env(sc).events.borrow_mut().close(key);
    }
    Ok(sc.undefined())
}

/// `watchRef(id, ref)`: whether it keeps the program running.
pub fn set_ref<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let key = args.get(0).as_u32().and_then(|id| OPEN.with_borrow(|open| open.get(&id).copied()));
    if let Some(key) = key {
        env(sc).events.borrow_mut().set_ref(key, flag_arg(args, 1));
    }
    Ok(sc.undefined())
}
