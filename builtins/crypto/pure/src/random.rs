//! The randomness that keys are made of.

/// AWS-LC's generator, which the operating system seeds, as keys take it. That it fails is not foreseen there; it fails only if
/// the kernel is older than `getrandom(2)` and `/dev/urandom` is missing.
#[derive(Clone, Copy, Debug)]
pub struct Source;

impl rand_core::TryRng for Source {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        if aws_lc_rs::rand::fill(out).is_err() {
            // Keys made of no randomness would be worse than the end.
            std::process::abort();
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Source {}
