//! A node's SSH host key: RSA as on the platform, and kept with the state.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{KeypairData, RsaKeypair};
use russh::keys::{HashAlg, PrivateKey, key};

use crate::outcome::Outcome;
use crate::playbook::deployment::Endpoint;
use crate::sandbox::key_folder;
use crate::trouble::Trouble;

const BITS: usize = 2048;

/// A host key's public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKey {
    /// `SHA256:…`, as OpenSSH prints it.
    pub fingerprint: String,
    /// A line for OpenSSH's `known_hosts`, for the name and port that playbooks use.
    pub known_hosts: String,
}

fn trouble(error: impl std::fmt::Display) -> Trouble {
    Trouble::new("sandbox-host-key-failed", Outcome::Failed, "the sandbox has no SSH host key")
        .because(error.to_string())
        .then("delete the sandbox's state file, or name another one")
}

/// The key kept in the state for this endpoint, or in the folder of keys, or a new one; it is then kept.
///
/// # Errors
/// `sandbox-host-key-failed`.
pub fn kept_or_new(
    db: &Connection,
    keys: Option<&Path>,
    endpoint: &Endpoint,
) -> Result<PrivateKey, Trouble> {
    let name = format!("ssh {endpoint}");
    let kept: Option<String> = db
        .query_row("select value from sandbox_keeping where name = ?1", [&name], |row| row.get(0))
        .optional()
        .map_err(trouble)?;
    if let Some(text) = kept {
        return PrivateKey::from_openssh(text).map_err(trouble);
    }
    let text = key_folder::kept_or_new(keys, &name, || {
        let pair = RsaKeypair::random(&mut key::safe_rng(), BITS)?;
        let fresh = PrivateKey::new(KeypairData::Rsa(pair), "sandbox")?;
        Ok(fresh.to_openssh(LineEnding::LF)?.as_str().to_owned())
    })
    .map_err(trouble)?;
    let key = PrivateKey::from_openssh(&text).map_err(trouble)?;
    db.execute("insert into sandbox_keeping (name, value) values (?1, ?2)", params![name, text])
        .map_err(trouble)?;
    Ok(key)
}

/// The public half, for this endpoint.
///
/// # Errors
/// `sandbox-host-key-failed`.
pub fn public(key: &PrivateKey, endpoint: &Endpoint) -> Result<HostKey, Trouble> {
    let mut public = key.public_key().clone();
    public.set_comment("");
    let line = public.to_openssh().map_err(trouble)?;
    let host = match endpoint.port {
        22 => endpoint.host.clone(),
        port => format!("[{}]:{port}", endpoint.host),
    };
    Ok(HostKey {
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
        known_hosts: format!("{host} {}", line.trim_end()),
    })
}
