//! Whether a certificate is for a host, an address or a mail address. RFC 6125 §6.4; OpenSSL docs: X509_check_host.

use crate::x509::Certificate;
use std::net::IpAddr;

/// When the subject's common name counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Always,
    /// If there is no alternative name of the kind.
    Default,
    Never,
}

/// How hosts are compared. Node docs: x509.checkHost.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub multi_label_wildcards: bool,
    pub partial_wildcards: bool,
    pub single_label_subdomains: bool,
    pub subject: Subject,
    pub wildcards: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            multi_label_wildcards: false,
            partial_wildcards: true,
            single_label_subdomains: false,
            subject: Subject::Default,
            wildcards: true,
        }
    }
}

const MAIL: u8 = 0x81;
const HOST: u8 = 0x82;
const ADDRESS: u8 = 0x87;

/// The name of the certificate that a host matches.
pub fn check_host(certificate: &Certificate<'_>, host: &str, rules: &Rules) -> Option<String> {
    let names = certificate.alt_names_of(HOST);
    for name in &names {
        if matches(name, host.as_bytes(), rules) {
            return Some(name.iter().map(|byte| char::from(*byte)).collect());
        }
    }
    subject_names(rules.subject, names.is_empty(), || certificate.common_names())
        .into_iter()
        .find(|name| matches(name.as_bytes(), host.as_bytes(), rules))
}

fn subject_names(subject: Subject, no_others: bool, names: impl FnOnce() -> Vec<String>) -> Vec<String> {
    let counts = match subject {
        Subject::Always => true,
        Subject::Default => no_others,
        Subject::Never => false,
    };
    if counts { names() } else { Vec::new() }
}

/// Whether a certificate names a mail address: the part before the @ as it is, the domain in any case.
pub fn check_email(certificate: &Certificate<'_>, address: &str, subject: Subject) -> bool {
    let same = |name: &[u8]| {
        let at = |text: &[u8]| text.iter().rposition(|byte| *byte == b'@').unwrap_or(0);
        let (local, domain) = name.split_at(at(name));
        let (other_local, other_domain) = address.as_bytes().split_at(at(address.as_bytes()));
        local == other_local && domain.eq_ignore_ascii_case(other_domain)
    };
    let names = certificate.alt_names_of(MAIL);
    names.iter().any(|name| same(name))
        || subject_names(subject, names.is_empty(), || certificate.subject_emails())
            .iter()
            .any(|name| same(name.as_bytes()))
}

/// Whether a certificate names an address.
pub fn check_ip(certificate: &Certificate<'_>, address: IpAddr) -> bool {
    let names = certificate.alt_names_of(ADDRESS);
    match address {
        IpAddr::V4(address) => names.contains(&address.octets().as_slice()),
        IpAddr::V6(address) => names.contains(&address.octets().as_slice()),
    }
}

fn matches(pattern: &[u8], host: &[u8], rules: &Rules) -> bool {
    // A host that begins with a dot stands for all hosts below it.
    if host.len() > 1 && host[0] == b'.' {
        let Some(start) = pattern.len().checked_sub(host.len()) else { return false };
        let (labels, domain) = pattern.split_at(start);
        let deep = rules.single_label_subdomains && labels.contains(&b'.');
        return !deep && !labels.is_empty() && domain.eq_ignore_ascii_case(host);
    }
    if let Some(star) = star_of(pattern, rules) {
        return matches_star(&pattern[..star], &pattern[star + 1..], host, rules);
    }
    pattern.eq_ignore_ascii_case(host)
}

/// Where the wildcard of a pattern is, if it has one that counts: one star, in the first label, which is not an IDNA one, with
/// two more labels after it.
fn star_of(pattern: &[u8], rules: &Rules) -> Option<usize> {
    if !rules.wildcards {
        return None;
    }
    let star = pattern.iter().position(|byte| *byte == b'*')?;
    let label_end = pattern.iter().position(|byte| *byte == b'.')?;
    let rest = &pattern[star + 1..];
    if star > label_end || rest.contains(&b'*') {
        return None;
    }
    let whole_label = label_end == 1;
    let at_edge = star == 0 || star + 1 == label_end;
    if !whole_label && (!rules.partial_wildcards || !at_edge || is_idna(pattern)) {
        return None;
    }
    let labels: Vec<&[u8]> = pattern.get(label_end + 1..)?.split(|byte| *byte == b'.').collect();
    let proper = |label: &&[u8]| {
        !label.is_empty()
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_')
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    (labels.len() >= 2 && labels.iter().all(proper)).then_some(star)
}

fn is_idna(label: &[u8]) -> bool {
    label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"xn--"))
}

fn matches_star(prefix: &[u8], suffix: &[u8], host: &[u8], rules: &Rules) -> bool {
    if host.len() < prefix.len() + suffix.len() {
        return false;
    }
    let (head, rest) = host.split_at(prefix.len());
    let (middle, tail) = rest.split_at(rest.len() - suffix.len());
    if !head.eq_ignore_ascii_case(prefix) || !tail.eq_ignore_ascii_case(suffix) {
        return false;
    }
    let whole_label = prefix.is_empty() && suffix.first() == Some(&b'.');
    if whole_label && middle.is_empty() {
        return false;
    }
    if !whole_label && is_idna(host) {
        return false;
    }
    let multi = whole_label && rules.multi_label_wildcards;
    middle.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || (multi && *byte == b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let rules = Rules::default();
        for (pattern, host, want) in [
            ("example.org", "EXAMPLE.org", true),
            ("*.example.org", "a.example.org", true),
            ("*.example.org", "a.b.example.org", false),
            ("*.example.org", "example.org", false),
            ("*.example.org", ".example.org", true),
            ("f*.example.org", "foo.example.org", true),
            ("f*.example.org", "bar.example.org", false),
            ("*.org", "example.org", false),
            ("*", "org", false),
            ("a.*.org", "a.b.org", false),
            ("xn--*.example.org", "xn--a.example.org", false),
            ("*a.example.org", "xn--a.example.org", false),
            ("a.example.org", ".example.org", true),
            ("example.org", ".example.org", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), host.as_bytes(), &rules), want, "{pattern} {host}");
        }
        let rules = Rules { wildcards: false, ..rules };
        assert!(!matches(b"*.example.org", b"a.example.org", &rules));
        let rules = Rules { wildcards: true, multi_label_wildcards: true, partial_wildcards: false, ..rules };
        assert!(matches(b"*.example.org", b"a.b.example.org", &rules));
        assert!(!matches(b"f*.example.org", b"foo.example.org", &rules));
    }
}
