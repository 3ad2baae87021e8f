//! Names to addresses and back, by the system's resolver: `getaddrinfo` and `getnameinfo`.
//!
//! Both block, for seconds if servers are silent: they are jobs for [`crate::Loop::submit_slow`].

#![expect(unsafe_code, reason = "system calls that std and rustix lack, behind safe functions")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ptr;

use rustix::io::Errno;

use super::fd::last_errno;

/// Which addresses are wanted. Node docs: dns.lookup, `family`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// Both kinds.
    Any,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// `AI_ADDRCONFIG`: only kinds of addresses the machine has itself. Node docs: dns.ADDRCONFIG.
pub const ADDRCONFIG: i32 = libc::AI_ADDRCONFIG;
/// `AI_ALL`: with [`V4MAPPED`], IPv4 addresses also if there are IPv6 ones. Node docs: dns.ALL.
pub const ALL: i32 = libc::AI_ALL;
/// `AI_V4MAPPED`: IPv4 addresses in IPv6 form if there are no others. Node docs: dns.V4MAPPED.
pub const V4MAPPED: i32 = libc::AI_V4MAPPED;

/// Why a name or address was not resolved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResolveError {
    /// `EAI_ADDRFAMILY`: no address of that family.
    AddressFamily,
    /// `EAI_AGAIN`: the servers did not answer; later they may.
    Again,
    /// `EAI_BADFLAGS`.
    BadFlags,
    /// `EAI_FAIL`: the servers failed.
    Fail,
    /// `EAI_FAMILY`.
    Family,
    /// `EAI_MEMORY`.
    Memory,
    /// `EAI_NODATA`: the name exists, without an address.
    NoData,
    /// `EAI_NONAME`: no such name.
    NoName,
    /// `EAI_OVERFLOW`.
    Overflow,
    /// `EAI_SERVICE`.
    Service,
    /// `EAI_SOCKTYPE`.
    SocketType,
    /// `EAI_SYSTEM`.
    System(Errno),
}

impl ResolveError {
    fn from_code(code: c_int) -> ResolveError {
        match code {
            libc::EAI_AGAIN => ResolveError::Again,
            libc::EAI_BADFLAGS => ResolveError::BadFlags,
            libc::EAI_FAMILY => ResolveError::Family,
            libc::EAI_MEMORY => ResolveError::Memory,
            libc::EAI_NODATA => ResolveError::NoData,
            libc::EAI_NONAME => ResolveError::NoName,
            libc::EAI_OVERFLOW => ResolveError::Overflow,
            libc::EAI_SERVICE => ResolveError::Service,
            libc::EAI_SOCKTYPE => ResolveError::SocketType,
            libc::EAI_SYSTEM => ResolveError::System(last_errno()),
            // glibc: netdb.h.
            -9 => ResolveError::AddressFamily,
            _ => ResolveError::Fail,
        }
    }

    /// The name of the error: `EAI_AGAIN` and so on.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.name_and_number().0
    }

    /// The negative number Node gives as `errno`: libuv's own, as the system's differ everywhere.
    #[must_use]
    pub fn uv_errno(self) -> i32 {
        self.name_and_number().1
    }

    fn name_and_number(self) -> (&'static str, i32) {
        match self {
            ResolveError::AddressFamily => ("EAI_ADDRFAMILY", -3000),
            ResolveError::Again => ("EAI_AGAIN", -3001),
            ResolveError::BadFlags => ("EAI_BADFLAGS", -3002),
            ResolveError::Fail => ("EAI_FAIL", -3004),
            ResolveError::Family => ("EAI_FAMILY", -3005),
            ResolveError::Memory => ("EAI_MEMORY", -3006),
            ResolveError::NoData => ("EAI_NODATA", -3007),
            ResolveError::NoName => ("EAI_NONAME", -3008),
            ResolveError::Overflow => ("EAI_OVERFLOW", -3009),
            ResolveError::Service => ("EAI_SERVICE", -3010),
            ResolveError::SocketType => ("EAI_SOCKTYPE", -3011),
            ResolveError::System(errno) => ("EAI_SYSTEM", -errno.raw_os_error()),
        }
    }
}

/// The addresses of a host, in the resolver's order, each once. `flags` is a sum of [`ADDRCONFIG`],
/// [`ALL`] and [`V4MAPPED`].
///
/// # Errors
/// What `getaddrinfo` says; `NoName` for a host with a zero byte.
pub fn addresses(host: &[u8], family: Family, flags: i32) -> Result<Vec<IpAddr>, ResolveError> {
    let host = CString::new(host).map_err(|_| ResolveError::NoName)?;
    // SAFETY: all-zero bytes are a valid `addrinfo`: null pointers and no wishes.
    let mut hints = unsafe { MaybeUninit::<libc::addrinfo>::zeroed().assume_init() };
    hints.ai_family = match family {
        Family::Any => libc::AF_UNSPEC,
        Family::V4 => libc::AF_INET,
        Family::V6 => libc::AF_INET6,
    };
    hints.ai_flags = flags;
    hints.ai_socktype = libc::SOCK_STREAM;
    let mut list = ptr::null_mut();
    // SAFETY: the host ends with a zero byte, hints and list outlive the call.
    let code = unsafe { libc::getaddrinfo(host.as_ptr(), ptr::null(), &hints, &mut list) };
    if code != 0 {
        return Err(ResolveError::from_code(code));
    }
    let mut found = Vec::new();
    let mut next = list;
    // SAFETY: `next` is null or an entry of the list, which lives until `freeaddrinfo` below.
    while let Some(entry) = unsafe { next.as_ref() } {
        if let Some(ip) = ip_of(entry)
            && !found.contains(&ip)
        {
            found.push(ip);
        }
        next = entry.ai_next;
    }
    // SAFETY: the list came from `getaddrinfo`, and no reference into it is left.
    unsafe { libc::freeaddrinfo(list) };
    Ok(found)
}

fn ip_of(entry: &libc::addrinfo) -> Option<IpAddr> {
    match entry.ai_family {
        libc::AF_INET => {
            // SAFETY: for this family the resolver stores a `sockaddr_in`, suitably aligned.
            let address = unsafe { entry.ai_addr.cast::<libc::sockaddr_in>().as_ref() }?;
            Some(IpAddr::V4(Ipv4Addr::from_bits(u32::from_be(address.sin_addr.s_addr))))
        }
        libc::AF_INET6 => {
            // SAFETY: for this family the resolver stores a `sockaddr_in6`, suitably aligned.
            let address = unsafe { entry.ai_addr.cast::<libc::sockaddr_in6>().as_ref() }?;
            Some(IpAddr::V6(Ipv6Addr::from(address.sin6_addr.s6_addr)))
        }
        _ => None,
    }
}

/// The names of an address and a port: host and service. Node docs: dns.lookupService.
///
/// # Errors
/// What `getnameinfo` says: `NoName` if the address has no name.
pub fn names(address: SocketAddr) -> Result<(String, String), ResolveError> {
    let mut host: [c_char; libc::NI_MAXHOST as usize] = [0; libc::NI_MAXHOST as usize];
    let mut service: [c_char; 32] = [0; 32];
    let mut ask = |raw: *const libc::sockaddr, size: usize| {
        // SAFETY: `raw` points to an address of `size` bytes; both buffers have the stated sizes.
        unsafe {
            libc::getnameinfo(
                raw,
                size as libc::socklen_t,
                host.as_mut_ptr(),
                host.len() as libc::socklen_t,
                service.as_mut_ptr(),
                service.len() as libc::socklen_t,
                libc::NI_NAMEREQD,
            )
        }
    };
    let code = match address {
        SocketAddr::V4(address) => {
            let raw = v4(address);
            ask((&raw const raw).cast(), size_of_val(&raw))
        }
        SocketAddr::V6(address) => {
            let raw = v6(address);
            ask((&raw const raw).cast(), size_of_val(&raw))
        }
    };
    if code != 0 {
        return Err(ResolveError::from_code(code));
    }
    Ok((text(&host), text(&service)))
}

fn v4(address: SocketAddrV4) -> libc::sockaddr_in {
    libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: address.port().to_be(),
        sin_addr: libc::in_addr { s_addr: address.ip().to_bits().to_be() },
        sin_zero: [0; 8],
    }
}

fn v6(address: SocketAddrV6) -> libc::sockaddr_in6 {
    libc::sockaddr_in6 {
        sin6_family: libc::AF_INET6 as libc::sa_family_t,
        sin6_port: address.port().to_be(),
        sin6_flowinfo: address.flowinfo(),
        sin6_addr: libc::in6_addr { s6_addr: address.ip().octets() },
        sin6_scope_id: address.scope_id(),
    }
}

fn text(buffer: &[c_char]) -> String {
    // SAFETY: the buffer began as zeros and the call ends what it writes with one.
    unsafe { CStr::from_ptr(buffer.as_ptr()) }.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_localhost_need_no_server() {
        let v4 = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
        assert_eq!(addresses(b"127.0.0.1", Family::Any, 0), Ok(vec![v4]));
        assert_eq!(addresses(b"::1", Family::Any, 0), Ok(vec![v6]));
        assert_eq!(addresses(b"localhost", Family::V4, 0), Ok(vec![v4]));
        let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        assert_eq!(addresses(b"127.0.0.1", Family::V6, V4MAPPED), Ok(vec![mapped]));
    }

    #[test]
    fn what_cannot_be_says_why() {
        assert_eq!(addresses(b"a\0b", Family::Any, 0), Err(ResolveError::NoName));
        assert_eq!(addresses(b"127.0.0.1", Family::V6, 0), Err(ResolveError::AddressFamily));
        assert_eq!(addresses(b"localhost", Family::Any, 1 << 30), Err(ResolveError::BadFlags));
        assert_eq!((ResolveError::NoName.code(), ResolveError::NoName.uv_errno()), ("EAI_NONAME", -3008));
    }

    #[test]
    fn addresses_have_names() {
        let (host, service) = names(SocketAddr::from(([127, 0, 0, 1], 22))).unwrap();
        assert!(!host.is_empty() && (service == "ssh" || service == "22"), "{host} {service}");
    }
}
