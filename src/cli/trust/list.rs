//! `trust list`: what is trusted, and where each came from. Speaks to nobody.

use std::path::Path;

use crate::clients::tls::fingerprint_text;
use crate::playbook::{Deployment, Endpoint};
use crate::report::trust::{Entry, TrustTold, Trusted};
use crate::trouble::Trouble;

use super::super::Call;
use super::super::connect::accepted::{Accepted, Book};
use super::super::connect::{self, host_keys, pins};
use super::super::endpoint;
use super::super::load::load;
use super::super::way::Failure;

/// Everything that was accepted at a terminal, and what a playbook trusts.
pub(super) fn list(call: &Call, playbook: Option<&str>) -> Result<(String, TrustTold), Failure> {
    let folder = connect::state_folder(call.global.state_dir.as_deref())?;
    let mut trusted = accepted(&folder)?;
    if let Some(file) = playbook {
        let loaded = load(file, call.console.aside.color).map_err(Failure::Invalid)?;
        trusted.extend(declared(&loaded.deployment));
    }
    // What holds for any server comes last.
    trusted.sort_by_key(|entry| (entry.server.is_none(), entry.server.clone(), entry.kind.clone()));
    let trusted = Trusted { trusted, removed: false };
    let text = if trusted.trusted.is_empty() {
        format!("nothing was accepted at a terminal yet ({})\n", folder.display())
    } else {
        trusted.text()
    };
    Ok((text, TrustTold::Listed(trusted)))
}

/// What was accepted at a terminal.
pub(super) fn accepted(folder: &Path) -> Result<Vec<Entry>, Trouble> {
    let certificates = (pins::accepted(folder)?, pins::book(folder), "certificate");
    let keys = (host_keys::accepted(folder)?, host_keys::book(folder), "host key");
    let mut entries = Vec::new();
    for (known, book, kind) in [certificates, keys] {
        for (server, prints) in known {
            entries.extend(prints.into_iter().map(|print| entry(kind, &server, print, &book)));
        }
    }
    Ok(entries)
}

/// A fingerprint of the state folder.
pub(super) fn entry(kind: &str, server: &Endpoint, print: Accepted, book: &Book) -> Entry {
    Entry {
        kind: kind.to_owned(),
        server: Some(server.to_string()),
        what: print.fingerprint,
        from: "terminal".to_owned(),
        place: book.path().display().to_string(),
        accepted: print.when,
    }
}

/// What a playbook trusts: its pins, its files of certificates and its known hosts, else the user's own.
fn declared(deployment: &Deployment) -> Vec<Entry> {
    let entry = |kind: &str, server: Option<String>, what: String, from: &str, place: String| {
        Entry { kind: kind.to_owned(), server, what, from: from.to_owned(), place, accepted: None }
    };
    let place = |server: &Endpoint| {
        let mut below = deployment.places.below("tls.pins");
        let own = below.find(|(name, _)| endpoint::axl(name).as_ref() == Ok(server));
        let place = own.map(|(_, place)| place).or_else(|| deployment.places.at("tls.pins"));
        place.map_or_else(|| deployment.file.to_string(), ToString::to_string)
    };
    let mut entries = Vec::new();
    for (server, prints) in &deployment.tls.pins {
        entries.extend(prints.iter().map(|print| {
            let (server, place) = (Some(server.to_string()), place(server));
            entry("certificate", server, fingerprint_text(print), "playbook", place)
        }));
    }
    for (path, at) in &deployment.tls.ca_files {
        entries.push(entry("authorities", None, path.clone(), "playbook", at.to_string()));
    }
    match (&deployment.ssh.known_hosts, host_keys::own_file().filter(|path| path.exists())) {
        (Some((path, at)), _) => {
            entries.push(entry("known hosts", None, path.clone(), "playbook", at.to_string()));
        }
        (None, Some(path)) => {
            let path = path.display().to_string();
            entries.push(entry("known hosts", None, path.clone(), "user", path));
        }
        (None, None) => {}
    }
    entries
}
