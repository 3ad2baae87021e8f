//! Addresses as text, and as the objects of `getsockname`.

use anode_runtime::event_loop::Address;
use anode_runtime::{Local, Scope, Thrown};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// 4, 6 or 0 for text that is no address. A zone (`%eth0`) may follow an IPv6 address. Node docs: net.isIP.
pub(crate) fn ip_kind(text: &str) -> i32 {
    if text.parse::<Ipv4Addr>().is_ok() {
        return 4;
    }
    let (ip, zone) = split_zone(text);
    let zone_ok = zone.is_none_or(|zone| {
        !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:_".contains(&byte))
    });
    if zone_ok && ip.parse::<Ipv6Addr>().is_ok() { 6 } else { 0 }
}

fn split_zone(text: &str) -> (&str, Option<&str>) {
    match text.split_once('%') {
        Some((ip, zone)) => (ip, Some(zone)),
        None => (text, None),
    }
}

/// An IPv4 or IPv6 address, with its zone by name or number, and a port; `None` for any other text.
#[must_use]
pub fn parse_address(text: &str, port: u16) -> Option<SocketAddr> {
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Some(SocketAddr::V4(SocketAddrV4::new(ip, port)));
    }
    let (ip, zone) = split_zone(text);
    let ip = ip.parse::<Ipv6Addr>().ok()?;
    let scope = zone.map_or(0, zone_index);
    Some(SocketAddr::V6(SocketAddrV6::new(ip, port, 0, scope)))
}

/// The number of a network interface; 0 if there is none of that name.
fn zone_index(zone: &str) -> u32 {
    if let Ok(number) = zone.parse() {
        return number;
    }
    let text = std::fs::read_to_string(format!("/sys/class/net/{zone}/ifindex")).unwrap_or_default();
    text.trim().parse().unwrap_or(0)
}

/// The name of a network interface, its number if it has none.
fn zone_name(index: u32) -> String {
    let named = std::fs::read_dir("/sys/class/net").ok().and_then(|entries| {
        entries.flatten().find_map(|entry| {
            let text = std::fs::read_to_string(entry.path().join("ifindex")).ok()?;
            (text.trim().parse() == Ok(index)).then(|| entry.file_name().to_string_lossy().into_owned())
        })
    });
    named.unwrap_or_else(|| index.to_string())
}

fn is_link_local(ip: &Ipv6Addr) -> bool {
    ip.segments()[0] & 0xffc0 == 0xfe80
}

/// Fills `out` with `address`, `family` and `port`; a unix socket has its path as `address` only.
///
/// # Errors
/// What a setter throws.
pub fn address_object(sc: &mut Scope<'_>, out: Local<'_>, address: &Address) -> Result<(), Thrown> {
    match address {
        Address::Unix(path) => {
            let path = sc.string_utf8_lossy(path);
            sc.set(out, "address", path)
        }
        Address::Inet(address) => {
            let mut text = address.ip().to_string();
            if let SocketAddr::V6(v6) = address
                && v6.scope_id() > 0
                && is_link_local(v6.ip())
            {
                text.push('%');
                text.push_str(&zone_name(v6.scope_id()));
            }
            let family = if matches!(address.ip(), IpAddr::V4(_)) { "IPv4" } else { "IPv6" };
            let value = sc.string(&text);
            sc.set(out, "address", value)?;
            let value = sc.string(family);
            sc.set(out, "family", value)?;
            let value = sc.int(i32::from(address.port()));
            sc.set(out, "port", value)
        }
    }
}
