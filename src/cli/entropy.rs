//! Random bytes of the edge: from the system, or from a seed for a made office.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use crate::desk::Entropy;

/// SHA-256 of a secret and a counter: with a secret from the system nobody can guess what comes next, with one from a
/// seed it is the same every time.
#[derive(Debug)]
pub struct CounterEntropy {
    secret: [u8; 32],
    drawn: AtomicU64,
}

impl CounterEntropy {
    /// With a secret from the system.
    ///
    /// # Errors
    /// The system gives none.
    pub fn from_system() -> io::Result<Self> {
        let mut secret = [0; 32];
        File::open("/dev/urandom")?.read_exact(&mut secret)?;
        Ok(Self { secret, drawn: AtomicU64::new(0) })
    }

    /// With a secret that everybody can know.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self { secret: Sha256::digest(seed.to_be_bytes()).into(), drawn: AtomicU64::new(0) }
    }
}

impl Entropy for CounterEntropy {
    fn draw(&self) -> [u8; 16] {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        let digest: [u8; 32] = Sha256::new()
            .chain_update(self.secret)
            .chain_update(number.to_be_bytes())
            .finalize()
            .into();
        let mut drawn = [0; 16];
        for (byte, from) in drawn.iter_mut().zip(digest) {
            *byte = from;
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::CounterEntropy;
    use crate::desk::Entropy as _;

    #[test]
    fn a_seed_gives_the_same_bytes_again_and_the_system_does_not() {
        let (one, two) = (CounterEntropy::from_seed(7), CounterEntropy::from_seed(7));
        assert_eq!(one.draw(), two.draw());
        assert_ne!(one.draw(), one.draw());
        let system = || CounterEntropy::from_system().unwrap().draw();
        assert_ne!(system(), system());
    }
}
