//! Terminals: size and mode.

use crate::methods::{code, this};
use anode_runtime::{Args, JsResult, NativeRow, Scope};
use rustix::termios::{ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios};
use std::cell::RefCell;
use std::collections::HashMap;

pub(crate) const METHODS: &[NativeRow] = &[("getWindowSize", window_size), ("setRawMode", set_raw_mode)];

thread_local! {
    /// Modes from before the first change, by device: to be put back.
    static BEFORE: RefCell<HashMap<u64, Termios>> = RefCell::default();
}

/// `getWindowSize(out)`: fills columns and rows.
fn window_size<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    match handle.with_fd(sc, |fd| rustix::termios::tcgetwinsize(fd)) {
        Ok(size) => {
            let columns = sc.int(i32::from(size.ws_col));
            sc.set_index(args.get(0), 0, columns)?;
            let rows = sc.int(i32::from(size.ws_row));
            sc.set_index(args.get(0), 1, rows)?;
            Ok(sc.int(0))
        }
        Err(errno) => Ok(sc.int(-errno.raw_os_error())),
    }
}

/// `setRawMode(on)`: every key at once, unechoed, signals as characters; or as it was before. libuv docs: uv_tty_set_mode.
fn set_raw_mode<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let handle = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = handle.with_fd(sc, |fd| {
        let device = rustix::fs::fstat(fd)?.st_rdev;
        let now = rustix::termios::tcgetattr(fd)?;
        let before = BEFORE.with_borrow_mut(|before| before.entry(device).or_insert_with(|| now.clone()).clone());
        let mut mode = before;
        if on {
            mode.input_modes -=
                InputModes::BRKINT | InputModes::ICRNL | InputModes::INPCK | InputModes::ISTRIP | InputModes::IXON;
            mode.output_modes |= OutputModes::ONLCR;
            mode.control_modes |= ControlModes::CS8;
            mode.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN | LocalModes::ISIG;
            mode.special_codes[SpecialCodeIndex::VMIN] = 1;
            mode.special_codes[SpecialCodeIndex::VTIME] = 0;
        }
        rustix::termios::tcsetattr(fd, OptionalActions::Drain, &mode)
    });
    Ok(sc.int(code(result)))
}
