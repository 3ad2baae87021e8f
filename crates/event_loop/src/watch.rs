//! Watching files and folders: one inotify queue per loop.
//!
//! The kernel counts a file watched twice as one watch, so watches are shared by the handles that
//! have the same file. Node docs: fs.watch.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use mio::Interest;
use mio::unix::SourceFd;
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};

use crate::event::{Errno, Event, WatchEvent};
use crate::poller::{CHANGES, errno};
use crate::table::Key;
use crate::{Handle, Kind, Loop};

/// Bytes of changes taken from the kernel at once.
const BUFFER_BYTES: usize = 16 * 1024;

/// What a watch handle remembers.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Last part of the watched path: the name of changes of the file itself.
    name: Vec<u8>,
    /// The kernel's number of the watch.
    number: i32,
}

/// What a loop knows of changes.
#[derive(Default)]
pub(crate) struct Watches {
    queue: Option<OwnedFd>,
    /// The handles of each of the kernel's watches, in the order they were opened.
    watching: HashMap<i32, Vec<Key>>,
}

fn wanted() -> WatchFlags {
    WatchFlags::ATTRIB
        | WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::DELETE_SELF
        | WatchFlags::MODIFY
        | WatchFlags::MOVE_SELF
        | WatchFlags::MOVED_FROM
        | WatchFlags::MOVED_TO
}

impl Loop {
    /// Watches a file, or a folder and its entries (not theirs): [`Event::Watch`] for each change.
    /// The handle is active until it is closed.
    ///
    /// # Errors
    /// What `inotify_add_watch` says: `ENOENT`, `EACCES`, `ENOSPC` for too many watches; what
    /// `inotify_init` says: `EMFILE`.
    pub fn watch_open(&mut self, path: &[u8]) -> Result<Key, Errno> {
        let queue = match self.watches.queue.take() {
            Some(queue) => queue,
            None => {
                let queue = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
                let registry = self.poller.registry();
                registry
                    .register(&mut SourceFd(&queue.as_raw_fd()), CHANGES, Interest::READABLE)
                    .map_err(|error| errno(&error))?;
                queue
            }
        };
        let added = inotify::add_watch(&queue, OsStr::from_bytes(path), wanted());
        self.watches.queue = Some(queue);
        let number = added?;
        let trimmed = path.iter().rposition(|byte| *byte != b'/').map_or(path, |last| &path[..=last]);
        let name = trimmed.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec();
        let key = self.insert(Kind::Watch(Watch { name, number }));
        self.watches.watching.entry(number).or_default().push(key);
        self.set_active(key, true);
        Ok(key)
    }

    pub(crate) fn close_watch(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Watch(watch), .. }) = self.handles.get(key) else { return };
        let Some(keys) = self.watches.watching.get_mut(&watch.number) else { return };
        keys.retain(|other| *other != key);
        if keys.is_empty() {
            self.watches.watching.remove(&watch.number);
            if let Some(queue) = &self.watches.queue {
                // Fails if the file is gone, and its watch with it.
                let _ = inotify::remove_watch(queue, watch.number);
            }
        }
    }

    /// The queue has changes: queues an event for each handle concerned.
    pub(crate) fn read_changes(&mut self) {
        let Some(queue) = &self.watches.queue else { return };
        let mut buffer = [MaybeUninit::uninit(); BUFFER_BYTES];
        let mut reader = Reader::new(queue, &mut buffer);
        // Ends with EAGAIN. Any other error would be a bug of ours, and repeat itself.
        while let Ok(change) = reader.next() {
            let Some(keys) = self.watches.watching.get(&change.wd()) else { continue };
            let contents = ReadFlags::ATTRIB | ReadFlags::MODIFY;
            for key in keys {
                let Some(Handle { kind: Kind::Watch(watch), .. }) = self.handles.get(*key) else { continue };
                let name = change.file_name().map_or(watch.name.as_slice(), |name| name.to_bytes());
                let event = WatchEvent {
                    change: change.events().intersects(contents),
                    name: name.to_vec(),
                    rename: !(change.events() - contents - ReadFlags::ISDIR).is_empty(),
                };
                self.later.push_back(Event::Watch(*key, event));
            }
        }
    }
}
