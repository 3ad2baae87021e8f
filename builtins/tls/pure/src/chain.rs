//! From a peer's certificate to a trusted one, with OpenSSL's verdicts.
//!
//! As there, verification does not stop at the first fault: later checks go on, and the last fault found is the verdict. (Node
//! lets the handshake pass and reports the verdict afterwards.)

use crate::certificate::{
    CRL_SIGN, Certificate, Crl, DIGITAL_SIGNATURE, KEY_AGREEMENT, KEY_CERT_SIGN, KEY_ENCIPHERMENT, Name,
};
use crate::signature;
use std::collections::HashMap;
use std::sync::Arc;

/// The longest chain that is followed. OpenSSL: the default depth.
const DEPTH_MAX: usize = 100;

/// Certificates that are trusted, by subject.
#[derive(Debug, Default)]
pub struct Store {
    by_subject: HashMap<Vec<u8>, Vec<Arc<Certificate>>>,
    /// In the order they were added.
    pub list: Vec<Arc<Certificate>>,
}

impl Store {
    /// Adds one, once.
    pub fn add(&mut self, certificate: Arc<Certificate>) {
        let same = self.by_subject.entry(certificate.subject().to_vec()).or_default();
        if same.iter().all(|known| known.der != certificate.der) {
            same.push(certificate.clone());
            self.list.push(certificate);
        }
    }

    fn issuer_of(&self, certificate: &Certificate, now: i64) -> Option<Arc<Certificate>> {
        let fitting = || {
            self.by_subject
                .get(certificate.issuer())
                .into_iter()
                .flatten()
                .filter(|issuer| certificate.may_be_issued_by(issuer))
        };
        fitting()
            .find(|issuer| issuer.not_before <= now && now <= issuer.not_after)
            .or_else(|| fitting().next())
            .cloned()
    }

    fn holds(&self, certificate: &Certificate) -> bool {
        self.by_subject
            .get(certificate.subject())
            .is_some_and(|list| list.iter().any(|known| known.der == certificate.der))
    }

    /// An issuer of `certificate` among the trusted ones.
    #[must_use]
    pub fn find_issuer(&self, certificate: &Certificate) -> Option<Arc<Certificate>> {
        self.issuer_of(certificate, i64::MAX)
    }
}

/// What the peer's certificate has to be good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To be a TLS client.
    Client,
    /// To be a TLS server.
    Server,
}

/// What decides besides the certificates.
#[derive(Debug)]
pub struct Rules<'a> {
    /// What is trusted.
    pub store: &'a Store,
    /// Revocation lists; if there are any, each certificate needs one.
    pub crls: &'a [Crl],
    /// What for.
    pub purpose: Purpose,
    /// Whether a trusted certificate that is no root ends a chain, too.
    pub partial_chain: bool,
    /// Seconds since 1970.
    pub now: i64,
}

/// Verdicts, as Node names them.
pub type Verdict = &'static str;

/// Builds the chain of `peer[0]` and checks it. The chain, and what is wrong with it.
#[must_use]
pub fn verify(peer: &[Arc<Certificate>], rules: &Rules<'_>) -> (Vec<Arc<Certificate>>, Option<Verdict>) {
    let Some(leaf) = peer.first() else { return (Vec::new(), None) };
    let (chain, trusted_from, mut verdict) = build(leaf, &peer[1..], rules);
    if let Some(found) = check_extensions(&chain, rules) {
        verdict = Some(found);
    }
    if let Some(found) = check_names(&chain) {
        verdict = Some(found);
    }
    if let Some(found) = check_revocation(&chain, rules) {
        verdict = Some(found);
    }
    if let Some(found) = check_signatures(&chain, trusted_from, rules) {
        verdict = Some(found);
    }
    (chain, verdict)
}

/// The chain, the index of its first trusted certificate, and the verdict.
fn build(
    leaf: &Arc<Certificate>,
    others: &[Arc<Certificate>],
    rules: &Rules<'_>,
) -> (Vec<Arc<Certificate>>, Option<usize>, Option<Verdict>) {
    let mut chain = vec![leaf.clone()];
    // One that is trusted itself ends the chain only if it is a root.
    if rules.store.holds(leaf) && (rules.partial_chain || leaf.is_self_signed()) {
        return (chain, Some(0), None);
    }
    let mut trusted = None;
    while let Some(top) = chain.last().cloned() {
        if chain.len() > DEPTH_MAX {
            return (chain, trusted, Some("CERT_CHAIN_TOO_LONG"));
        }
        if top.is_self_signed() {
            if rules.store.holds(&top) {
                return (chain, trusted, None);
            }
            let verdict = if chain.len() == 1 { "DEPTH_ZERO_SELF_SIGNED_CERT" } else { "SELF_SIGNED_CERT_IN_CHAIN" };
            return (chain, None, Some(verdict));
        }
        // Trusted ones first, then what the peer sent.
        if let Some(issuer) = rules.store.issuer_of(&top, rules.now)
            && !chain.iter().any(|known| known.der == issuer.der)
        {
            trusted = trusted.or(Some(chain.len()));
            let done = rules.partial_chain || issuer.is_self_signed();
            chain.push(issuer);
            if done {
                return (chain, trusted, None);
            }
            continue;
        }
        let fitting = || {
            others
                .iter()
                .filter(|other| top.may_be_issued_by(other) && !chain.iter().any(|known| known.der == other.der))
        };
        let current = |other: &&Arc<Certificate>| other.not_before <= rules.now && rules.now <= other.not_after;
        let Some(issuer) = fitting().find(current).or_else(|| fitting().next()).cloned() else { break };
        if trusted.is_some() {
            break;
        }
        chain.push(issuer);
    }
    let verdict = if trusted.is_some() { "UNABLE_TO_GET_ISSUER_CERT" } else { "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" };
    (chain, trusted, Some(verdict))
}

const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

fn check_extensions(chain: &[Arc<Certificate>], rules: &Rules<'_>) -> Option<Verdict> {
    let mut verdict = None;
    let mut below = 0;
    for (depth, certificate) in chain.iter().enumerate() {
        if certificate.unknown_critical {
            verdict = Some("UNHANDLED_CRITICAL_EXTENSION");
        }
        if depth > 0 && !is_ca(certificate) {
            verdict = Some("INVALID_CA");
        }
        if !serves(certificate, depth, rules.purpose) {
            verdict = Some("INVALID_PURPOSE");
        }
        if depth > 1 && certificate.path_length.is_some_and(|max| below > max) {
            verdict = Some("PATH_LENGTH_EXCEEDED");
        }
        if depth > 0 && !certificate.is_self_issued() {
            below += 1;
        }
    }
    verdict
}

fn is_ca(certificate: &Certificate) -> bool {
    if certificate.key_usage.is_some_and(|usage| usage & KEY_CERT_SIGN == 0) {
        return false;
    }
    match certificate.ca {
        Some(ca) => ca,
        None => (certificate.version == 1 && certificate.is_self_signed()) || certificate.key_usage.is_some(),
    }
}

fn serves(certificate: &Certificate, depth: usize, purpose: Purpose) -> bool {
    let (wanted, usage) = match purpose {
        Purpose::Client => (CLIENT_AUTH, DIGITAL_SIGNATURE | KEY_AGREEMENT),
        Purpose::Server => (SERVER_AUTH, DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT),
    };
    let extended = certificate.extended_key_usage.as_ref();
    if extended.is_some_and(|ids| ids.iter().all(|id| id != wanted)) {
        return false;
    }
    depth > 0 || certificate.key_usage.is_none_or(|has| has & usage != 0)
}

fn check_names(chain: &[Arc<Certificate>]) -> Option<Verdict> {
    let mut verdict = None;
    for (depth, authority) in chain.iter().enumerate().skip(1) {
        let Some(constraints) = &authority.constraints else { continue };
        for (below, certificate) in chain[..depth].iter().enumerate() {
            if below > 0 && certificate.is_self_issued() {
                continue;
            }
            for name in &certificate.names {
                if constraints.excluded.iter().any(|tree| within(name, tree) == Some(true)) {
                    verdict = Some("EXCLUDED_SUBTREE_VIOLATION");
                }
                let mut same_kind = constraints.permitted.iter().filter_map(|tree| within(name, tree)).peekable();
                if same_kind.peek().is_some() && !same_kind.any(|inside| inside) {
                    verdict = Some("PERMITTED_SUBTREE_VIOLATION");
                }
            }
        }
    }
    verdict
}

/// Whether `name` is below `tree`; `None` if they are of different kinds. RFC 5280 §4.2.1.10.
fn within(name: &Name, tree: &Name) -> Option<bool> {
    match (name, tree) {
        (Name::Dns(name), Name::Dns(tree)) => {
            let (name, tree) = (name.to_ascii_lowercase(), tree.to_ascii_lowercase());
            Some(tree.is_empty() || name == tree || name.ends_with(&format!(".{}", tree.trim_start_matches('.'))))
        }
        (Name::Email(name), Name::Email(tree)) => {
            let (name, tree) = (name.to_ascii_lowercase(), tree.to_ascii_lowercase());
            let host = name.rsplit('@').next().unwrap_or_default();
            Some(if tree.contains('@') {
                name == tree
            } else if tree.starts_with('.') {
                host.ends_with(&tree)
            } else {
                host == tree
            })
        }
        (Name::Ip(name), Name::Ip(tree)) if tree.len() == 2 * name.len() => {
            let (base, mask) = tree.split_at(name.len());
            Some(name.iter().zip(base).zip(mask).all(|((byte, base), mask)| byte & mask == base & mask))
        }
        (Name::Ip(_), Name::Ip(_)) => Some(false),
        (Name::Directory(name), Name::Directory(tree)) => Some(name.starts_with(tree)),
        _ => None,
    }
}

fn check_revocation(chain: &[Arc<Certificate>], rules: &Rules<'_>) -> Option<Verdict> {
    if rules.crls.is_empty() {
        return None;
    }
    let mut verdict = None;
    for (depth, certificate) in chain.iter().enumerate() {
        let issuer = chain.get(depth + 1).or_else(|| certificate.is_self_issued().then_some(certificate));
        let mut fitting = rules.crls.iter().filter(|crl| crl.issuer() == certificate.issuer());
        let current = |crl: &&Crl| crl.this_update <= rules.now && crl.next_update.is_none_or(|next| rules.now <= next);
        let Some(crl) = fitting.clone().find(current).or_else(|| fitting.next()) else {
            verdict = Some("UNABLE_TO_GET_CRL");
            continue;
        };
        if let Some(issuer) = issuer {
            if issuer.key_usage.is_some_and(|usage| usage & CRL_SIGN == 0) {
                verdict = Some("KEYUSAGE_NO_CRL_SIGN");
            }
            if !crl.is_signed_by(issuer) {
                verdict = Some("CRL_SIGNATURE_FAILURE");
            }
        }
        if crl.this_update > rules.now {
            verdict = Some("CRL_NOT_YET_VALID");
        } else if crl.next_update.is_some_and(|next| next < rules.now) {
            verdict = Some("CRL_HAS_EXPIRED");
        }
        if crl.revokes(certificate.serial()) {
            verdict = Some("CERT_REVOKED");
        }
    }
    verdict
}

fn check_signatures(chain: &[Arc<Certificate>], trusted_from: Option<usize>, rules: &Rules<'_>) -> Option<Verdict> {
    let mut verdict = None;
    for (depth, certificate) in chain.iter().enumerate().rev() {
        match chain.get(depth + 1) {
            Some(issuer) => {
                let signed = signature::verify_signed(
                    certificate.algorithm(),
                    issuer.spki(),
                    certificate.tbs(),
                    certificate.signature(),
                );
                if !signed {
                    verdict = Some("CERT_SIGNATURE_FAILURE");
                }
            }
            None if chain.len() == 1 && trusted_from.is_none() && !certificate.is_self_signed() => {
                verdict = Some("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
            }
            None if chain.len() == 1 && !rules.partial_chain && !certificate.is_self_signed() => {
                verdict = Some("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
            }
            None => {}
        }
        if rules.now < certificate.not_before {
            verdict = Some("CERT_NOT_YET_VALID");
        } else if rules.now > certificate.not_after {
            verdict = Some("CERT_HAS_EXPIRED");
        }
    }
    verdict
}
