//! The SSH algorithms of each release.
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

    /// What the server calls itself.
    pub fn server_id(self) -> &'static str {
        match self {
            Self::Release11_5 => "SSH-2.0-OpenSSH_5.3",
            Self::Release12_5 | Self::CipherStringDefaults => "SSH-2.0-OpenSSH_7.4",
            Self::Release14 => "SSH-2.0-OpenSSH_7.6",
            Self::Release15 => "SSH-2.0-OpenSSH_8.0",
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
            Self::Release15 => {
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
            Self::Release15 => vec![mac::HMAC_SHA256, mac::HMAC_SHA512],
        };
        let cipher = match self {
            Self::Release11_5 => {
                [CTR.as_slice(), &[cipher::AES_128_CBC, cipher::AES_256_CBC]].concat()
            }
            Self::Release12_5 | Self::Release14 | Self::Release15 | Self::CipherStringDefaults => {
                [CTR.as_slice(), GCM.as_slice()].concat()
            }
        };
        let rsa = |hash| Algorithm::Rsa { hash };
        let key = match self {
            Self::Release11_5 | Self::Release12_5 => vec![rsa(None)],
            Self::Release14 | Self::CipherStringDefaults => {
                vec![rsa(Some(HashAlg::Sha256)), rsa(Some(HashAlg::Sha512)), rsa(None)]
            }
            Self::Release15 => vec![rsa(Some(HashAlg::Sha256)), rsa(Some(HashAlg::Sha512))],
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
