//! Modes with a tag. GCM (NIST SP 800-38D §7) and ChaCha20-Poly1305 (RFC 8439 §2.8) stream; CCM, OCB, SIV and GCM-SIV are the
//! crates' own, which take a whole message.

use super::block::Block16;
use super::modes::{Run, keystream};
use super::{Opened, Setup, Work, bad_iv, bad_key, not_authentic, unsupported_state};
use crate::error::Failure;
use ::aead::{AeadCore, AeadInOut};
use aes_siv::siv::{Aes128Siv, Aes256Siv, CmacSiv};
use cipher::{Array, BlockCipherEncrypt as _, InnerIvInit as _, KeyInit as _, KeyIvInit as _, StreamCipherCoreWrapper};
use ghash::GHash;
use poly1305::Poly1305;
use subtle::ConstantTimeEq as _;
use universal_hash::UniversalHash as _;

/// The authenticators of the streaming modes; both take blocks of 16 bytes.
enum Authenticator {
    Ghash(Box<GHash>),
    Poly1305(Box<Poly1305>),
}

impl Authenticator {
    fn update(&mut self, data: &[u8]) {
        match self {
            Authenticator::Ghash(state) => state.update_padded(data),
            Authenticator::Poly1305(state) => state.update_padded(data),
        }
    }
}

/// GCM and ChaCha20-Poly1305.
struct Streaming {
    aad_bytes: u64,
    authenticator: Option<Authenticator>,
    encrypt: bool,
    /// What GCM's hash is masked with; zero for Poly1305, which masks itself.
    mask: [u8; 16],
    partial: Vec<u8>,
    run: Run,
    tag: Vec<u8>,
    tag_bytes: usize,
    text_begun: bool,
    text_bytes: u64,
}

/// How much is encrypted and then authenticated at a time, while it is in the processor's cache.
const CHUNK_BYTES: usize = 8 * 1024;

impl Streaming {
    fn boxed(authenticator: Authenticator, run: Run, mask: [u8; 16], setup: Setup<'_>) -> Box<dyn Work> {
        Box::new(Streaming {
            aad_bytes: 0,
            authenticator: Some(authenticator),
            encrypt: setup.encrypt,
            mask,
            partial: Vec::new(),
            run,
            tag: Vec::new(),
            tag_bytes: if setup.tag_bytes == 0 { 16 } else { setup.tag_bytes },
            text_begun: false,
            text_bytes: 0,
        })
    }

    /// Hands on whole blocks; the rest waits for more.
    fn authenticate(&mut self, mut data: &[u8]) {
        let Some(authenticator) = &mut self.authenticator else { return };
        if !self.partial.is_empty() {
            let take = data.len().min(16 - self.partial.len());
            self.partial.extend_from_slice(&data[..take]);
            data = &data[take..];
            if self.partial.len() < 16 {
                return;
            }
            authenticator.update(&self.partial);
            self.partial.clear();
        }
        let whole = data.len() - data.len() % 16;
        authenticator.update(&data[..whole]);
        self.partial.extend_from_slice(&data[whole..]);
    }

    /// Pads what waits: the end of the additional data, or of the text.
    fn flush(&mut self) {
        if let Some(authenticator) = &mut self.authenticator {
            authenticator.update(&self.partial);
        }
        self.partial.clear();
    }

    fn full_tag(&mut self) -> Vec<u8> {
        self.flush();
        match self.authenticator.take() {
            Some(Authenticator::Ghash(mut state)) => {
                let lengths = [(self.aad_bytes * 8).to_be_bytes(), (self.text_bytes * 8).to_be_bytes()].concat();
                state.update_padded(&lengths);
                state.finalize().iter().zip(self.mask).map(|(byte, mask)| byte ^ mask).collect()
            }
            Some(Authenticator::Poly1305(mut state)) => {
                let lengths = [self.aad_bytes.to_le_bytes(), self.text_bytes.to_le_bytes()].concat();
                state.update_padded(&lengths);
                state.finalize().to_vec()
            }
            None => Vec::new(),
        }
    }
}

impl Work for Streaming {
    fn aad(&mut self, data: &[u8]) {
        self.aad_bytes += data.len() as u64;
        self.authenticate(data);
    }

    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        if !self.text_begun {
            self.flush();
            self.text_begun = true;
        }
        self.text_bytes += data.len() as u64;
        let mut out = data.to_vec();
        for chunk in out.chunks_mut(CHUNK_BYTES) {
            if self.encrypt {
                (self.run)(chunk);
                self.authenticate(chunk);
            } else {
                self.authenticate(chunk);
                (self.run)(chunk);
            }
        }
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        let full = self.full_tag();
        if self.encrypt {
            self.tag = full;
            self.tag.truncate(self.tag_bytes);
            return Ok(Vec::new());
        }
        let expected = full.get(..self.tag.len()).unwrap_or_default();
        if self.tag.is_empty() || !bool::from(expected.ct_eq(&self.tag)) {
            return Err(not_authentic());
        }
        Ok(Vec::new())
    }

    fn set_tag(&mut self, tag: Vec<u8>) {
        self.tag = tag;
    }

    fn tag(&self) -> Vec<u8> {
        self.tag.clone()
    }
}

/// GCM. The counter starts from the nonce, or from a hash of it unless it has 96 bits.
pub(super) fn gcm(cipher: Block16, setup: Setup<'_>) -> Opened {
    let nonce = setup.iv;
    if nonce.is_empty() {
        return Err(bad_iv());
    }
    let mut hash_key = ghash::Block::default();
    cipher.encrypt_block(&mut hash_key);
    let ghash = GHash::new(&hash_key);
    let mut start = [0; 16];
    if nonce.len() == 12 {
        start[..12].copy_from_slice(nonce);
        start[15] = 1;
    } else {
        let mut hash = ghash.clone();
        hash.update_padded(nonce);
        let mut length = [0; 16];
        length[8..].copy_from_slice(&(nonce.len() as u64 * 8).to_be_bytes());
        hash.update_padded(&length);
        start.copy_from_slice(&hash.finalize());
    }
    let counter = ctr::CtrCore::<Block16, ctr::flavors::Ctr32BE>::inner_iv_init(cipher, &start.into());
    let mut run = keystream(StreamCipherCoreWrapper::from_core(counter));
    let mut mask = [0; 16];
    run(&mut mask);
    Ok(Streaming::boxed(Authenticator::Ghash(Box::new(ghash)), run, mask, setup))
}

/// ChaCha20-Poly1305: the first block of the key stream keys the authenticator.
pub(super) fn chacha20_poly1305(setup: Setup<'_>) -> Opened {
    // OpenSSL takes shorter nonces, with zeros in front.
    if setup.iv.is_empty() || setup.iv.len() > 12 {
        return Err(bad_iv());
    }
    let nonce = [vec![0; 12 - setup.iv.len()].as_slice(), setup.iv].concat();
    let cipher = chacha20::ChaCha20::new_from_slices(setup.key, &nonce).map_err(|_| bad_key())?;
    let mut run = keystream(cipher);
    let mut first = [0; 64];
    run(&mut first);
    let key = poly1305::Key::try_from(&first[..32]).map_err(|_| bad_key())?;
    let authenticator = Poly1305::new(&key);
    Ok(Streaming::boxed(Authenticator::Poly1305(Box::new(authenticator)), run, [0; 16], setup))
}

/// Encrypts or decrypts a whole message in place: additional data, text, tag.
type WholeRun = Box<dyn FnMut(bool, &[Vec<u8>], &mut Vec<u8>, &mut Vec<u8>) -> bool>;

/// When the message is known to be whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// The one update is all of it.
    AtUpdate,
    /// Updates gather, and everything comes out at the end.
    AtEnd,
}

/// A mode that takes a whole message.
struct WholeMessage {
    aad: Vec<Vec<u8>>,
    done: bool,
    encrypt: bool,
    failed: bool,
    gathered: Vec<u8>,
    run: WholeRun,
    tag: Vec<u8>,
    when: Whole,
}

impl WholeMessage {
    fn boxed(run: WholeRun, encrypt: bool, when: Whole) -> Box<dyn Work> {
        let (aad, gathered, tag) = (Vec::new(), Vec::new(), Vec::new());
        Box::new(WholeMessage { aad, done: false, encrypt, failed: false, gathered, run, tag, when })
    }

    fn work(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        self.done = true;
        let missing = !self.encrypt && self.tag.is_empty();
        if missing || !(self.run)(self.encrypt, &self.aad, &mut text, &mut self.tag) {
            self.failed = true;
            text.clear();
        }
        text
    }
}

impl Work for WholeMessage {
    fn aad(&mut self, data: &[u8]) {
        self.aad.push(data.to_vec());
    }

    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        if self.when == Whole::AtEnd {
            self.gathered.extend_from_slice(data);
            return Ok(Vec::new());
        }
        if self.done {
            return Err(unsupported_state());
        }
        Ok(self.work(data.to_vec()))
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        let gathered = std::mem::take(&mut self.gathered);
        let rest = if self.done { Vec::new() } else { self.work(gathered) };
        if self.failed { Err(not_authentic()) } else { Ok(rest) }
    }

    fn set_tag(&mut self, tag: Vec<u8>) {
        self.tag = tag;
    }

    fn tag(&self) -> Vec<u8> {
        self.tag.clone()
    }
}

/// Runs a crate's mode for a nonce; pieces of additional data are one.
fn run_of<A>(mode: A, nonce: &[u8]) -> Option<WholeRun>
where
    A: AeadCore + AeadInOut + 'static,
{
    let nonce = Array::<u8, A::NonceSize>::try_from(nonce).ok()?;
    Some(Box::new(move |encrypt, aad, text, tag| {
        let aad = aad.concat();
        if encrypt {
            let made = mode.encrypt_inout_detached(&nonce, &aad, text.as_mut_slice().into());
            return made.map(|made| *tag = made.to_vec()).is_ok();
        }
        let Ok(tag) = Array::<u8, A::TagSize>::try_from(tag.as_slice()) else { return false };
        mode.decrypt_inout_detached(&nonce, &aad, text.as_mut_slice().into(), &tag).is_ok()
    }))
}

/// The sizes that are part of a mode's type, chosen at run time: `$mode<Block16, ..>` for a tag and a nonce.
macro_rules! sized {
    ($inner:expr, $nonce:expr, $tag_bytes:expr, |$T:ident, $N:ident| $mode:ty, [$($tag:literal $tag_type:ident),*], $nonces:tt) => {{
        match $tag_bytes {
            $($tag => {
                type $T = cipher::consts::$tag_type;
                sized!(@nonce $inner, $nonce, |$N| $mode, $nonces)
            })*
            _ => None,
        }
    }};
    (@nonce $inner:expr, $nonce:expr, |$N:ident| $mode:ty, [$($size:literal $type:ident),*]) => {{
        match $nonce.len() {
            $($size => {
                type $N = cipher::consts::$type;
                run_of(<$mode>::from($inner), $nonce)
            })*
            _ => None,
        }
    }};
}

/// CCM, which authenticates the length first. NIST SP 800-38C.
pub(super) fn ccm(inner: Block16, setup: Setup<'_>) -> Opened {
    let run = sized!(
        inner, setup.iv, setup.tag_bytes, |T, N| ccm::Ccm<Block16, T, N>,
        [4 U4, 6 U6, 8 U8, 10 U10, 12 U12, 14 U14, 16 U16],
        [7 U7, 8 U8, 9 U9, 10 U10, 11 U11, 12 U12, 13 U13]
    );
    Ok(WholeMessage::boxed(run.ok_or_else(bad_iv)?, setup.encrypt, Whole::AtUpdate))
}

/// OCB. RFC 7253. The crate refuses nonces under 6 bytes, which weaken the mode.
pub(super) fn ocb(inner: Block16, setup: Setup<'_>) -> Opened {
    let run = sized!(
        inner, setup.iv, setup.tag_bytes, |T, N| ocb3::Ocb3<Block16, N, T>,
        [1 U1, 2 U2, 3 U3, 4 U4, 5 U5, 6 U6, 7 U7, 8 U8, 9 U9, 10 U10, 11 U11, 12 U12, 13 U13, 14 U14, 15 U15, 16 U16],
        [6 U6, 7 U7, 8 U8, 9 U9, 10 U10, 11 U11, 12 U12, 13 U13, 14 U14, 15 U15]
    );
    Ok(WholeMessage::boxed(run.ok_or_else(bad_iv)?, setup.encrypt, Whole::AtEnd))
}

/// SIV: pieces of additional data are a vector. RFC 5297.
pub(super) fn siv(cipher: &str, setup: Setup<'_>) -> Opened {
    fn run<M: SivMode + 'static>(key: &[u8]) -> Option<WholeRun> {
        let mut mode = M::keyed(key)?;
        Some(Box::new(move |encrypt, aad, text, tag| {
            if encrypt {
                return mode.seal(aad, text).map(|made| *tag = made).is_some();
            }
            mode.open(aad, text, tag)
        }))
    }
    if !setup.iv.is_empty() {
        return Err(bad_iv());
    }
    let made = match cipher {
        "aes-128" => run::<Aes128Siv>(setup.key),
        "aes-192" => run::<CmacSiv<aes::Aes192>>(setup.key),
        _ => run::<Aes256Siv>(setup.key),
    };
    Ok(WholeMessage::boxed(made.ok_or_else(bad_key)?, setup.encrypt, Whole::AtUpdate))
}

/// What the three sizes of SIV share.
trait SivMode: Sized {
    fn keyed(key: &[u8]) -> Option<Self>;
    fn seal(&mut self, aad: &[Vec<u8>], text: &mut [u8]) -> Option<Vec<u8>>;
    fn open(&mut self, aad: &[Vec<u8>], text: &mut [u8], tag: &[u8]) -> bool;
}

macro_rules! siv_mode {
    ($cipher:ty) => {
        impl SivMode for CmacSiv<$cipher> {
            fn keyed(key: &[u8]) -> Option<Self> {
                aes_siv::KeyInit::new_from_slice(key).ok()
            }

            fn seal(&mut self, aad: &[Vec<u8>], text: &mut [u8]) -> Option<Vec<u8>> {
                self.encrypt_inout_detached(aad, text.into()).ok().map(|tag| tag.to_vec())
            }

            fn open(&mut self, aad: &[Vec<u8>], text: &mut [u8], tag: &[u8]) -> bool {
                aes_siv::Tag::try_from(tag).is_ok_and(|tag| self.decrypt_inout_detached(aad, text.into(), &tag).is_ok())
            }
        }
    };
}
siv_mode!(aes::Aes128);
siv_mode!(aes::Aes192);
siv_mode!(aes::Aes256);

/// GCM-SIV. RFC 8452, which has no keys of 192 bits.
pub(super) fn gcm_siv(cipher: &str, setup: Setup<'_>) -> Opened {
    if setup.iv.len() != 12 {
        return Err(bad_iv());
    }
    let run = match cipher {
        "aes-128" => run_of(aes_gcm_siv::Aes128GcmSiv::new_from_slice(setup.key).map_err(|_| bad_key())?, setup.iv),
        "aes-256" => run_of(aes_gcm_siv::Aes256GcmSiv::new_from_slice(setup.key).map_err(|_| bad_key())?, setup.iv),
        _ => None,
    };
    Ok(WholeMessage::boxed(run.ok_or_else(bad_key)?, setup.encrypt, Whole::AtUpdate))
}
