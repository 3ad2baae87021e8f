//! Options of UDP sockets: multicast, broadcast, time to live, buffers.

use crate::{answer, this};
use anode_runtime::event_loop::{Address, Errno};
use anode_runtime::{Args, JsResult, NativeRow, Scope};
use rustix::net::sockopt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::BorrowedFd;

pub(crate) const METHODS: &[NativeRow] = &[
    ("addMembership", add_membership),
    ("addSourceSpecificMembership", add_source),
    ("bufferSize", buffer_size),
    ("dropMembership", drop_membership),
    ("dropSourceSpecificMembership", drop_source),
    ("setBroadcast", set_broadcast),
    ("setMulticastInterface", set_interface),
    ("setMulticastLoopback", set_loopback),
    ("setMulticastTTL", set_multicast_ttl),
    ("setTTL", set_ttl),
];

fn is_six(fd: BorrowedFd<'_>) -> Result<bool, Errno> {
    Ok(matches!(Address::try_from(rustix::net::getsockname(fd)?)?, Address::Inet(SocketAddr::V6(_))))
}

fn set_broadcast<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = udp.with_fd(sc, |fd| sockopt::set_socket_broadcast(fd, on));
    answer(sc, result)
}

/// `setTTL(hops)`: 1 to 255.
fn set_ttl<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let hops = args.get(0).as_u32().unwrap_or(0);
    let result = udp.with_fd(sc, |fd| {
        let hops = u8::try_from(hops).ok().filter(|hops| *hops > 0).ok_or(Errno::INVAL)?;
        if is_six(fd)? {
            sockopt::set_ipv6_unicast_hops(fd, Some(hops))
        } else {
            sockopt::set_ip_ttl(fd, u32::from(hops))
        }
    });
    answer(sc, result)
}

/// `setMulticastTTL(hops)`: 0 to 255.
fn set_multicast_ttl<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let hops = args.get(0).as_f64().unwrap_or(-1.0);
    let result = udp.with_fd(sc, |fd| {
        if !(0.0..=255.0).contains(&hops) {
            return Err(Errno::INVAL);
        }
        let hops = hops as u32;
        if is_six(fd)? { sockopt::set_ipv6_multicast_hops(fd, hops) } else { sockopt::set_ip_multicast_ttl(fd, hops) }
    });
    answer(sc, result)
}

fn set_loopback<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let on = args.get(0).is_true();
    let result = udp.with_fd(sc, |fd| {
        if is_six(fd)? { sockopt::set_ipv6_multicast_loop(fd, on) } else { sockopt::set_ip_multicast_loop(fd, on) }
    });
    answer(sc, result)
}

/// An IPv4 address, or an IPv6 address whose zone names an interface.
fn interface(text: &str) -> Result<(IpAddr, u32), Errno> {
    match anode_net::parse_address(text, 0).ok_or(Errno::INVAL)? {
        SocketAddr::V4(address) => Ok((IpAddr::V4(*address.ip()), 0)),
        SocketAddr::V6(address) => Ok((IpAddr::V6(*address.ip()), address.scope_id())),
    }
}

fn set_interface<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let text = sc.to_string(args.get(0))?;
    let result = udp.with_fd(sc, |fd| match (interface(&text)?, is_six(fd)?) {
        ((IpAddr::V4(ip), _), false) => sockopt::set_ip_multicast_if(fd, &ip),
        ((IpAddr::V6(_), scope), true) => sockopt::set_ipv6_multicast_if(fd, scope),
        _ => Err(Errno::INVAL),
    });
    answer(sc, result)
}

fn membership<'s>(sc: &mut Scope<'s>, args: &Args<'s>, join: bool) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let group = sc.to_string(args.get(0))?;
    let local = if args.get(1).is_nullish() { None } else { Some(sc.to_string(args.get(1))?) };
    let result = udp.with_fd(sc, |fd| {
        let (group, _) = interface(&group)?;
        match group {
            IpAddr::V4(group) => {
                let local = match local.as_deref().map(interface).transpose()? {
                    None => Ipv4Addr::UNSPECIFIED,
                    Some((IpAddr::V4(ip), _)) => ip,
                    Some(_) => return Err(Errno::INVAL),
                };
                if join {
                    sockopt::set_ip_add_membership(fd, &group, &local)
                } else {
                    sockopt::set_ip_drop_membership(fd, &group, &local)
                }
            }
            IpAddr::V6(group) => six_membership(fd, &group, local.as_deref(), join),
        }
    });
    answer(sc, result)
}

fn six_membership(fd: BorrowedFd<'_>, group: &Ipv6Addr, local: Option<&str>, join: bool) -> Result<(), Errno> {
    let scope = match local.map(interface).transpose()? {
        None => 0,
        Some((IpAddr::V6(_), scope)) => scope,
        Some(_) => return Err(Errno::INVAL),
    };
    if join {
        sockopt::set_ipv6_add_membership(fd, group, scope)
    } else {
        sockopt::set_ipv6_drop_membership(fd, group, scope)
    }
}

/// `addMembership(group, interface)`
fn add_membership<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    membership(sc, args, true)
}

/// `dropMembership(group, interface)`
fn drop_membership<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    membership(sc, args, false)
}

fn source<'s>(sc: &mut Scope<'s>, args: &Args<'s>, join: bool) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let from = sc.to_string(args.get(0))?;
    let group = sc.to_string(args.get(1))?;
    let local = if args.get(2).is_nullish() { None } else { Some(sc.to_string(args.get(2))?) };
    let result = udp.with_fd(sc, |fd| {
        let four = |text: &str| match interface(text)? {
            (IpAddr::V4(ip), _) => Ok(ip),
            // Source-specific membership is there for IPv4 only.
            (IpAddr::V6(_), _) => Err(Errno::INVAL),
        };
        let local = local.as_deref().map_or(Ok(Ipv4Addr::UNSPECIFIED), four)?;
        let (group, from) = (four(&group)?, four(&from)?);
        if join {
            sockopt::set_ip_add_source_membership(fd, &group, &local, &from)
        } else {
            sockopt::set_ip_drop_source_membership(fd, &group, &local, &from)
        }
    });
    answer(sc, result)
}

/// `addSourceSpecificMembership(source, group, interface)`
fn add_source<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    source(sc, args, true)
}

/// `dropSourceSpecificMembership(source, group, interface)`
fn drop_source<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    source(sc, args, false)
}

/// `bufferSize(size, receive)`: sets the size in bytes, or with 0 only asks. The size, or a negative errno.
fn buffer_size<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let udp = this(sc, args)?;
    let size = args.get(0).as_u32().unwrap_or(0) as usize;
    let receive = args.get(1).is_true();
    let result = udp.with_fd(sc, |fd| match (receive, size) {
        (true, 0) => sockopt::socket_recv_buffer_size(fd),
        (false, 0) => sockopt::socket_send_buffer_size(fd),
        (true, size) => sockopt::set_socket_recv_buffer_size(fd, size).map(|()| size),
        (false, size) => sockopt::set_socket_send_buffer_size(fd, size).map(|()| size),
    });
    Ok(sc.number(result.map_or_else(|errno| f64::from(-errno.raw_os_error()), |size| size as f64)))
}
