//! The SSH algorithms of each release, and what is left of them where an administrator has narrowed the lists.
//!
//! Source: facts/vos.md section 2.5. Where a release's guide contradicts itself, `cipher-string-defaults` is its other
//! half.

use std::borrow::Cow;

use russh::keys::{Algorithm, HashAlg};
use russh::{Preferred, cipher, compression, kex, mac};
use serde::{Deserialize, Serialize};

/// A server's algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// 11.5.
    #[serde(rename = "11.5")]
    Release11_5,
    /// 12.5.
    #[serde(rename = "12.5")]
    Release12_5,
    /// 14SU2.
    #[serde(rename = "14")]
    Release14,
    /// 15.
    #[serde(rename = "15")]
    Release15,
    /// 15SU3 and later as a fresh installation leaves them: without `ssh-rsa`, `group14-sha1`, `hmac-sha1`.
    #[serde(rename = "15SU3")]
    Release15Su3,
    /// What the guides of 12.5 to 15 call the defaults of the cipher settings.
    #[serde(rename = "cipher-string-defaults")]
    CipherStringDefaults,
}

const ECDH: [kex::Name; 3] =
    [kex::ECDH_SHA2_NISTP521, kex::ECDH_SHA2_NISTP384, kex::ECDH_SHA2_NISTP256];
const CTR: [cipher::Name; 3] = [cipher::AES_128_CTR, cipher::AES_192_CTR, cipher::AES_256_CTR];
const GCM: [cipher::Name; 2] = [cipher::AES_128_GCM, cipher::AES_256_GCM];

impl Profile {
    /// The profile of a release such as `12.5(1)SU3` or `14.0.1.13900(155)`.
    pub fn of(release: (u32, u32)) -> Self {
        match release {
            (..12, _) => Self::Release11_5,
            (12 | 13, _) => Self::Release12_5,
            (14, _) => Self::Release14,
            (15.., _) => Self::Release15,
        }
    }

    /// Every one of them.
    pub const ALL: [Self; 6] = [
        Self::Release11_5,
        Self::Release12_5,
        Self::Release14,
        Self::Release15,
        Self::Release15Su3,
        Self::CipherStringDefaults,
    ];

    /// What the server calls itself.
    pub fn server_id(self) -> &'static str {
        match self {
            Self::Release11_5 => "SSH-2.0-OpenSSH_5.3",
            Self::Release12_5 | Self::CipherStringDefaults => "SSH-2.0-OpenSSH_7.4",
            Self::Release14 => "SSH-2.0-OpenSSH_7.6",
            Self::Release15 | Self::Release15Su3 => "SSH-2.0-OpenSSH_8.0",
        }
    }

    /// The lists.
    pub fn preferred(self) -> Preferred {
        let old_kex = [kex::DH_GEX_SHA256, kex::DH_GEX_SHA1, kex::DH_G14_SHA1, kex::DH_G1_SHA1];
        let kex: Vec<kex::Name> = match self {
            Self::Release11_5 => old_kex.into(),
            Self::Release12_5 => [
                ECDH.as_slice(),
                &[kex::DH_G14_SHA1, kex::DH_G1_SHA1, kex::DH_GEX_SHA256, kex::DH_GEX_SHA1],
            ]
            .concat(),
            Self::Release14 => {
                [ECDH.as_slice(), &[kex::DH_G14_SHA1, kex::DH_G14_SHA256, kex::DH_G16_SHA512]]
                    .concat()
            }
            // An upgraded 15 keeps what it had; the table of the guide has neither SHA-1 nor ssh-rsa for either.
            Self::Release15 | Self::Release15Su3 => {
                [ECDH.as_slice(), &[kex::DH_G14_SHA256, kex::DH_G16_SHA512]].concat()
            }
            Self::CipherStringDefaults => [
                &[kex::DH_G1_SHA1, kex::DH_G14_SHA1, kex::DH_GEX_SHA1, kex::DH_GEX_SHA256],
                ECDH.as_slice(),
            ]
            .concat(),
        };
        let mac = match self {
            Self::Release11_5 | Self::CipherStringDefaults => vec![mac::HMAC_SHA1],
            Self::Release12_5 => vec![mac::HMAC_SHA256, mac::HMAC_SHA1],
            Self::Release14 => vec![mac::HMAC_SHA256, mac::HMAC_SHA512, mac::HMAC_SHA1],
            Self::Release15 | Self::Release15Su3 => vec![mac::HMAC_SHA256, mac::HMAC_SHA512],
        };
        let cipher = match self {
            Self::Release11_5 => {
                [CTR.as_slice(), &[cipher::AES_128_CBC, cipher::AES_256_CBC]].concat()
            }
            Self::Release12_5
            | Self::Release14
            | Self::Release15
            | Self::Release15Su3
            | Self::CipherStringDefaults => [CTR.as_slice(), GCM.as_slice()].concat(),
        };
        let rsa = |hash| Algorithm::Rsa { hash };
        let key = match self {
            Self::Release11_5 | Self::Release12_5 => vec![rsa(None)],
            Self::Release14 | Self::CipherStringDefaults => {
                vec![rsa(Some(HashAlg::Sha256)), rsa(Some(HashAlg::Sha512)), rsa(None)]
            }
            Self::Release15 | Self::Release15Su3 => {
                vec![rsa(Some(HashAlg::Sha256)), rsa(Some(HashAlg::Sha512))]
            }
        };
        Preferred {
            kex: Cow::Owned(kex),
            key: Cow::Owned(key),
            host_key_certificates: Cow::Borrowed(&[]),
            cipher: Cow::Owned(cipher),
            mac: Cow::Owned(mac),
            compression: Cow::Borrowed(&[compression::NONE]),
        }
    }
}

/// Names in the order of the server; an empty list is the release's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lists {
    /// Key exchange.
    pub kex: Vec<String>,
    /// Message authentication.
    pub mac: Vec<String>,
    /// Ciphers.
    pub cipher: Vec<String>,
    /// Host key signatures.
    pub host_key: Vec<String>,
}

/// What an administrator has left of a release's lists (OS Administration, Cipher Management).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Lists", into = "Lists")]
pub struct Narrowed(Lists);

impl TryFrom<Lists> for Narrowed {
    type Error = String;

    fn try_from(lists: Lists) -> Result<Self, String> {
        let known = |kind: &str, names: &[String], knows: fn(&str) -> bool| match names
            .iter()
            .find(|name| !knows(name))
        {
            Some(name) => Err(format!("'{name}' is no {kind} that can be configured")),
            None => Ok(()),
        };
        known("key exchange", &lists.kex, |name| kex::Name::try_from(name).is_ok())?;
        known("MAC", &lists.mac, |name| mac::Name::try_from(name).is_ok())?;
        known("cipher", &lists.cipher, |name| cipher::Name::try_from(name).is_ok())?;
        known("host key algorithm", &lists.host_key, |name| name.parse::<Algorithm>().is_ok())?;
        Ok(Self(lists))
    }
}

impl From<Narrowed> for Lists {
    fn from(narrowed: Narrowed) -> Self {
        narrowed.0
    }
}

impl Narrowed {
    /// What the server offers in the end.
    pub fn of(&self, profile: Profile) -> Preferred {
        fn list<T: Clone>(
            own: Cow<'static, [T]>,
            names: impl Iterator<Item = T>,
        ) -> Cow<'static, [T]> {
            let left: Vec<T> = names.collect();
            if left.is_empty() { own } else { Cow::Owned(left) }
        }
        let Preferred { kex, key, host_key_certificates, cipher, mac, compression } =
            profile.preferred();
        let Lists { kex: kexes, mac: macs, cipher: ciphers, host_key: keys } = &self.0;
        Preferred {
            kex: list(kex, kexes.iter().filter_map(|name| kex::Name::try_from(name.as_str()).ok())),
            key: list(key, keys.iter().filter_map(|name| name.parse().ok())),
            host_key_certificates,
            cipher: list(
                cipher,
                ciphers.iter().filter_map(|name| cipher::Name::try_from(name.as_str()).ok()),
            ),
            mac: list(mac, macs.iter().filter_map(|name| mac::Name::try_from(name.as_str()).ok())),
            compression,
        }
    }
}
