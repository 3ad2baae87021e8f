//! Groups of the key exchange: AWS-LC's, and two more that OpenSSL has, by crypto's keys.

use anode_crypto_pure::keys::ec::{Curve, Ec};
use anode_crypto_pure::keys::okp::{Okp, OkpCurve};
use anode_crypto_pure::keys::{self, Key};
use anode_crypto_pure::random::Source;
use rustls::crypto::aws_lc_rs::kx_group;
use rustls::crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};

/// What is offered unless an option says otherwise, in OpenSSL's order.
pub(crate) static DEFAULT: &[&dyn SupportedKxGroup] =
    &[kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP256R1, &Group::X448, kx_group::SECP384R1, &Group::P521];

/// Every group that there is.
pub(crate) static ALL: &[&dyn SupportedKxGroup] = &[
    &Group::P521,
    &Group::X448,
    kx_group::MLKEM1024,
    kx_group::MLKEM768,
    kx_group::SECP256R1,
    kx_group::SECP256R1MLKEM768,
    kx_group::SECP384R1,
    kx_group::X25519,
    kx_group::X25519MLKEM768,
];

#[derive(Clone, Copy, Debug)]
enum Group {
    P521,
    X448,
}

/// An exchange that waits for the other side's half.
struct Exchange {
    group: Group,
    own: Key,
    public: Vec<u8>,
}

impl Group {
    /// The other side's half, in the only form that TLS has. RFC 8446 §4.2.8.2.
    fn read(self, bytes: &[u8]) -> Option<Key> {
        match self {
            Group::P521 if bytes.first() == Some(&4) => Ec::public(Curve::P521, bytes).map(Key::Ec),
            Group::P521 => None,
            Group::X448 => Okp::public(OkpCurve::X448, bytes).map(Key::Okp),
        }
    }
}

impl SupportedKxGroup for Group {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let made = match self {
            Group::P521 => Ec::generate(Curve::P521, &mut Source).map(|key| (key.point.clone(), Key::Ec(key))),
            Group::X448 => Okp::generate(OkpCurve::X448, &mut Source).map(|key| (key.public.clone(), Key::Okp(key))),
        };
        let (public, own) = made.ok_or(GetRandomFailed)?;
        Ok(Box::new(Exchange { group: *self, own, public }))
    }

    fn name(&self) -> NamedGroup {
        match self {
            Group::P521 => NamedGroup::secp521r1,
            Group::X448 => NamedGroup::X448,
        }
    }
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let refuse = || Error::from(PeerMisbehaved::InvalidKeyShare);
        let peer = self.group.read(peer).ok_or_else(refuse)?;
        let shared = keys::agree(&self.own, &peer).map_err(|_| refuse())?;
        Ok(SharedSecret::from(shared))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        self.group.name()
    }
}
