//! `trust remove`: forgets what was accepted for a server, its certificate and its host key. The next meeting asks again.

use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::playbook::diagnostic::nearest;
use crate::report::trust::{TrustTold, Trusted};
use crate::trouble::Trouble;

use super::super::args::Global;
use super::super::connect::{self, host_keys, pins};
use super::list::{accepted, entry};

/// Forgets it, and shows what was forgotten.
pub(super) fn remove(global: &Global, server: &Endpoint) -> Result<(String, TrustTold), Trouble> {
    let folder = connect::state_folder(global.state_dir.as_deref())?;
    let (certificates, keys) = (pins::book(&folder), host_keys::book(&folder));
    // Both are read before either is written.
    let (known_certificates, known_keys) =
        (pins::accepted(&folder)?, host_keys::accepted(&folder)?);
    let mut trusted = Vec::new();
    for print in certificates.remove(known_certificates, server)? {
        trusted.push(entry("certificate", server, print, &certificates));
    }
    for print in keys.remove(known_keys, server)? {
        trusted.push(entry("host key", server, print, &keys));
    }
    if trusted.is_empty() {
        let known = accepted(&folder)?;
        let names: Vec<&str> = known.iter().filter_map(|entry| entry.server.as_deref()).collect();
        let list =
            "`ippactl trust list` shows what was; what a playbook pins stands in the playbook";
        let next = match nearest(&server.to_string(), &names) {
            Some(near) => format!("did you mean {near}? {list}"),
            None => list.to_owned(),
        };
        let what = format!("Nothing was accepted for {server}");
        return Err(Trouble::new("trust-unknown", Outcome::Usage, what)
            .at(folder.display().to_string())
            .then(next));
    }
    let trusted = Trusted { trusted, removed: true };
    let text = format!("forgotten:\n{}the next meeting asks again\n", trusted.text());
    Ok((text, TrustTold::Listed(trusted)))
}
