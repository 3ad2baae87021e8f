//! The modes of operation behind one trait, working on streams of bytes.
//!
//! The ciphers, their chaining, counters, GHASH and Poly1305 are crates'. What is here cuts a stream into blocks, and orders
//! the calls as the standards say: NIST SP 800-38D §7 for GCM, RFC 8439 §2.8 for ChaCha20-Poly1305.

use crate::job::Fail;
use ccm::aead::AeadInPlace as _;
use cipher::block_padding::{Pkcs7, RawPadding as _};
use cipher::inout::InOutBuf;
use cipher::{
    BlockCipher, BlockDecryptMut, BlockEncrypt, BlockEncryptMut, BlockSizeUser, InnerIvInit as _, KeyInit,
    KeyIvInit as _, StreamCipher, StreamCipherSeek as _,
};
use ghash::GHash;
use poly1305::Poly1305;
use subtle::ConstantTimeEq as _;
use universal_hash::UniversalHash;

/// A cipher at work.
pub(crate) trait Work {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail>;
    fn finish(&mut self) -> Result<Vec<u8>, Fail>;
    /// Data that is authenticated only.
    fn aad(&mut self, _data: &[u8]) {}
    fn set_padding(&mut self, _on: bool) {}
    fn set_tag(&mut self, _tag: Vec<u8>) {}
    fn tag(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// Works on bytes in place.
type Run = Box<dyn FnMut(&mut [u8])>;

fn bad_iv() -> Fail {
    Fail::type_error("ERR_CRYPTO_INVALID_IV", "Invalid initialization vector")
}

fn bad_key() -> Fail {
    Fail::range_error("ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length")
}

pub(crate) fn not_authentic() -> Fail {
    Fail::new("", "Unsupported state or unable to authenticate data")
}

fn provider(number: &str, reason: &str) -> Fail {
    Fail::openssl(number, "Provider routines", reason, "")
}

fn wrong_final_block() -> Fail {
    provider("1C80006B", "wrong final block length")
}

fn bad_decrypt() -> Fail {
    provider("1C800064", "bad decrypt")
}

fn encryptor<C: BlockEncryptMut + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| {
        let (blocks, _rest) = InOutBuf::from(data).into_chunks::<C::BlockSize>();
        cipher.encrypt_blocks_inout_mut(blocks);
    })
}

fn decryptor<C: BlockDecryptMut + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| {
        let (blocks, _rest) = InOutBuf::from(data).into_chunks::<C::BlockSize>();
        cipher.decrypt_blocks_inout_mut(blocks);
    })
}

fn keystream<C: StreamCipher + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| cipher.apply_keystream(data))
}

/// A stream cipher.
struct Stream(Run);

impl Work for Stream {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail> {
        let mut out = data.to_vec();
        (self.0)(&mut out);
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Fail> {
        Ok(Vec::new())
    }
}

/// CBC or ECB: whole blocks go through, the rest waits.
struct Blocks {
    block: usize,
    encrypt: bool,
    padding: bool,
    pending: Vec<u8>,
    run: Run,
}

impl Work for Blocks {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail> {
        let total = self.pending.len() + data.len();
        let mut ready = total - total % self.block;
        // The last block of a padded ciphertext stays: it may hold the padding.
        if !self.encrypt && self.padding && ready == total && ready > 0 {
            ready -= self.block;
        }
        if ready <= self.pending.len() && ready == 0 {
            self.pending.extend_from_slice(data);
            return Ok(Vec::new());
        }
        let mut out = std::mem::take(&mut self.pending);
        out.extend_from_slice(data);
        self.pending = out.split_off(ready);
        (self.run)(&mut out);
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Fail> {
        let mut rest = std::mem::take(&mut self.pending);
        if !self.padding {
            return if rest.is_empty() { Ok(rest) } else { Err(wrong_final_block()) };
        }
        if self.encrypt {
            let used = rest.len();
            rest.resize(self.block, 0);
            Pkcs7::raw_pad(&mut rest, used);
            (self.run)(&mut rest);
            return Ok(rest);
        }
        if rest.len() != self.block {
            return Err(wrong_final_block());
        }
        (self.run)(&mut rest);
        let length = Pkcs7::raw_unpad(&rest).map_err(|_| bad_decrypt())?.len();
        rest.truncate(length);
        Ok(rest)
    }

    fn set_padding(&mut self, on: bool) {
        self.padding = on;
    }
}

/// The authenticators of the streaming modes; both take blocks of 16 bytes.
enum Authenticator {
    Ghash(GHash),
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
struct Aead {
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

impl Aead {
    fn boxed(authenticator: Authenticator, run: Run, mask: [u8; 16], encrypt: bool, tag_bytes: usize) -> Box<dyn Work> {
        Box::new(Aead {
            aad_bytes: 0,
            authenticator: Some(authenticator),
            encrypt,
            mask,
            partial: Vec::new(),
            run,
            tag: Vec::new(),
            tag_bytes: if tag_bytes == 0 { 16 } else { tag_bytes },
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

impl Work for Aead {
    fn aad(&mut self, data: &[u8]) {
        self.aad_bytes += data.len() as u64;
        self.authenticate(data);
    }

    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail> {
        if !self.text_begun {
            self.flush();
            self.text_begun = true;
        }
        self.text_bytes += data.len() as u64;
        let mut out = data.to_vec();
        if self.encrypt {
            (self.run)(&mut out);
            self.authenticate(&out);
        } else {
            self.authenticate(data);
            (self.run)(&mut out);
        }
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Fail> {
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

/// Encrypts or decrypts a whole message with CCM: additional data, text, tag.
type CcmRun = Box<dyn Fn(bool, &[u8], &mut Vec<u8>, &mut Vec<u8>) -> bool>;

/// CCM authenticates the length first, so it takes the whole message in one update.
struct Ccm {
    aad: Vec<u8>,
    done: bool,
    encrypt: bool,
    failed: bool,
    run: CcmRun,
    tag: Vec<u8>,
}

impl Work for Ccm {
    fn aad(&mut self, data: &[u8]) {
        self.aad.extend_from_slice(data);
    }

    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail> {
        self.done = true;
        let mut out = data.to_vec();
        if !self.encrypt && self.tag.is_empty() {
            self.failed = true;
            return Ok(Vec::new());
        }
        if !(self.run)(self.encrypt, &self.aad, &mut out, &mut self.tag) {
            self.failed = true;
            out.clear();
        }
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Fail> {
        if !self.done {
            self.update(&[])?;
        }
        if self.failed { Err(not_authentic()) } else { Ok(Vec::new()) }
    }

    fn set_tag(&mut self, tag: Vec<u8>) {
        self.tag = tag;
    }

    fn tag(&self) -> Vec<u8> {
        self.tag.clone()
    }
}

fn ccm_run<C, M, N>(key: &[u8], nonce: &[u8]) -> Option<CcmRun>
where
    C: KeyInit + BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + 'static,
    M: ccm::TagSize + cipher::generic_array::ArrayLength<u8> + 'static,
    N: ccm::NonceSize + cipher::generic_array::ArrayLength<u8> + 'static,
{
    let cipher = <ccm::Ccm<C, M, N> as ccm::KeyInit>::new_from_slice(key).ok()?;
    let nonce = nonce.to_vec();
    Some(Box::new(move |encrypt, aad, text, tag| {
        let nonce = cipher::generic_array::GenericArray::from_slice(&nonce);
        if encrypt {
            let made = cipher.encrypt_in_place_detached(nonce, aad, text);
            return made.map(|made| *tag = made.to_vec()).is_ok();
        }
        if tag.len() != M::to_usize() {
            return false;
        }
        let tag = cipher::generic_array::GenericArray::from_slice(tag);
        cipher.decrypt_in_place_detached(nonce, aad, text, tag).is_ok()
    }))
}

fn ccm_of_nonce<C, M>(key: &[u8], nonce: &[u8]) -> Option<CcmRun>
where
    C: KeyInit + BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + 'static,
    M: ccm::TagSize + cipher::generic_array::ArrayLength<u8> + 'static,
{
    use cipher::consts::{U7, U8, U9, U10, U11, U12, U13};
    match nonce.len() {
        7 => ccm_run::<C, M, U7>(key, nonce),
        8 => ccm_run::<C, M, U8>(key, nonce),
        9 => ccm_run::<C, M, U9>(key, nonce),
        10 => ccm_run::<C, M, U10>(key, nonce),
        11 => ccm_run::<C, M, U11>(key, nonce),
        12 => ccm_run::<C, M, U12>(key, nonce),
        13 => ccm_run::<C, M, U13>(key, nonce),
        _ => None,
    }
}

fn ccm<C>(key: &[u8], nonce: &[u8], tag_bytes: usize, encrypt: bool) -> Result<Box<dyn Work>, Fail>
where
    C: KeyInit + BlockCipher + BlockEncrypt + BlockSizeUser<BlockSize = cipher::consts::U16> + 'static,
{
    use cipher::consts::{U4, U6, U8, U10, U12, U14, U16};
    let run = match tag_bytes {
        4 => ccm_of_nonce::<C, U4>(key, nonce),
        6 => ccm_of_nonce::<C, U6>(key, nonce),
        8 => ccm_of_nonce::<C, U8>(key, nonce),
        10 => ccm_of_nonce::<C, U10>(key, nonce),
        12 => ccm_of_nonce::<C, U12>(key, nonce),
        14 => ccm_of_nonce::<C, U14>(key, nonce),
        16 => ccm_of_nonce::<C, U16>(key, nonce),
        _ => None,
    };
    let run = run.ok_or_else(bad_iv)?;
    Ok(Box::new(Ccm { aad: Vec::new(), done: false, encrypt, failed: false, run, tag: Vec::new() }))
}

/// GCM. NIST SP 800-38D §7.1: the counter starts from the nonce, or from a hash of it unless it has 96 bits.
fn gcm<C>(key: &[u8], nonce: &[u8], tag_bytes: usize, encrypt: bool) -> Result<Box<dyn Work>, Fail>
where
    C: KeyInit
        + BlockCipher
        + BlockEncrypt
        + BlockEncryptMut
        + BlockSizeUser<BlockSize = cipher::consts::U16>
        + 'static,
{
    if nonce.is_empty() {
        return Err(bad_iv());
    }
    let cipher = C::new_from_slice(key).map_err(|_| bad_key())?;
    let mut hash_key = ghash::Block::default();
    cipher.encrypt_block(&mut hash_key);
    let ghash = <GHash as universal_hash::KeyInit>::new(&hash_key);
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
    let counter = ctr::CtrCore::<C, ctr::flavors::Ctr32BE>::inner_iv_init(cipher, &start.into());
    let mut run = keystream(cipher::StreamCipherCoreWrapper::from_core(counter));
    let mut mask = [0; 16];
    run(&mut mask);
    Ok(Aead::boxed(Authenticator::Ghash(ghash), run, mask, encrypt, tag_bytes))
}

/// ChaCha20-Poly1305. RFC 8439 §2.8: the first block of the key stream keys the authenticator.
fn chacha20_poly1305(key: &[u8], nonce: &[u8], tag_bytes: usize, encrypt: bool) -> Result<Box<dyn Work>, Fail> {
    if nonce.len() != 12 {
        return Err(bad_iv());
    }
    let cipher = chacha20::ChaCha20::new_from_slices(key, nonce).map_err(|_| bad_key())?;
    let mut run = keystream(cipher);
    let mut first = [0; 64];
    run(&mut first);
    let key = universal_hash::Key::<Poly1305>::from_slice(&first[..32]);
    let authenticator = <Poly1305 as universal_hash::KeyInit>::new(key);
    Ok(Aead::boxed(Authenticator::Poly1305(Box::new(authenticator)), run, [0; 16], encrypt, tag_bytes))
}

/// ChaCha20 as OpenSSL takes it: a block counter of 32 bits, little-endian, then the nonce.
fn chacha20(key: &[u8], iv: &[u8]) -> Result<Box<dyn Work>, Fail> {
    let (Some(counter), Some(nonce), 16) = (iv.first_chunk::<4>(), iv.get(4..16), iv.len()) else {
        return Err(bad_iv());
    };
    let mut cipher = chacha20::ChaCha20::new_from_slices(key, nonce).map_err(|_| bad_key())?;
    cipher.try_seek(u64::from(u32::from_le_bytes(*counter)) * 64).map_err(|_| bad_iv())?;
    Ok(Box::new(Stream(keystream(cipher))))
}

/// Wraps or unwraps a key: whether to encrypt, whether padded, the bytes.
type WrapRun = Box<dyn Fn(bool, bool, &[u8]) -> Result<Vec<u8>, aes_kw::Error>>;

/// AES key wrap: the whole key in one update. RFC 3394, RFC 5649.
struct Wrap {
    encrypt: bool,
    padded: bool,
    run: WrapRun,
}

impl Work for Wrap {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Fail> {
        (self.run)(self.encrypt, self.padded, data)
            .map_err(|_| if self.encrypt { wrong_final_block() } else { bad_decrypt() })
    }

    fn finish(&mut self) -> Result<Vec<u8>, Fail> {
        Ok(Vec::new())
    }
}

/// The initial values that the standards give; others are not offered by the crate.
const WRAP_IV: [u8; 8] = [0xa6; 8];
const WRAP_PADDED_IV: [u8; 4] = [0xa6, 0x59, 0x59, 0xa6];

macro_rules! wrap {
    ($cipher:ty, $key:expr, $iv:expr, $encrypt:expr, $padded:expr) => {{
        let default: &[u8] = if $padded { &WRAP_PADDED_IV } else { &WRAP_IV };
        if $iv.len() != default.len() {
            return Err(bad_iv());
        }
        if $iv != default {
            return Err(Fail::unsupported("key wrap with an initial value of its own"));
        }
        let kek = <aes_kw::Kek<$cipher>>::try_from($key).map_err(|_| bad_key())?;
        let run = move |encrypt: bool, padded: bool, data: &[u8]| match (encrypt, padded) {
            (true, false) => kek.wrap_vec(data),
            (true, true) => kek.wrap_with_padding_vec(data),
            (false, false) => kek.unwrap_vec(data),
            (false, true) => kek.unwrap_with_padding_vec(data),
        };
        Box::new(Wrap { encrypt: $encrypt, padded: $padded, run: Box::new(run) })
    }};
}

fn blocks(block: usize, encrypt: bool, run: Run) -> Box<dyn Work> {
    Box::new(Blocks { block, encrypt, padding: true, pending: Vec::new(), run })
}

/// The modes that any block cipher has; `$key` and `$iv` have the right lengths or fail here.
macro_rules! plain_modes {
    ($cipher:ty, $block:expr, $mode:expr, $encrypt:expr, $key:expr, $iv:expr) => {{
        if $key.len() != <$cipher as cipher::KeySizeUser>::key_size() {
            return Err(bad_key());
        }
        if $mode == "ecb" && !$iv.is_empty() || $mode != "ecb" && $iv.len() != $block {
            return Err(bad_iv());
        }
        let bad = |_| bad_iv();
        let work: Option<Box<dyn Work>> = match ($mode, $encrypt) {
            ("cbc", true) => Some(blocks(
                $block,
                true,
                encryptor(cbc::Encryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?),
            )),
            ("cbc", false) => Some(blocks(
                $block,
                false,
                decryptor(cbc::Decryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?),
            )),
            ("ecb", true) => {
                Some(blocks($block, true, encryptor(ecb::Encryptor::<$cipher>::new_from_slice($key).map_err(bad)?)))
            }
            ("ecb", false) => {
                Some(blocks($block, false, decryptor(ecb::Decryptor::<$cipher>::new_from_slice($key).map_err(bad)?)))
            }
            ("cfb", true) => {
                let mut cipher = cfb_mode::BufEncryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?;
                Some(Box::new(Stream(Box::new(move |data| cipher.encrypt(data)))))
            }
            ("cfb", false) => {
                let mut cipher = cfb_mode::BufDecryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?;
                Some(Box::new(Stream(Box::new(move |data| cipher.decrypt(data)))))
            }
            ("cfb8", true) => {
                Some(Box::new(Stream(encryptor(cfb8::Encryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?))))
            }
            ("cfb8", false) => {
                Some(Box::new(Stream(decryptor(cfb8::Decryptor::<$cipher>::new_from_slices($key, $iv).map_err(bad)?))))
            }
            ("ofb", _) => {
                Some(Box::new(Stream(keystream(ofb::Ofb::<$cipher>::new_from_slices($key, $iv).map_err(bad)?))))
            }
            _ => None,
        };
        work
    }};
}

macro_rules! aes_modes {
    ($cipher:ty, $mode:expr, $encrypt:expr, $key:expr, $iv:expr, $tag:expr) => {{
        if $key.len() != <$cipher as cipher::KeySizeUser>::key_size() {
            return Err(bad_key());
        }
        match $mode {
            "ccm" => Some(ccm::<$cipher>($key, $iv, $tag, $encrypt)?),
            "ctr" => {
                let cipher = ctr::Ctr128BE::<$cipher>::new_from_slices($key, $iv).map_err(|_| bad_iv())?;
                Some(Box::new(Stream(keystream(cipher))) as Box<dyn Work>)
            }
            "gcm" => Some(gcm::<$cipher>($key, $iv, $tag, $encrypt)?),
            "wrap" => Some(wrap!($cipher, $key, $iv, $encrypt, false) as Box<dyn Work>),
            "wrap-pad" => Some(wrap!($cipher, $key, $iv, $encrypt, true) as Box<dyn Work>),
            _ => plain_modes!($cipher, 16, $mode, $encrypt, $key, $iv),
        }
    }};
}

/// Opens a cipher by the name OpenSSL gives it, such as `aes-128-cbc`. `Ok(None)`: there is none. `tag_bytes` 0: 16.
pub(crate) fn open(
    name: &str,
    encrypt: bool,
    key: &[u8],
    iv: &[u8],
    tag_bytes: usize,
) -> Result<Option<Box<dyn Work>>, Fail> {
    if let Some(mode) = name.strip_prefix("aes-128-") {
        return Ok(aes_modes!(aes::Aes128, mode, encrypt, key, iv, tag_bytes));
    }
    if let Some(mode) = name.strip_prefix("aes-192-") {
        return Ok(aes_modes!(aes::Aes192, mode, encrypt, key, iv, tag_bytes));
    }
    if let Some(mode) = name.strip_prefix("aes-256-") {
        return Ok(aes_modes!(aes::Aes256, mode, encrypt, key, iv, tag_bytes));
    }
    if let Some(mode) = name.strip_prefix("des-ede3-") {
        return Ok(plain_modes!(des::TdesEde3, 8, mode, encrypt, key, iv));
    }
    match name {
        "chacha20" => chacha20(key, iv).map(Some),
        "chacha20-poly1305" => chacha20_poly1305(key, iv, tag_bytes, encrypt).map(Some),
        _ => Ok(None),
    }
}
