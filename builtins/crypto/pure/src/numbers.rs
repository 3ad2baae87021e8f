//! Unsigned numbers as bytes, big-endian: sizes, comparison, and what modular arithmetic keys need.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd};

/// Without zeros in front.
pub fn trimmed(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}

/// Its size in bits.
pub fn bits(bytes: &[u8]) -> usize {
    let bytes = trimmed(bytes);
    bytes.first().map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize)
}

/// As `size` bytes, zeros in front; as it is if it is longer.
pub fn padded(bytes: &[u8], size: usize) -> Vec<u8> {
    let bytes = trimmed(bytes);
    let mut out = vec![0; size.saturating_sub(bytes.len())];
    out.extend_from_slice(bytes);
    out
}

/// Whether `a` is smaller than `b`. Not for secrets.
pub fn less(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (trimmed(a), trimmed(b));
    (a.len(), a) < (b.len(), b)
}

/// The number before it; zero stays.
pub fn minus_one(number: &[u8]) -> Vec<u8> {
    let mut out = trimmed(number).to_vec();
    if out.is_empty() {
        return out;
    }
    for byte in out.iter_mut().rev() {
        let (next, borrowed) = byte.overflowing_sub(1);
        *byte = next;
        if !borrowed {
            break;
        }
    }
    trimmed(&out).to_vec()
}

/// As a number with room for `precision` bits at least.
pub(crate) fn uint(bytes: &[u8], precision: usize) -> BoxedUint {
    let bytes = trimmed(bytes);
    let precision = precision.max(bytes.len() * 8).max(64);
    BoxedUint::from_be_slice_truncated(bytes, precision as u32)
}

/// As bytes, without zeros in front.
pub(crate) fn bytes(number: &BoxedUint) -> Vec<u8> {
    trimmed(&number.to_be_bytes()).to_vec()
}

/// `base` to the power of `exponent`; the time depends on the sizes only. `None` unless the modulus is odd and above 1.
pub fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Option<Vec<u8>> {
    if bits(modulus) < 2 {
        return None;
    }
    let precision = bits(modulus);
    let modulus = uint(modulus, precision);
    let base = uint(base, precision).rem(&NonZero::new(modulus.clone()).into_option()?);
    let params = BoxedMontyParams::new(Odd::new(modulus).into_option()?);
    let exponent = uint(exponent, 64);
    Some(bytes(&BoxedMontyForm::new(base, &params).pow(&exponent).retrieve()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (number, want) in [(&[][..], 0), (&[0, 0], 0), (&[1], 1), (&[0, 0x80], 8), (&[1, 0], 9)] {
            assert_eq!(bits(number), want);
        }
        assert!(less(&[0, 1], &[2]) && !less(&[2], &[2]) && less(&[0xff], &[1, 0]));
        assert_eq!(padded(&[1], 3), [0, 0, 1]);
        for (number, want) in [(&[][..], &[][..]), (&[1], &[]), (&[1, 0], &[0xff]), (&[3, 0, 0], &[2, 0xff, 0xff])] {
            assert_eq!(minus_one(number), want);
        }
    }

    #[test]
    fn powers() {
        assert_eq!(power(&[3], &[5], &[7]), Some(vec![5]));
        assert_eq!(power(&[200], &[1], &[7]), Some(vec![4]));
        assert_eq!(power(&[3], &[], &[7]), Some(vec![1]));
        assert_eq!(power(&[3], &[5], &[8]), None);
        assert_eq!(power(&[3], &[5], &[1]), None);
        let modulus = [0xff; 40];
        let long = power(&[2], &[0xff; 3], &modulus).unwrap();
        assert!(less(&long, &modulus));
    }
}
