//! Addresses, and what a descriptor is.

use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::FileType;
use rustix::net::{AddressFamily, SocketAddrAny, SocketAddrUnix, SocketFlags, SocketType, socket_with, sockopt};

use crate::event::Errno;
use crate::stream::StreamKind;

/// Where a socket listens or connects to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Address {
    /// An IPv4 or IPv6 address and a port.
    Inet(SocketAddr),
    /// A path; or, after a zero byte, a name in the abstract namespace of Linux.
    Unix(Vec<u8>),
}

impl Address {
    /// A non-blocking, close-on-exec stream socket of the address's family.
    ///
    /// # Errors
    /// What `socket` says.
    pub fn stream_socket(&self) -> Result<OwnedFd, Errno> {
        self.socket(SocketType::STREAM)
    }

    /// A non-blocking, close-on-exec datagram socket of the address's family.
    ///
    /// # Errors
    /// What `socket` says.
    pub fn datagram_socket(&self) -> Result<OwnedFd, Errno> {
        self.socket(SocketType::DGRAM)
    }

    /// Binds a socket to the address.
    ///
    /// # Errors
    /// What `bind` says; `EINVAL` for a path that is too long (above 108 bytes).
    pub fn bind(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        match self {
            Address::Inet(address) => rustix::net::bind(fd, address),
            Address::Unix(name) => rustix::net::bind(fd, &unix(name)?),
        }
    }

    pub(crate) fn connect(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        match self {
            Address::Inet(address) => rustix::net::connect(fd, address),
            Address::Unix(name) => rustix::net::connect(fd, &unix(name)?),
        }
    }

    /// What a stream to the address is.
    #[must_use]
    pub fn stream_kind(&self) -> StreamKind {
        match self {
            Address::Inet(_) => StreamKind::Tcp,
            Address::Unix(_) => StreamKind::Unix,
        }
    }

    fn socket(&self, kind: SocketType) -> Result<OwnedFd, Errno> {
        let family = match self {
            Address::Inet(SocketAddr::V4(_)) => AddressFamily::INET,
            Address::Inet(SocketAddr::V6(_)) => AddressFamily::INET6,
            Address::Unix(_) => AddressFamily::UNIX,
        };
        socket_with(family, kind, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK, None)
    }
}

impl TryFrom<SocketAddrAny> for Address {
    type Error = Errno;

    /// What `getsockname` and `getpeername` return. `EAFNOSUPPORT` for other families.
    fn try_from(address: SocketAddrAny) -> Result<Address, Errno> {
        if address.address_family() != AddressFamily::UNIX {
            return SocketAddr::try_from(address).map(Address::Inet);
        }
        let address = SocketAddrUnix::try_from(address)?;
        let name = match (address.path_bytes(), address.abstract_name()) {
            (Some(path), _) => path.to_vec(),
            (None, Some(name)) => [b"\0", name].concat(),
            (None, None) => Vec::new(),
        };
        Ok(Address::Unix(name))
    }
}

fn unix(name: &[u8]) -> Result<SocketAddrUnix, Errno> {
    let address = match name {
        [0, name @ ..] => SocketAddrUnix::new_abstract_name(name),
        path => SocketAddrUnix::new(Path::new(std::ffi::OsStr::from_bytes(path))),
    };
    // What does not fit into an address is no argument for one, as libuv has it.
    address.map_err(|errno| if errno == Errno::NAMETOOLONG { Errno::INVAL } else { errno })
}

/// What is behind a descriptor. Node docs: process.stdin, "Process I/O".
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Descriptor {
    /// A regular file, folder or block device, or a character device other than a terminal: it cannot be polled.
    File,
    /// Something to stream with.
    Stream(StreamKind),
    /// A UDP socket.
    Udp,
    /// Anything else.
    Unknown,
}

impl Descriptor {
    /// Looks what a descriptor is.
    ///
    /// # Errors
    /// `EBADF` if it is not open.
    pub fn of(fd: impl AsFd) -> Result<Descriptor, Errno> {
        let fd = fd.as_fd();
        let stat = rustix::fs::fstat(fd)?;
        Ok(match FileType::from_raw_mode(stat.st_mode) {
            FileType::CharacterDevice if rustix::termios::isatty(fd) => Descriptor::Stream(StreamKind::Tty),
            FileType::CharacterDevice | FileType::RegularFile | FileType::BlockDevice | FileType::Directory => {
                Descriptor::File
            }
            FileType::Fifo => Descriptor::Stream(StreamKind::Fifo),
            FileType::Socket => socket_kind(fd)?,
            _ => Descriptor::Unknown,
        })
    }
}

fn socket_kind(fd: BorrowedFd<'_>) -> Result<Descriptor, Errno> {
    let family = rustix::net::getsockname(fd)?.address_family();
    let inet = family == AddressFamily::INET || family == AddressFamily::INET6;
    Ok(match sockopt::socket_type(fd)? {
        SocketType::STREAM if inet => Descriptor::Stream(StreamKind::Tcp),
        SocketType::STREAM if family == AddressFamily::UNIX => Descriptor::Stream(StreamKind::Unix),
        SocketType::DGRAM if inet => Descriptor::Udp,
        _ => Descriptor::Unknown,
    })
}
