//! Signal handles.
//!
//! The process's handler writes each signal into the pipe of every loop that wants it; the loop hands
//! out one event per handle and signal, in the order the handles were started. Signals are looked at
//! after everything else the same poll brought, as in libuv.

use mio::Interest;
use mio::unix::SourceFd;

use crate::event::{Errno, Event};
use crate::poller::{SIGNALS, errno};
use crate::sys::signal::Port;
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// What a loop knows of signals.
#[derive(Default)]
pub(crate) struct Signals {
    port: Option<Port>,
    /// Started handles and their signals, in order.
    started: Vec<(i32, Key)>,
}

impl Loop {
    /// Makes a stopped signal handle.
    pub fn signal_open(&mut self) -> Key {
        self.insert(Kind::Signal)
    }

    /// Starts, or restarts with another signal: [`Event::Signal`] each time it arrives.
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open signal handle, and for signals that cannot be caught;
    /// `EMFILE` for want of a pipe.
    pub fn signal_start(&mut self, key: Key, signal: i32) -> Result<(), Errno> {
        if !matches!(self.handles.get(key), Some(Handle { kind: Kind::Signal, closing: false, .. })) {
            return Err(Errno::INVAL);
        }
        self.want_signal(signal)?;
        self.signals.started.push((signal, key));
        // After the new one is in force, so that restarting with the same signal misses none.
        let before = self.signals.started.iter().position(|(_, other)| *other == key);
        if let Some(index) = before.filter(|index| index + 1 < self.signals.started.len()) {
            let (old, _) = self.signals.started.remove(index);
            self.forget_signal(old);
        }
        self.set_active(key, true);
        Ok(())
    }

    /// Stops; when nobody wants the signal any more the process deals with it as before.
    pub fn signal_stop(&mut self, key: Key) {
        if let Some(index) = self.signals.started.iter().position(|(_, other)| *other == key) {
            let (signal, _) = self.signals.started.remove(index);
            self.forget_signal(signal);
            self.set_active(key, false);
        }
    }

    /// Opens the port if need be, and wants the signal.
    pub(crate) fn want_signal(&mut self, signal: i32) -> Result<(), Errno> {
        let port = match self.signals.port.take() {
            Some(port) => port,
            None => {
                let port = Port::open()?;
                let registry = self.poller.registry();
                registry
                    .register(&mut SourceFd(&port.fd()), SIGNALS, Interest::READABLE)
                    .map_err(|error| errno(&error))?;
                port
            }
        };
        let result = port.want(signal);
        self.signals.port = Some(port);
        result
    }

    fn forget_signal(&mut self, signal: i32) {
        let wanted = self.signals.started.iter().any(|(other, _)| *other == signal)
            || (signal == libc::SIGCHLD && self.children_need_signal());
        if let (false, Some(port)) = (wanted, &self.signals.port) {
            port.forget(signal);
        }
    }

    /// The pipe has signals: queues an event for each handle that wants one of them.
    pub(crate) fn read_signals(&mut self) {
        let mut numbers = [0_u8; 512];
        loop {
            let count = self.signals.port.as_ref().map_or(0, |port| port.read(&mut numbers));
            for number in &numbers[..count] {
                let signal = i32::from(*number);
                if signal == libc::SIGCHLD {
                    self.look_for_exits();
                }
                for (_, key) in self.signals.started.iter().filter(|(wanted, _)| *wanted == signal) {
                    self.later.push_back(Event::Signal(*key, signal));
                }
            }
            if count < numbers.len() {
                return;
            }
        }
    }

    pub(crate) fn close_signals(&mut self) {
        if let Some(port) = self.signals.port.take() {
            // The pipe outlives the loop, and its poller need not outlive it.
            let _ = self.poller.registry().deregister(&mut SourceFd(&port.fd()));
        }
    }
}
