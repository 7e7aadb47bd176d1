//! Which host keys are trusted: `known_hosts` files, and fingerprints that a person accepted per endpoint.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use russh::keys::{HashAlg, PublicKey};

use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// What is trusted. Cheap to clone; give the text of files, reading them is the caller's business.
#[derive(Debug, Clone, Default)]
pub struct HostKeys {
    entries: Arc<Vec<Entry>>,
    accepted: BTreeMap<Endpoint, Vec<String>>,
}

#[derive(Debug)]
struct Entry {
    /// `file:line`.
    at: String,
    revoked: bool,
    hosts: String,
    algorithm: String,
    key: Vec<u8>,
}

/// A host key that is not trusted, with all that is needed to ask a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKeyRejection {
    /// The endpoint as the playbook names it.
    pub endpoint: Endpoint,
    /// Algorithm of the key, e.g. `ssh-rsa`.
    pub algorithm: String,
    /// `SHA256:` and 43 characters, as OpenSSH shows it.
    pub fingerprint: String,
    /// The line to add to a `known_hosts` file.
    pub known_hosts_line: String,
    /// Why it is not trusted.
    pub reason: HostKeyReason,
}

/// Why a host key is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKeyReason {
    /// Never seen. `others`: where keys of other algorithms are known for this host.
    Unknown {
        /// `file:line (algorithm)`.
        others: Vec<String>,
    },
    /// Another one is known.
    Changed {
        /// `file:line`, or that it is an accepted fingerprint.
        at: String,
    },
    /// Marked as revoked.
    Revoked {
        /// `file:line`.
        at: String,
    },
}

impl HostKeys {
    /// Trust from `known_hosts` files (name and text, in order) and fingerprints (`SHA256:…`) accepted per endpoint.
    /// Lines that are not understood are skipped, as OpenSSH does.
    pub fn new(files: &[(String, String)], accepted: BTreeMap<Endpoint, Vec<String>>) -> Self {
        let mut entries = Vec::new();
        for (file, text) in files {
            for (index, line) in text.lines().enumerate() {
                entries.extend(Entry::read(line, format!("{file}:{}", index + 1)));
            }
        }
        Self { entries: Arc::new(entries), accepted }
    }

    /// The same with one more fingerprint, for example one just accepted at a terminal.
    #[must_use]
    pub fn with_accepted(mut self, endpoint: Endpoint, fingerprint: impl Into<String>) -> Self {
        self.accepted.entry(endpoint).or_default().push(fingerprint.into());
        self
    }

    /// Algorithms of the keys known for this endpoint: the node is asked for one of these first.
    pub(super) fn algorithms(&self, endpoint: &Endpoint) -> Vec<&str> {
        let name = host_name(endpoint);
        let known = self.entries.iter().filter(|entry| !entry.revoked && entry.names(&name));
        known.map(|entry| entry.algorithm.as_str()).collect()
    }

    pub(super) fn judge(
        &self,
        endpoint: &Endpoint,
        key: &PublicKey,
    ) -> Result<(), Box<HostKeyRejection>> {
        let algorithm = key.algorithm().as_str().to_owned();
        let blob = key.to_bytes().unwrap_or_default();
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let name = host_name(endpoint);
        let known: Vec<&Entry> = self.entries.iter().filter(|entry| entry.names(&name)).collect();
        let accepted = self.accepted.get(endpoint).map_or(&[][..], Vec::as_slice);
        let plain = |text: &str| text.trim().trim_end_matches('=').to_owned();

        let reason = if let Some(revoked) = known.iter().find(|e| e.revoked && e.key == blob) {
            HostKeyReason::Revoked { at: revoked.at.clone() }
        } else if known.iter().any(|entry| entry.key == blob)
            || accepted.iter().any(|known| plain(known) == plain(&fingerprint))
        {
            return Ok(());
        } else if let Some(other) = known.iter().find(|e| !e.revoked && e.algorithm == algorithm) {
            HostKeyReason::Changed { at: other.at.clone() }
        } else if accepted.is_empty() {
            let others = known.iter().filter(|entry| !entry.revoked);
            HostKeyReason::Unknown {
                others: others.map(|entry| format!("{} ({})", entry.at, entry.algorithm)).collect(),
            }
        } else {
            HostKeyReason::Changed { at: "the fingerprints accepted earlier".to_owned() }
        };
        Err(Box::new(HostKeyRejection {
            endpoint: endpoint.clone(),
            known_hosts_line: format!("{name} {algorithm} {}", STANDARD.encode(&blob)),
            algorithm,
            fingerprint,
            reason,
        }))
    }
}

/// As `known_hosts` writes it: the bare name for port 22, else `[name]:port`.
fn host_name(endpoint: &Endpoint) -> String {
    if endpoint.port == 22 {
        endpoint.host.clone()
    } else {
        format!("[{}]:{}", endpoint.host, endpoint.port)
    }
}

impl Entry {
    fn read(line: &str, at: String) -> Option<Self> {
        let mut words = line.split_whitespace();
        let mut hosts = words.next().filter(|word| !word.starts_with('#'))?;
        let mut revoked = false;
        if hosts.starts_with('@') {
            // a key of an authority vouches for certificates, which these nodes do not have
            revoked = hosts == "@revoked";
            hosts = words.next().filter(|_| revoked)?;
        }
        let (algorithm, key) = (words.next()?, words.next()?);
        let key = STANDARD.decode(key).ok()?;
        Some(Self { at, revoked, hosts: hosts.to_owned(), algorithm: algorithm.to_owned(), key })
    }

    fn names(&self, host: &str) -> bool {
        let mut named = false;
        for pattern in self.hosts.split(',') {
            match pattern.strip_prefix('!') {
                Some(pattern) if wild(pattern, host) => return false,
                Some(_) => {}
                None => named = named || hashed(pattern, host) || wild(pattern, host),
            }
        }
        named
    }
}

/// `|1|salt|hash`: an HMAC of the name, so that the file does not tell which hosts are known.
fn hashed(pattern: &str, host: &str) -> bool {
    let Some((salt, hash)) = pattern.strip_prefix("|1|").and_then(|rest| rest.split_once('|'))
    else {
        return false;
    };
    let (Ok(salt), Ok(hash)) = (STANDARD.decode(salt), STANDARD.decode(hash)) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &salt);
    hmac::verify(&key, host.as_bytes(), &hash).is_ok()
}

/// `*` stands for any characters, `?` for one; case does not count.
fn wild(pattern: &str, host: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let host: Vec<char> = host.to_lowercase().chars().collect();
    // one row of a table: which beginnings of the host the pattern so far can be
    let mut row = vec![false; host.len() + 1];
    row[0] = true;
    for sign in pattern {
        if sign == '*' {
            for at in 1..row.len() {
                row[at] = row[at] || row[at - 1];
            }
        } else {
            for at in (1..row.len()).rev() {
                row[at] = row[at - 1] && (sign == '?' || sign == host[at - 1]);
            }
            row[0] = false;
        }
    }
    row[host.len()]
}

impl fmt::Display for HostKeyRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, algorithm, fingerprint, .. } = self;
        let state = match &self.reason {
            HostKeyReason::Unknown { .. } => "is unknown",
            HostKeyReason::Changed { .. } => "has changed",
            HostKeyReason::Revoked { .. } => "is revoked",
        };
        write!(f, "the host key of {endpoint} {state}: {algorithm} {fingerprint}")
    }
}

impl std::error::Error for HostKeyRejection {}

impl HostKeyRejection {
    /// Whether a person may be asked to accept it: only what was never seen.
    pub fn can_be_accepted(&self) -> bool {
        matches!(self.reason, HostKeyReason::Unknown { .. })
    }

    /// As every layer reports it: refused (5) when unknown, failed (1) when another one is known.
    pub fn trouble(&self) -> Trouble {
        let shown = format!("it shows {} {}", self.algorithm, self.fingerprint);
        let (trouble, next) = match &self.reason {
            HostKeyReason::Unknown { others } => {
                let mut why = shown;
                if !others.is_empty() {
                    why =
                        format!("{why}; keys of other algorithms are known: {}", others.join(", "));
                }
                let what = "the node's host key is not known";
                (
                    Trouble::new("host-key-unknown", Outcome::Refused, what).because(why),
                    format!(
                        "compare the fingerprint with the node's, then add to the known hosts: {}",
                        self.known_hosts_line
                    ),
                )
            }
            HostKeyReason::Changed { at } => {
                let what = "the node shows another host key than the known one";
                (
                    Trouble::new("host-key-changed", Outcome::Failed, what)
                        .because(format!("{shown}; another one is in {at}")),
                    format!(
                        "find out whether the node was installed anew; only then forget the old one: `ippactl trust remove {}` \
                         where it was accepted at a terminal, or in the known hosts: {}",
                        self.endpoint, self.known_hosts_line
                    ),
                )
            }
            HostKeyReason::Revoked { at } => {
                let what = "the node shows a revoked host key";
                (
                    Trouble::new("host-key-changed", Outcome::Failed, what)
                        .because(format!("{shown}; it is marked as revoked in {at}")),
                    "do not connect; give the node a new host key".to_owned(),
                )
            }
        };
        trouble.at(self.endpoint.to_string()).then(next)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use russh::keys::PublicKey;

    use super::{HostKeyReason, HostKeys, wild};
    use crate::outcome::Outcome;
    use crate::playbook::Endpoint;

    const ONE: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const TWO: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILIG2T/B0l0gaqj3puu510tu9N1OkQ4znY3LYuEm5zCF";

    fn node(port: u16) -> Endpoint {
        Endpoint { host: "fin-a.example.com".to_owned(), port }
    }

    fn known(text: &str) -> HostKeys {
        HostKeys::new(&[("hosts".to_owned(), text.to_owned())], BTreeMap::new())
    }

    fn reason(keys: &HostKeys, endpoint: &Endpoint) -> Option<HostKeyReason> {
        let shown = PublicKey::from_openssh(ONE).unwrap();
        keys.judge(endpoint, &shown).err().map(|rejection| rejection.reason)
    }

    #[test]
    fn plain_lines_ports_and_patterns() {
        let unknown = Some(HostKeyReason::Unknown { others: Vec::new() });
        for (line, port, trusted) in [
            (format!("fin-a.example.com {ONE}"), 22, true),
            (format!("fin-a.example.com {ONE}"), 2222, false),
            (format!("[fin-a.example.com]:2222 {ONE} a comment"), 2222, true),
            (format!("[fin-a.example.com]:2222 {ONE}"), 22, false),
            (format!("other,*.example.com {ONE}"), 22, true),
            (format!("!fin-a.*,*.example.com {ONE}"), 22, false),
            (format!("@cert-authority *.example.com {ONE}"), 22, false),
            (format!("# fin-a.example.com {ONE}"), 22, false),
        ] {
            let expected = if trusted { None } else { unknown.clone() };
            assert_eq!(reason(&known(&line), &node(port)), expected, "{line} {port}");
        }
        assert!(wild("a*c?", "abbcd") && !wild("a*c?", "abbc") && wild("*", ""));
    }

    #[test]
    fn hashed_lines_count() {
        use base64::Engine as _;
        let salt = [7_u8; 20];
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &salt);
        let hash = ring::hmac::sign(&key, b"[fin-a.example.com]:2222");
        let text = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let line = format!("|1|{}|{} {ONE}", text(&salt), text(hash.as_ref()));
        assert_eq!(reason(&known(&line), &node(2222)), None);
        assert!(reason(&known(&line), &node(22)).is_some());
        // a line as ssh-keygen writes it
        let line = format!("|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak= {ONE}");
        let example = Endpoint { host: "example.com".to_owned(), port: 22 };
        assert_eq!(reason(&known(&line), &example), None);
    }

    #[test]
    fn a_changed_key_names_file_and_line() {
        let keys = known(&format!("# comment\n\nfin-a.example.com {TWO}\n"));
        let shown = PublicKey::from_openssh(ONE).unwrap();
        let rejection = keys.judge(&node(22), &shown).unwrap_err();
        assert_eq!(rejection.reason, HostKeyReason::Changed { at: "hosts:3".to_owned() });
        let trouble = rejection.trouble();
        assert_eq!((trouble.code, trouble.outcome), ("host-key-changed", Outcome::Failed));
        assert!(trouble.why.contains("hosts:3"), "{}", trouble.why);
        assert!(trouble.next.contains("`ippactl trust remove fin-a.example.com:22`"));
        assert!(!rejection.can_be_accepted());
        let both = known(&format!("fin-a.example.com {TWO}\nfin-a.example.com {ONE}"));
        assert_eq!(reason(&both, &node(22)), None, "one of several is enough");
        let revoked = known(&format!("@revoked * {ONE}\nfin-a.example.com {ONE}"));
        let at = "hosts:1".to_owned();
        assert_eq!(reason(&revoked, &node(22)), Some(HostKeyReason::Revoked { at }));
    }

    #[test]
    fn an_unknown_key_brings_the_line_to_add() {
        let other = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==";
        let keys = known(&format!("[fin-a.example.com]:2222 {other}"));
        let shown = PublicKey::from_openssh(ONE).unwrap();
        let rejection = keys.judge(&node(2222), &shown).unwrap_err();
        assert_eq!(rejection.known_hosts_line, format!("[fin-a.example.com]:2222 {ONE}"));
        assert!(rejection.fingerprint.starts_with("SHA256:"), "{}", rejection.fingerprint);
        let others = vec!["hosts:1 (ssh-rsa)".to_owned()];
        assert_eq!(rejection.reason, HostKeyReason::Unknown { others });
        assert_eq!(keys.algorithms(&node(2222)), ["ssh-rsa"]);
        let trouble = rejection.trouble();
        assert_eq!((trouble.code, trouble.outcome), ("host-key-unknown", Outcome::Refused));
        assert!(trouble.next.contains(&rejection.known_hosts_line));

        let accepted = keys.with_accepted(node(2222), rejection.fingerprint.clone());
        assert_eq!(reason(&accepted, &node(2222)), None);
        let other = known("").with_accepted(node(22), format!("{}x", rejection.fingerprint));
        assert!(matches!(reason(&other, &node(22)), Some(HostKeyReason::Changed { .. })));
    }
}
