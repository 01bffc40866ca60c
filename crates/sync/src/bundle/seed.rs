//! Randomness of a seal, drawn by the caller: this room draws none.

/// What the caller's 32 random bytes stretch to; the encapsulation takes as much as it wants.
pub(super) struct Seed(blake3::OutputReader);

impl Seed {
    pub(super) fn new(random: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 seed of a bundle");
        hasher.update(random);
        Self(hasher.finalize_xof())
    }
}

impl hpke::rand_core::TryRng for Seed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Seed {}
