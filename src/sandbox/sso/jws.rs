//! Signed tokens: RS256, in the shape of the published samples (facts/finesse.md section 10.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::Value;

/// Signs.
pub struct Signer(RsaKeyPair);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// With this key, PKCS #8.
    pub fn new(key: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(key).ok().map(Self)
    }

    /// The public key, base64 of its DER.
    pub fn public(&self) -> String {
        STANDARD.encode(self.0.public_key().as_ref())
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> Option<String> {
        let head = URL_SAFE_NO_PAD.encode(r#"{"cty":"JWT","alg":"RS256"}"#);
        let body = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.0.public().modulus_len()];
        let random = SystemRandom::new();
        self.0.sign(&RSA_PKCS1_SHA256, &random, body.as_bytes(), &mut signature).ok()?;
        Some(format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
