//! Which SSH algorithms are offered: those documented for current releases first, old ones only when nothing else is
//! left, and what was agreed.

use std::borrow::Cow;

use russh::keys::Algorithm;
use russh::{Names, Preferred, cipher, kex, mac};

/// What client and node agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Algorithms {
    /// Key exchange.
    pub key_exchange: String,
    /// Host key.
    pub host_key: String,
    /// Cipher.
    pub cipher: String,
    /// Message authentication; empty when the cipher brings its own.
    pub mac: String,
}

impl Algorithms {
    pub(super) fn agreed(names: &Names) -> Self {
        let cipher = names.cipher.as_ref().to_owned();
        let own = cipher.contains("gcm") || cipher.contains("poly1305");
        Self {
            key_exchange: names.kex.as_ref().to_owned(),
            host_key: names.key.as_str().to_owned(),
            mac: if own { String::new() } else { names.client_mac.as_ref().to_owned() },
            cipher,
        }
    }

    /// Those among them that are no longer considered safe, and that the node has forced.
    pub fn old(&self) -> Vec<&str> {
        let Self { key_exchange, host_key, cipher, mac } = self;
        [key_exchange, host_key, cipher, mac]
            .into_iter()
            .map(String::as_str)
            .filter(|n| old(n))
            .collect()
    }
}

fn old(name: &str) -> bool {
    name.contains("sha1") || name.contains("-cbc") || matches!(name, "ssh-rsa" | "ssh-dss")
}

/// What we offer. The first name in the client's list that the server has is taken, so the curves that all releases
/// since 12.5 have come before group exchange, which is slow and sometimes refused. `known`: algorithms of host keys
/// already known for the node, asked for first, lest another key of the same node look like an unknown one.
pub(super) fn offered(legacy: bool, known: &[&str]) -> Preferred {
    let mut kex = vec![kex::ECDH_SHA2_NISTP256, kex::ECDH_SHA2_NISTP384, kex::ECDH_SHA2_NISTP521];
    kex.extend_from_slice(&Preferred::DEFAULT.kex);
    let mut mac = Preferred::DEFAULT.mac.to_vec();
    let mut cipher = Preferred::DEFAULT.cipher.to_vec();
    cipher.push(cipher::AES_128_GCM);
    if legacy {
        kex.extend([kex::DH_G14_SHA1, kex::DH_GEX_SHA1, kex::DH_G1_SHA1]);
        mac.push(mac::HMAC_SHA1);
        cipher.extend([cipher::AES_256_CBC, cipher::AES_192_CBC, cipher::AES_128_CBC]);
    }
    let mut key = Preferred::DEFAULT.key.to_vec();
    key.sort_by_key(|algorithm| !known.contains(&family(algorithm)));
    Preferred {
        kex: Cow::Owned(kex),
        mac: Cow::Owned(mac),
        cipher: Cow::Owned(cipher),
        key: Cow::Owned(key),
        ..Preferred::DEFAULT
    }
}

/// The name under which a key of this algorithm stands in a file: signatures differ, RSA keys do not.
fn family(algorithm: &Algorithm) -> &str {
    if matches!(algorithm, Algorithm::Rsa { .. }) { "ssh-rsa" } else { algorithm.as_str() }
}

#[cfg(test)]
mod tests {
    use russh::keys::{Algorithm, HashAlg};

    use super::{Algorithms, offered};

    #[test]
    fn curves_first_and_old_ones_last_and_only_when_asked_for() {
        let modern = offered(false, &[]);
        assert_eq!(modern.kex[0].as_ref(), "ecdh-sha2-nistp256");
        assert!(modern.kex.iter().all(|name| !name.as_ref().contains("sha1")));
        assert!(modern.mac.iter().all(|name| !name.as_ref().contains("sha1")));
        assert!(modern.cipher.iter().all(|name| !name.as_ref().contains("cbc")));
        let legacy = offered(true, &[]);
        assert_eq!(legacy.kex[0].as_ref(), "ecdh-sha2-nistp256");
        let last = |list: &[&str]| list.last().copied().unwrap_or_default().to_owned();
        let kex: Vec<&str> = legacy.kex.iter().map(AsRef::as_ref).collect();
        let mac: Vec<&str> = legacy.mac.iter().map(AsRef::as_ref).collect();
        assert_eq!(last(&kex), "diffie-hellman-group1-sha1");
        assert_eq!(last(&mac), "hmac-sha1");
    }

    #[test]
    fn a_known_key_is_asked_for_first() {
        let key = offered(false, &["ssh-rsa"]).key;
        assert_eq!(key[0], Algorithm::Rsa { hash: Some(HashAlg::Sha512) });
        assert_eq!(key.len(), offered(false, &[]).key.len());
    }

    #[test]
    fn what_was_forced_is_told() {
        let name = |text: &str| text.to_owned();
        let mut agreed = Algorithms {
            key_exchange: name("diffie-hellman-group14-sha1"),
            host_key: name("ssh-rsa"),
            cipher: name("aes128-cbc"),
            mac: name("hmac-sha1"),
        };
        assert_eq!(agreed.old().len(), 4);
        agreed = Algorithms {
            key_exchange: name("ecdh-sha2-nistp256"),
            host_key: name("rsa-sha2-512"),
            cipher: name("aes256-gcm@openssh.com"),
            mac: String::new(),
        };
        assert!(agreed.old().is_empty());
    }
}
