//! What a node's TLS side is like: one name for key, certificate, protocol versions and cipher suites together.
//!
//! Sources: facts/axl.md section 19, facts/vos.md section 10.

use std::collections::BTreeMap;

use rustls::{CipherSuite, SupportedProtocolVersion};

/// A profile of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// What the platform makes before 15SU3: self-signed, RSA 2048, CA:TRUE with path length 0.
    #[default]
    SelfSigned,
    /// What it makes from 15SU3: the same with CA:FALSE.
    SelfSigned15su3,
    /// Signed by an intermediate authority, which a root has signed.
    CaSigned,
    /// The same, but the intermediate authority's certificate is not sent along.
    CaSignedAlone,
    /// Signed likewise, for another name than the node's.
    CaSignedWrongName,
    /// Self-signed with an ECDSA key, as `tomcat-ECDSA`.
    Ecdsa,
    /// Self-signed, its time is over.
    Expired,
    /// Self-signed, its time has not come.
    NotYetValid,
    /// Self-signed for another name than the node's.
    WrongName,
    /// TLS 1.2 with this suite alone.
    OneSuite(CipherSuite),
    /// TLS 1.3 alone.
    Tls13,
    /// A server narrowed to RSA key exchange.
    RsaKeyExchangeOnly,
    /// A server that speaks nothing newer than TLS 1.0.
    Tls10Only,
}

/// Every profile with its name.
pub const ALL: [(&str, Profile); 16] = [
    ("self-signed", Profile::SelfSigned),
    ("self-signed-15su3", Profile::SelfSigned15su3),
    ("ca-signed", Profile::CaSigned),
    ("ca-signed-without-intermediate", Profile::CaSignedAlone),
    ("ca-signed-wrong-name", Profile::CaSignedWrongName),
    ("ecdsa", Profile::Ecdsa),
    ("expired", Profile::Expired),
    ("not-yet-valid", Profile::NotYetValid),
    ("wrong-name", Profile::WrongName),
    (
        "tls12-ecdhe-rsa-aes128-gcm-sha256",
        Profile::OneSuite(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    ),
    (
        "tls12-ecdhe-rsa-aes256-gcm-sha384",
        Profile::OneSuite(CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
    ),
    (
        "tls12-ecdhe-ecdsa-aes128-gcm-sha256",
        Profile::OneSuite(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    ),
    (
        "tls12-ecdhe-ecdsa-aes256-gcm-sha384",
        Profile::OneSuite(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    ),
    ("tls13", Profile::Tls13),
    ("rsa-key-exchange-only", Profile::RsaKeyExchangeOnly),
    ("tls10-only", Profile::Tls10Only),
];

impl Profile {
    /// Its name.
    pub fn name(self) -> &'static str {
        ALL.iter().find(|(_, profile)| *profile == self).map_or("self-signed", |(name, _)| name)
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// A sentence that lists the profiles.
    pub fn named(name: &str) -> Result<Self, String> {
        let found = ALL.iter().find(|(own, _)| *own == name).map(|(_, profile)| *profile);
        found.ok_or_else(|| {
            let names = ALL.map(|(name, _)| name).join(", ");
            format!("'{name}' is no TLS profile; there are {names}")
        })
    }

    /// Whether the key is ECDSA, else RSA.
    pub(super) fn ecdsa(self) -> bool {
        let suites = [
            CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        ];
        self == Self::Ecdsa || suites.iter().any(|suite| self == Self::OneSuite(*suite))
    }

    /// Whether an authority signs.
    pub(super) fn ca_signed(self) -> bool {
        matches!(self, Self::CaSigned | Self::CaSignedAlone | Self::CaSignedWrongName)
    }

    /// Days from now until the certificate begins and until it ends.
    pub(super) fn days(self) -> (i64, i64) {
        if self == Self::Expired {
            (-800, -70)
        } else if self == Self::NotYetValid {
            (70, 800)
        } else {
            (-1, 5 * 365)
        }
    }

    /// The name that the certificate is made out to.
    pub(super) fn subject(self, host: &str) -> String {
        if matches!(self, Self::WrongName | Self::CaSignedWrongName) {
            "another-node.example.com".to_owned()
        } else {
            host.to_owned()
        }
    }

    /// Protocol versions that are spoken.
    pub(super) fn versions(self) -> Vec<&'static SupportedProtocolVersion> {
        let mut versions = Vec::new();
        if !matches!(self, Self::OneSuite(_)) {
            versions.push(&rustls::version::TLS13);
        }
        if self != Self::Tls13 {
            versions.push(&rustls::version::TLS12);
        }
        versions
    }
}

/// The profiles of a cluster: one for all nodes, and those of single ones.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    all: Profile,
    nodes: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads `NAME` and `NODE=NAME`.
    ///
    /// # Errors
    /// A sentence that lists the profiles.
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut profiles = Self::default();
        for word in words {
            match word.split_once('=') {
                Some((node, name)) => {
                    profiles.nodes.insert(node.to_owned(), Profile::named(name)?);
                }
                None => profiles.all = Profile::named(word)?,
            }
        }
        Ok(profiles)
    }

    /// The profile of this node.
    pub fn of(&self, host: &str) -> Profile {
        self.nodes.get(host).copied().unwrap_or(self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Profile, Profiles};

    #[test]
    fn profiles_are_read_for_all_nodes_and_for_one() {
        let words = ["ecdsa".to_owned(), "fin-b.example.com=tls10-only".to_owned()];
        let profiles = Profiles::read(&words).unwrap();
        assert_eq!(profiles.of("fin-a.example.com"), Profile::Ecdsa);
        assert_eq!(profiles.of("fin-b.example.com"), Profile::Tls10Only);
        assert!(Profiles::read(&["other".to_owned()]).unwrap_err().contains("tls13"));
        for (name, profile) in ALL {
            assert_eq!(profile.name(), name);
        }
    }
}
