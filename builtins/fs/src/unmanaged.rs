//! Descriptors that JavaScript of a worker opened by number: closed when its thread ends. Node docs: new Worker,
//! `trackUnmanagedFds`.

use crate::answer::{fd_arg, flag_arg};
use anode_runtime::event_loop::fd::close;
use anode_runtime::{Args, JsResult, Scope, env};
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static OPEN: RefCell<BTreeSet<i32>> = const { RefCell::new(BTreeSet::new()) };
}

/// `trackFds()`: from now on this thread's descriptors are closed at its end, unless they were before.
pub fn track<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    env(sc).at_exit(Box::new(|_sc| {
        for fd in OPEN.take() {
            // It may have been closed behind our back; nobody is left to hear of an error.
            let _closed = close(fd);
        }
    }));
    Ok(sc.undefined())
}

/// `noteFd(fd, opened)`: whether that was news: a descriptor is opened once, and closed after that.
pub fn note<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let fd = fd_arg(sc, args, 0)?;
    let news = OPEN.with_borrow_mut(|open| if flag_arg(args, 1) { open.insert(fd) } else { open.remove(&fd) });
    Ok(sc.boolean(news))
}
