//! Modes without a tag: streams, chains of blocks, XTS and key wrap.

use super::block::{Block8, Block16};
use super::{Opened, Setup, Work, bad_decrypt, bad_iv, bad_key, unsupported_state, wrong_final_block};
use crate::error::{Failure, provider};
use cipher::block_padding::{Padding as _, Pkcs7};
use cipher::common::InnerInit as _;
use cipher::inout::InOutBuf;
use cipher::{
    Array, Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser,
    InnerIvInit as _, KeyIvInit as _, StreamCipher, StreamCipherCoreWrapper, StreamCipherSeek as _,
};
use subtle::ConstantTimeEq as _;

/// Works on bytes in place.
pub(super) type Run = Box<dyn FnMut(&mut [u8])>;

fn encryptor<C: BlockModeEncrypt + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| {
        let (blocks, _rest) = InOutBuf::from(data).into_chunks::<C::BlockSize>();
        cipher.encrypt_blocks_inout(blocks);
    })
}

fn decryptor<C: BlockModeDecrypt + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| {
        let (blocks, _rest) = InOutBuf::from(data).into_chunks::<C::BlockSize>();
        cipher.decrypt_blocks_inout(blocks);
    })
}

pub(super) fn keystream<C: StreamCipher + 'static>(mut cipher: C) -> Run {
    Box::new(move |data| cipher.apply_keystream(data))
}

/// A stream cipher.
struct Stream(Run);

impl Work for Stream {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut out = data.to_vec();
        (self.0)(&mut out);
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
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
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let total = self.pending.len() + data.len();
        let mut ready = total - total % self.block;
        // The last block of a padded ciphertext stays: it may hold the padding.
        if !self.encrypt && self.padding && ready == total && ready > 0 {
            ready -= self.block;
        }
        if ready == 0 {
            self.pending.extend_from_slice(data);
            return Ok(Vec::new());
        }
        let mut out = std::mem::take(&mut self.pending);
        out.extend_from_slice(data);
        self.pending = out.split_off(ready);
        (self.run)(&mut out);
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
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

/// OFB, whose crate wants to know the size of blocks.
pub(super) trait OutputFeedback: BlockSizeUser {
    fn output_feedback(self, iv: &[u8]) -> Option<Run>;
}

macro_rules! output_feedback {
    ($cipher:ty) => {
        impl OutputFeedback for $cipher {
            fn output_feedback(self, iv: &[u8]) -> Option<Run> {
                let core = ofb::OfbCore::<$cipher>::inner_iv_slice_init(self, iv).ok()?;
                Some(keystream(StreamCipherCoreWrapper::from_core(core)))
            }
        }
    };
}
output_feedback!(Block16);
output_feedback!(Block8);

/// The modes that any block cipher has. `Ok(None)`: it has no such mode.
pub(super) fn open<C>(mode: &str, inner: C, setup: Setup<'_>) -> Result<Option<Box<dyn Work>>, Failure>
where
    C: OutputFeedback + BlockCipherEncrypt + BlockCipherDecrypt + Clone + 'static,
{
    let block = C::block_size();
    let Setup { encrypt, iv, .. } = setup;
    if mode == "ecb" && !iv.is_empty() || mode != "ecb" && iv.len() != block {
        return Err(bad_iv());
    }
    let bad = |_| bad_iv();
    let blocks =
        |run: Run| -> Box<dyn Work> { Box::new(Blocks { block, encrypt, padding: true, pending: Vec::new(), run }) };
    let stream = |run: Run| -> Box<dyn Work> { Box::new(Stream(run)) };
    Ok(Some(match (mode, encrypt) {
        ("cbc", true) => blocks(encryptor(cbc::Encryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?)),
        ("cbc", false) => blocks(decryptor(cbc::Decryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?)),
        ("ecb", true) => blocks(encryptor(ecb::Encryptor::<C>::inner_init(inner))),
        ("ecb", false) => blocks(decryptor(ecb::Decryptor::<C>::inner_init(inner))),
        ("cfb", true) => {
            let mut cipher = cfb_mode::BufEncryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?;
            stream(Box::new(move |data| cipher.encrypt(data)))
        }
        ("cfb", false) => {
            let mut cipher = cfb_mode::BufDecryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?;
            stream(Box::new(move |data| cipher.decrypt(data)))
        }
        ("cfb1", _) => stream(cfb1(inner, iv, encrypt)?),
        ("cfb8", true) => stream(encryptor(cfb8::Encryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?)),
        ("cfb8", false) => stream(decryptor(cfb8::Decryptor::<C>::inner_iv_slice_init(inner, iv).map_err(bad)?)),
        ("ofb", _) => stream(inner.output_feedback(iv).ok_or_else(bad_iv)?),
        _ => return Ok(None),
    }))
}

/// CFB with a shift register that takes in one bit at a time. NIST SP 800-38A §6.3.
fn cfb1<C>(inner: C, iv: &[u8], encrypt: bool) -> Result<Run, Failure>
where
    C: BlockSizeUser + BlockCipherEncrypt + 'static,
{
    let mut register = Block::<C>::try_from(iv).map_err(|_| bad_iv())?;
    Ok(Box::new(move |data| {
        for byte in data {
            let mut out = 0;
            for place in (0..8).rev() {
                let mut block = register.clone();
                inner.encrypt_block(&mut block);
                let given = (*byte >> place) & 1;
                let made = given ^ (block.first().map_or(0, |first| first >> 7));
                out |= made << place;
                let mut carry = if encrypt { made } else { given };
                for cell in register.iter_mut().rev() {
                    let next = *cell >> 7;
                    *cell = (*cell << 1) | carry;
                    carry = next;
                }
            }
            *byte = out;
        }
    }))
}

/// Counter mode.
pub(super) fn ctr(inner: Block16, setup: Setup<'_>) -> Opened {
    type Core = ctr::CtrCore<Block16, ctr::flavors::Ctr128BE>;
    let core = Core::inner_iv_slice_init(inner, setup.iv).map_err(|_| bad_iv())?;
    Ok(Box::new(Stream(keystream(StreamCipherCoreWrapper::from_core(core)))))
}

/// ChaCha20 as OpenSSL takes it: a block counter of 32 bits, little-endian, then the nonce.
pub(super) fn chacha20(setup: Setup<'_>) -> Opened {
    let iv = setup.iv;
    let (Some(counter), Some(nonce), 16) = (iv.first_chunk::<4>(), iv.get(4..16), iv.len()) else {
        return Err(bad_iv());
    };
    let mut cipher = chacha20::ChaCha20::new_from_slices(setup.key, nonce).map_err(|_| bad_key())?;
    cipher.try_seek(u64::from(u32::from_le_bytes(*counter)) * 64).map_err(|_| bad_iv())?;
    Ok(Box::new(Stream(keystream(cipher))))
}

/// XTS: one sector, in one update. IEEE 1619.
struct Xts {
    done: bool,
    run: Run,
}

impl Work for Xts {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        if self.done || data.len() < 16 {
            return Err(unsupported_state());
        }
        self.done = true;
        let mut out = data.to_vec();
        (self.run)(&mut out);
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

pub(super) fn xts(cipher: &str, setup: Setup<'_>) -> Opened {
    let (first, second) = setup.key.split_at(setup.key.len() / 2);
    if first.len() == second.len() && bool::from(first.ct_eq(second)) {
        return Err(provider("1C800095", "xts duplicated keys").into());
    }
    let keyed = |key| Block16::new(cipher, key).ok_or_else(bad_key);
    let mode = xts_mode::Xts128::new(keyed(first)?, keyed(second)?);
    let tweak = Block::<Block16>::try_from(setup.iv).map_err(|_| bad_iv())?;
    let encrypt = setup.encrypt;
    let run: Run =
        Box::new(
            move |sector| {
                if encrypt { mode.encrypt_sector(sector, tweak) } else { mode.decrypt_sector(sector, tweak) }
            },
        );
    Ok(Box::new(Xts { done: false, run }))
}

/// AES key wrap: the whole key in one update. RFC 3394, RFC 5649; the `inv` variants use the inverse cipher.
struct Wrap {
    cipher: Block16,
    encrypt: bool,
    inverse: bool,
    iv: Vec<u8>,
    padded: bool,
}

/// Halves of a block.
const HALF: usize = 8;

impl Wrap {
    fn encrypt_block(&self, block: &mut Block<Block16>) {
        if self.inverse { self.cipher.decrypt_block(block) } else { self.cipher.encrypt_block(block) }
    }

    fn decrypt_block(&self, block: &mut Block<Block16>) {
        if self.inverse { self.cipher.encrypt_block(block) } else { self.cipher.decrypt_block(block) }
    }

    /// W of NIST SP 800-38F §6.1: the initial value, then the key in halves of blocks.
    fn wrap(&self, value: [u8; HALF], key: &[u8]) -> Vec<u8> {
        let mut block: Block<Block16> = Array::default();
        let mut out = key.to_vec();
        let mut a = value;
        let mut step = 0u64;
        for _ in 0..6 {
            for half in out.chunks_exact_mut(HALF) {
                step += 1;
                block[..HALF].copy_from_slice(&a);
                block[HALF..].copy_from_slice(half);
                self.encrypt_block(&mut block);
                let counted = step.to_be_bytes();
                for (to, (from, count)) in a.iter_mut().zip(block.iter().zip(counted)) {
                    *to = from ^ count;
                }
                half.copy_from_slice(&block[HALF..]);
            }
        }
        [a.as_slice(), &out].concat()
    }

    /// W⁻¹: the initial value, and the key.
    fn unwrap(&self, sealed: &[u8]) -> Option<([u8; HALF], Vec<u8>)> {
        let (mut a, rest) = sealed.split_first_chunk::<HALF>().map(|(a, rest)| (*a, rest.to_vec()))?;
        let mut out = rest;
        let mut block: Block<Block16> = Array::default();
        let mut step = (out.len() / HALF) as u64 * 6;
        for _ in 0..6 {
            for half in out.chunks_exact_mut(HALF).rev() {
                for (to, (from, count)) in block.iter_mut().zip(a.iter().zip(step.to_be_bytes())) {
                    *to = from ^ count;
                }
                block[HALF..].copy_from_slice(half);
                self.decrypt_block(&mut block);
                a.copy_from_slice(&block[..HALF]);
                half.copy_from_slice(&block[HALF..]);
                step -= 1;
            }
        }
        Some((a, out))
    }

    /// The initial value of the padded form: four bytes, and the length.
    fn padded_value(&self, length: usize) -> Option<[u8; HALF]> {
        let length = u32::try_from(length).ok()?;
        [self.iv.as_slice(), &length.to_be_bytes()].concat().try_into().ok()
    }

    fn seal(&self, data: &[u8]) -> Option<Vec<u8>> {
        if !self.padded {
            let fits = data.len() >= 2 * HALF && data.len().is_multiple_of(HALF);
            return fits.then(|| Some(self.wrap(self.iv.as_slice().try_into().ok()?, data)))?;
        }
        if data.is_empty() {
            return None;
        }
        let value = self.padded_value(data.len())?;
        let mut padded = data.to_vec();
        padded.resize(data.len().next_multiple_of(HALF), 0);
        if padded.len() == HALF {
            let mut block = Block::<Block16>::try_from([value.as_slice(), &padded].concat().as_slice()).ok()?;
            self.encrypt_block(&mut block);
            return Some(block.to_vec());
        }
        Some(self.wrap(value, &padded))
    }

    fn open(&self, data: &[u8]) -> Option<Vec<u8>> {
        let size = if self.padded { 2 * HALF } else { 3 * HALF };
        if data.len() < size || !data.len().is_multiple_of(HALF) {
            return None;
        }
        if !self.padded {
            let (value, key) = self.unwrap(data)?;
            return bool::from(value.ct_eq(&self.iv)).then_some(key);
        }
        let (value, mut key) = if data.len() == 2 * HALF {
            let mut block = Block::<Block16>::try_from(data).ok()?;
            self.decrypt_block(&mut block);
            let (value, key) = block.split_first_chunk::<HALF>()?;
            (*value, key.to_vec())
        } else {
            self.unwrap(data)?
        };
        let length = u32::from_be_bytes(*value.last_chunk::<4>()?) as usize;
        let expected = self.padded_value(length)?;
        let sizes = length > key.len().saturating_sub(HALF) && length <= key.len();
        let zeros = key.get(length..)?.iter().fold(0, |sum, byte| sum | byte);
        if !sizes || zeros != 0 || !bool::from(value.ct_eq(&expected)) {
            return None;
        }
        key.truncate(length);
        Some(key)
    }
}

impl Work for Wrap {
    fn update(&mut self, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let done = if self.encrypt { self.seal(data) } else { self.open(data) };
        done.ok_or_else(unsupported_state)
    }

    fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

pub(super) fn wrap(cipher: Block16, mode: &str, setup: Setup<'_>) -> Opened {
    let padded = mode.starts_with("wrap-pad");
    if setup.iv.len() != if padded { 4 } else { 8 } {
        return Err(bad_iv());
    }
    let inverse = mode.ends_with("-inv");
    Ok(Box::new(Wrap { cipher, encrypt: setup.encrypt, inverse, iv: setup.iv.to_vec(), padded }))
}
