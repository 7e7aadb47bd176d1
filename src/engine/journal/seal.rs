//! Seals what a journal keeps of secrets: ChaCha20-Poly1305 under a key that PBKDF2 makes of the one `journal.seal`
//! names, with a salt of the run. A sealed value is bound to its run, call and field, so that none can stand in for another.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// Rounds, so that guessing a short key takes long (OWASP Password Storage Cheat Sheet: 600,000 for HMAC-SHA-256).
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();

/// Seals and opens the values of one run.
pub struct Seal {
    key: LessSafeKey,
    salt: [u8; 16],
    rounds: NonZeroU32,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(secret)")
    }
}

impl Seal {
    /// A seal for a new run; `None` where the system gives no random numbers.
    pub fn new(secret: &SecretString) -> Option<Self> {
        let mut salt = [0_u8; 16];
        SystemRandom::new().fill(&mut salt).ok()?;
        Self::of(secret, salt, ROUNDS)
    }

    /// The seal of a run that is read, as its first line describes it.
    pub fn described(secret: &SecretString, described: &Value) -> Option<Self> {
        let salt = STANDARD.decode(described.get("salt")?.as_str()?).ok()?;
        let rounds = u32::try_from(described.get("rounds")?.as_u64()?).ok()?;
        // More rounds than anybody writes would only keep the reader waiting.
        let rounds = NonZeroU32::new(rounds).filter(|rounds| rounds.get() <= 10 * ROUNDS.get())?;
        Self::of(secret, salt.try_into().ok()?, rounds)
    }

    /// What the first line of the journal says of it.
    pub fn description(&self) -> Value {
        json!({"salt": STANDARD.encode(self.salt), "rounds": self.rounds.get()})
    }

    /// Seals a value for this place.
    pub fn close(&self, place: &str, secret: &SecretString) -> Option<String> {
        let mut nonce = [0_u8; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut text = secret.expose_secret().as_bytes().to_vec();
        let sealing = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(sealing, Aad::from(place), &mut text).ok()?;
        Some(STANDARD.encode([nonce.as_slice(), &text].concat()))
    }

    /// Opens a value of this place; `None` when the key is another, or the text was changed or moved.
    pub fn open(&self, place: &str, sealed: &str) -> Option<SecretString> {
        let sealed = STANDARD.decode(sealed).ok()?;
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = Zeroizing::new(text.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self.key.open_in_place(nonce, Aad::from(place), &mut text).ok()?;
        std::str::from_utf8(plain).ok().map(SecretString::from)
    }

    fn of(secret: &SecretString, salt: [u8; 16], rounds: NonZeroU32) -> Option<Self> {
        let mut key = Zeroizing::new([0_u8; 32]);
        let secret = secret.expose_secret().as_bytes();
        derive(PBKDF2_HMAC_SHA256, rounds, &salt, secret, key.as_mut());
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).ok()?;
        Some(Self { key: LessSafeKey::new(key), salt, rounds })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::Seal;

    #[test]
    fn only_the_same_key_opens_a_value_and_only_in_its_place() {
        let seal = Seal::new(&"key".into()).unwrap();
        let sealed = seal.close("run 1 URL", &"hunter2".into()).unwrap();
        assert!(!sealed.contains("hunter2"));
        let again = Seal::described(&"key".into(), &seal.description()).unwrap();
        assert_eq!(again.open("run 1 URL", &sealed).unwrap().expose_secret(), "hunter2");
        assert!(again.open("run 2 URL", &sealed).is_none());
        assert!(again.open("run 1 URL", "AAAA").is_none());
        let other = Seal::described(&"other".into(), &seal.description()).unwrap();
        assert!(other.open("run 1 URL", &sealed).is_none());
        assert_ne!(sealed, seal.close("run 1 URL", &"hunter2".into()).unwrap());
    }
}
