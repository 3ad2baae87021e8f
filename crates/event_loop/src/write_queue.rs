//! The queue of writes a stream could not make at once.
//!
//! One `writev` takes from as many requests as its vector holds, except that descriptors travel with
//! the first byte of their own request and so need a call of their own.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags};

use crate::buffer::Bytes;
use crate::event::{Errno, Request};

/// Buffers per system call: enough to be worth the call, few enough for the stack.
const SLICES_MAX: usize = 32;

/// Descriptors one message may carry. Linux: SCM_MAX_FD.
pub(crate) const FDS_MAX: usize = 253;

/// One queued request. `index` and `offset` say where the unwritten rest begins.
#[derive(Debug)]
struct Write {
    bufs: Vec<Bytes>,
    fds: Vec<OwnedFd>,
    index: usize,
    offset: usize,
    request: Request,
}

impl Write {
    fn is_done(&self) -> bool {
        self.fds.is_empty() && self.index == self.bufs.len()
    }

    /// Skips empty buffers, so that a request without bytes left is done.
    fn skip_empty(&mut self) {
        while self.bufs.get(self.index).is_some_and(|buf| self.offset == buf.as_ref().len()) {
            self.index += 1;
            self.offset = 0;
        }
    }

    /// Marks up to `count` bytes as written; how many that were.
    fn consume(&mut self, count: usize) -> usize {
        let mut left = count;
        while let Some(buf) = self.bufs.get(self.index) {
            let rest = buf.as_ref().len() - self.offset;
            if left < rest {
                self.offset += left;
                return count;
            }
            left -= rest;
            self.index += 1;
            self.offset = 0;
        }
        count - left
    }
}

/// What waits to be written, in order. **Invariant:** `bytes` is the sum of the unwritten rests.
#[derive(Debug, Default)]
pub(crate) struct WriteQueue {
    bytes: usize,
    writes: VecDeque<Write>,
}

impl WriteQueue {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Appends a request of which `written` bytes are through already.
    pub(crate) fn push(&mut self, request: Request, bufs: Vec<Bytes>, fds: Vec<OwnedFd>, written: usize) {
        let length: usize = bufs.iter().map(|buf| buf.as_ref().len()).sum();
        let mut write = Write { bufs, fds, index: 0, offset: 0, request };
        write.consume(written);
        self.bytes += length - written;
        self.writes.push_back(write);
    }

    /// The oldest request, if nothing is left of it; it leaves the queue.
    pub(crate) fn pop_done(&mut self) -> Option<Request> {
        let first = self.writes.front_mut()?;
        first.skip_empty();
        if !first.is_done() {
            return None;
        }
        self.writes.pop_front().map(|write| write.request)
    }

    /// The oldest request, done or not; it leaves the queue.
    pub(crate) fn pop(&mut self) -> Option<Request> {
        let write = self.writes.pop_front()?;
        let rest: usize = write.bufs[write.index..].iter().map(|buf| buf.as_ref().len()).sum();
        self.bytes -= rest - write.offset;
        Some(write.request)
    }

    /// Writes once, as much as one call takes. The first request must not be done.
    pub(crate) fn write_some(&mut self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        let mut slices = [IoSlice::new(&[]); SLICES_MAX];
        let mut used = 0;
        for (nth, write) in self.writes.iter().enumerate() {
            if nth > 0 && (used == SLICES_MAX || !write.fds.is_empty()) {
                break;
            }
            let mut offset = write.offset;
            for buf in write.bufs[write.index..].iter().take(SLICES_MAX - used) {
                slices[used] = IoSlice::new(&buf.as_ref()[offset..]);
                offset = 0;
                used += 1;
            }
            if !write.fds.is_empty() {
                break;
            }
        }
        let fds: Vec<BorrowedFd<'_>> =
            self.writes.front().into_iter().flat_map(|write| &write.fds).map(AsFd::as_fd).collect();
        let written = send(fd, &slices[..used], &fds)?;
        self.bytes -= written;
        self.consume(written);
        Ok(())
    }

    fn consume(&mut self, mut written: usize) {
        for (nth, write) in self.writes.iter_mut().enumerate() {
            if nth == 0 {
                write.fds.clear(); // they went with the first byte
            }
            if written == 0 {
                return;
            }
            written -= write.consume(written);
        }
    }
}

/// One `writev`, or one `sendmsg` if descriptors go along; bytes written.
pub(crate) fn send(fd: BorrowedFd<'_>, slices: &[IoSlice<'_>], fds: &[BorrowedFd<'_>]) -> Result<usize, Errno> {
    if fds.is_empty() {
        return retry(|| match slices {
            [slice] => rustix::io::write(fd, slice),
            _ => rustix::io::writev(fd, slices),
        });
    }
    let mut space = vec![MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_MAX))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(Errno::INVAL);
    }
    retry(|| rustix::net::sendmsg(fd, slices, &mut control, SendFlags::NOSIGNAL))
}

/// Calls again while a signal interrupts.
pub(crate) fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn bufs(parts: &[&[u8]]) -> Vec<Bytes> {
        parts.iter().map(|part| Bytes::from(part.to_vec())).collect()
    }

    #[test]
    fn requests_end_in_order_with_their_last_byte() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let mut queue = WriteQueue::default();
        queue.push(Request(1), bufs(&[b"", b"ab", b"", b"cd"]), Vec::new(), 3);
        queue.push(Request(2), bufs(&[]), Vec::new(), 0);
        queue.push(Request(3), bufs(&[b"", b""]), Vec::new(), 0);
        queue.push(Request(4), bufs(&[&b"e"[..]; 70]), Vec::new(), 0);
        assert_eq!(queue.bytes(), 71);
        assert_eq!(queue.pop_done(), None);
        queue.write_some(ours.as_fd()).unwrap();
        assert_eq!([queue.pop_done(), queue.pop_done()], [Some(Request(1)), Some(Request(2))]);
        assert_eq!([queue.pop_done(), queue.pop_done()], [Some(Request(3)), None]);
        while queue.pop_done().is_none() {
            queue.write_some(ours.as_fd()).unwrap();
        }
        assert!(queue.is_empty() && queue.bytes() == 0);
        let mut got = [0; 71];
        theirs.read_exact(&mut got).unwrap();
        assert_eq!(&got[..3], b"dee");
    }

    #[test]
    fn giving_up_counts_the_bytes_back() {
        let mut queue = WriteQueue::default();
        queue.push(Request(1), bufs(&[b"abc", b"def"]), Vec::new(), 4);
        queue.push(Request(2), bufs(&[b"gh"]), Vec::new(), 0);
        assert_eq!((queue.bytes(), queue.pop(), queue.bytes()), (4, Some(Request(1)), 2));
        assert_eq!((queue.pop(), queue.pop(), queue.bytes()), (Some(Request(2)), None, 0));
    }
}
