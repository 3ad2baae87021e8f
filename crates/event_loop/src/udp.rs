//! UDP sockets.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use rustix::buffer::spare_capacity;
use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};

use crate::buffer::{Bytes, Chunk, give_buffer, take_buffer};
use crate::event::{Datagram, Errno, Event, Request};
use crate::poller::{Ready, errno};
use crate::stream::WriteOutcome;
use crate::table::Key;
use crate::write_queue::retry;
use crate::{Handle, Kind, Loop};

/// Datagrams a socket receives per turn, as in libuv.
const RECEIVES_MAX: u8 = 32;

#[derive(Debug)]
struct Send {
    bufs: Vec<Bytes>,
    request: Request,
    to: Option<SocketAddr>,
}

/// What a UDP socket remembers.
#[derive(Debug)]
pub(crate) struct Udp {
    fd: Option<OwnedFd>,
    listed: bool,
    queue: VecDeque<Send>,
    readable: bool,
    receives_left: u8,
    receiving: bool,
    registered: Option<Interest>,
    writable: bool,
}

impl Udp {
    pub(crate) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.fd.as_ref().map(AsFd::as_fd)
    }

    fn watch(&mut self, registry: &Registry, key: Key, wanted: Interest) -> Result<(), Errno> {
        let fd = self.fd.as_ref().ok_or(Errno::BADF)?.as_raw_fd();
        let token = Token(key.to_bits() as usize);
        let interest = self.registered.map_or(wanted, |known| known | wanted);
        match self.registered {
            None => registry.register(&mut SourceFd(&fd), token, interest),
            Some(known) if known == interest => Ok(()),
            Some(_) => registry.reregister(&mut SourceFd(&fd), token, interest),
        }
        .map_err(|error| errno(&error))?;
        self.registered = Some(interest);
        Ok(())
    }

    fn receive(&mut self) -> Option<Result<Datagram, Errno>> {
        let fd = self.fd.as_ref()?;
        let mut buffer = take_buffer();
        match retry(|| rustix::net::recvfrom(fd, spare_capacity(&mut buffer), RecvFlags::TRUNC)) {
            Ok((count, length, Some(from))) => match SocketAddr::try_from(from) {
                Ok(from) => Some(Ok(Datagram { data: Chunk::new(buffer), from, truncated: length > count })),
                Err(error) => Some(Err(error)),
            },
            Ok((.., None)) => Some(Err(Errno::AFNOSUPPORT)),
            Err(Errno::AGAIN) => {
                give_buffer(buffer);
                self.readable = false;
                None
            }
            Err(error) => {
                give_buffer(buffer);
                Some(Err(error))
            }
        }
    }
}

fn send_now(fd: BorrowedFd<'_>, bufs: &[Bytes], to: Option<SocketAddr>) -> Result<usize, Errno> {
    let slices: Vec<IoSlice<'_>> = bufs.iter().map(|buf| IoSlice::new(buf.as_ref())).collect();
    let mut control = SendAncillaryBuffer::default();
    retry(|| match &to {
        Some(to) => rustix::net::sendmsg_addr(fd, to, &slices, &mut control, SendFlags::NOSIGNAL),
        None => rustix::net::sendmsg(fd, &slices, &mut control, SendFlags::NOSIGNAL),
    })
}

impl Loop {
    /// Makes a handle of a UDP socket, bound or not, and sets it non-blocking.
    ///
    /// # Errors
    /// What `fcntl` says.
    pub fn udp_open(&mut self, fd: OwnedFd) -> Result<Key, Errno> {
        rustix::io::ioctl_fionbio(&fd, true)?;
        Ok(self.insert(Kind::Udp(Box::new(Udp {
            fd: Some(fd),
            listed: false,
            queue: VecDeque::new(),
            readable: false,
            receives_left: 0,
            receiving: false,
            registered: None,
            writable: false,
        }))))
    }

    fn udp(&mut self, key: Key) -> Result<(&mut Udp, &Registry), Errno> {
        match self.handles.get_mut(key) {
            Some(Handle { kind: Kind::Udp(udp), closing: false, .. }) => Ok((udp, self.poller.registry())),
            _ => Err(Errno::INVAL),
        }
    }

    /// Starts receiving: [`Event::Datagram`] for each. Again is fine.
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open UDP socket; what the poller says.
    pub fn recv_start(&mut self, key: Key) -> Result<(), Errno> {
        let (udp, registry) = self.udp(key)?;
        udp.watch(registry, key, Interest::READABLE)?;
        udp.receiving = true;
        if udp.readable && !udp.listed {
            udp.listed = true;
            self.again.push(key);
        }
        self.set_active(key, true);
        Ok(())
    }

    /// Stops receiving.
    pub fn recv_stop(&mut self, key: Key) {
        if let Ok((udp, _)) = self.udp(key) {
            udp.receiving = false;
            self.set_active(key, false);
        }
    }

    /// Sends one datagram, to the connected peer if `to` is `None`: at once, or when the socket takes
    /// it ([`Event::Sent`]).
    ///
    /// # Errors
    /// `EINVAL` for a key that is no open UDP socket; what `sendmsg` says.
    pub fn send(&mut self, key: Key, bufs: Vec<Bytes>, to: Option<SocketAddr>) -> Result<WriteOutcome, Errno> {
        let request = self.next_request();
        let (udp, registry) = self.udp(key)?;
        if udp.queue.is_empty() {
            let fd = udp.fd().ok_or(Errno::BADF)?;
            match send_now(fd, &bufs, to) {
                Err(Errno::AGAIN) => {}
                result => return result.map(WriteOutcome::Done),
            }
            udp.writable = false;
            udp.watch(registry, key, Interest::WRITABLE)?;
        }
        udp.queue.push_back(Send { bufs, request, to });
        self.requests += 1;
        Ok(WriteOutcome::Queued(request))
    }

    /// Datagrams that wait to be sent, and their bytes. Node docs: socket.getSendQueueCount.
    #[must_use]
    pub fn send_queue(&self, key: Key) -> (usize, usize) {
        match self.handles.get(key) {
            Some(Handle { kind: Kind::Udp(udp), .. }) => {
                let bytes = udp.queue.iter().flat_map(|send| &send.bufs).map(|buf| buf.as_ref().len()).sum();
                (udp.queue.len(), bytes)
            }
            _ => (0, 0),
        }
    }

    pub(crate) fn close_udp(&mut self, key: Key) {
        let Ok((udp, registry)) = self.udp(key) else { return };
        udp.receiving = false;
        if let Some(fd) = udp.fd.take()
            && udp.registered.take().is_some()
        {
            let _ = registry.deregister(&mut SourceFd(&fd.as_raw_fd()));
        }
    }

    /// Ends the requests of a closed socket.
    pub(crate) fn cancel_udp(&mut self, key: Key) {
        let Some(Handle { kind: Kind::Udp(udp), .. }) = self.handles.get_mut(key) else { return };
        for send in udp.queue.drain(..) {
            self.out.push_back(Event::Sent(key, send.request, Err(Errno::CANCELED)));
        }
    }

    pub(crate) fn udp_ready(&mut self, key: Key, ready: Ready, fresh: bool) -> Option<Event> {
        let Some(Handle { kind: Kind::Udp(udp), closing: false, .. }) = self.handles.get_mut(key) else {
            return None;
        };
        if fresh {
            udp.listed = false;
            udp.readable |= ready.readable || ready.error || ready.hup;
            udp.receives_left = RECEIVES_MAX;
            udp.writable |= ready.writable || ready.error || ready.hup;
        }
        if udp.receiving && udp.readable {
            if udp.receives_left > 0 {
                udp.receives_left -= 1;
                if let Some(result) = udp.receive() {
                    return Some(Event::Datagram(key, result));
                }
            } else if !udp.listed {
                udp.listed = true;
                self.again.push(key);
            }
        }
        while udp.writable
            && let (Some(send), Some(fd)) = (udp.queue.front(), &udp.fd)
        {
            match send_now(fd.as_fd(), &send.bufs, send.to) {
                Err(Errno::AGAIN) => udp.writable = false,
                result => {
                    self.out.push_back(Event::Sent(key, send.request, result));
                    udp.queue.pop_front();
                }
            }
        }
        None
    }
}
