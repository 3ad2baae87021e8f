//! Session tickets: a server's state, sealed and given to the client. RFC 5077.
//!
//! A ticket is the name of the keys (16 bytes), a nonce (12) and the sealed state, which begins with when it was made.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use rustls::server::ProducesTickets;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes of the keys as users see them. Node docs: server.setTicketKeys.
const KEYS_BYTES: usize = 48;
const NAME_BYTES: usize = 16;

/// Seconds that a session lasts unless an option says otherwise. Node docs: `sessionTimeout`.
const LIFETIME: u32 = 300;

struct State {
    enabled: bool,
    lifetime: u32,
    keys: Vec<u8>,
}

/// The tickets of one context.
pub(crate) struct Tickets(Mutex<State>);

impl std::fmt::Debug for Tickets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tickets")
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Tickets {
    pub(crate) fn new() -> Tickets {
        Tickets(Mutex::new(State { enabled: true, lifetime: LIFETIME, keys: Vec::new() }))
    }

    pub(crate) fn set(&self, enabled: bool, lifetime: u32) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.enabled = enabled;
        state.lifetime = if lifetime == 0 { LIFETIME } else { lifetime };
    }

    /// The keys, made at random when they are first asked for. Empty if there is no randomness.
    pub(crate) fn keys(&self) -> Vec<u8> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.keys.is_empty() {
            let mut keys = vec![0; KEYS_BYTES];
            if SystemRandom::new().fill(&mut keys).is_ok() {
                state.keys = keys;
            }
        }
        state.keys.clone()
    }

    pub(crate) fn set_keys(&self, keys: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys = keys.to_vec();
    }

    fn sealing_key(keys: &[u8]) -> Option<LessSafeKey> {
        let secret = digest(&SHA256, keys.get(NAME_BYTES..)?);
        Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.as_ref()).ok()?))
    }
}

impl ProducesTickets for Tickets {
    fn enabled(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).enabled
    }

    fn lifetime(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lifetime
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let keys = self.keys();
        let key = Tickets::sealing_key(&keys)?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = now().to_be_bytes().to_vec();
        sealed.extend_from_slice(plain);
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&keys[..NAME_BYTES]), &mut sealed)
            .ok()?;
        let mut ticket = keys[..NAME_BYTES].to_vec();
        ticket.extend_from_slice(&nonce);
        ticket.extend(sealed);
        Some(ticket)
    }

    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        let keys = self.keys();
        let rest = cipher.strip_prefix(keys.get(..NAME_BYTES)?)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
        let key = Tickets::sealing_key(&keys)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let plain = key.open_in_place(nonce, Aad::from(&keys[..NAME_BYTES]), &mut sealed).ok()?;
        let (made, state) = plain.split_at_checked(8)?;
        let made = u64::from_be_bytes(made.try_into().ok()?);
        (now() <= made.saturating_add(u64::from(self.lifetime()))).then(|| state.to_vec())
    }
}
