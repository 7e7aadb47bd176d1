//! Names that are looked up: in the state folder, and in the playbook of the line.

use std::collections::BTreeSet;

use clap_complete::engine::CompletionCandidate;

use crate::cli::connect::{files, host_keys, pins};
use crate::playbook::{AgentRow, Cell};

use super::line::Line;
use super::source::told;

/// Runs, the newest first, by the names of their journals.
pub(super) fn runs(line: &Line) -> Vec<CompletionCandidate> {
    let Some(state) = line.state_folder() else { return Vec::new() };
    let mut runs = Vec::new();
    for folder in files::folders_in(&state) {
        let journals = files::names_in(&state.join(&folder).join("runs")).into_iter();
        let names = journals.filter_map(|name| Some(name.strip_suffix(".jsonl")?.to_owned()));
        runs.extend(names.map(|name| (name, folder.clone())));
    }
    runs.sort_by(|one, other| other.cmp(one));
    let ordered = runs.into_iter().enumerate();
    ordered.map(|(at, (run, of))| told(run, of).display_order(Some(at))).collect()
}

/// Both halves of the folders `DEPLOYMENT@PUBLISHER`.
fn known(line: &Line) -> BTreeSet<(String, String)> {
    let folders = line.state_folder().map(|state| files::folders_in(&state)).unwrap_or_default();
    let halves = folders.iter().filter_map(|folder| folder.split_once('@'));
    halves.map(|(name, publisher)| (name.to_owned(), publisher.to_owned())).collect()
}

/// Deployments that ippactl remembers.
pub(super) fn deployments(line: &Line) -> Vec<CompletionCandidate> {
    known(line).into_iter().map(|(name, publisher)| told(name, publisher)).collect()
}

/// Publishers that ippactl remembers; of an IPv6 address the folder does not tell how it is written.
pub(super) fn publishers(line: &Line) -> Vec<CompletionCandidate> {
    let known = known(line).into_iter().filter(|(_, publisher)| !publisher.contains('_'));
    known.map(|(name, publisher)| told(publisher, name)).collect()
}

/// Servers whose certificate or host key was accepted, and those of the playbook.
pub(super) fn servers(line: &Line) -> Vec<CompletionCandidate> {
    let mut servers = BTreeSet::new();
    if let Some(state) = line.state_folder() {
        servers.extend(pins::accepted(&state).into_iter().flatten().map(|(server, _)| server));
        servers.extend(host_keys::accepted(&state).into_iter().flatten().map(|(server, _)| server));
    }
    if let Some(deployment) = line.deployment() {
        servers.insert(deployment.cucm.publisher);
        servers.insert(deployment.finesse.primary.api);
        servers.extend(deployment.finesse.secondary.map(|node| node.api));
    }
    servers.into_iter().map(|server| CompletionCandidate::new(server.to_string())).collect()
}

/// A name of each row, with what else the row says.
fn of_rows(
    line: &Line,
    name: impl Fn(&AgentRow) -> Option<&str>,
    meaning: impl Fn(&AgentRow) -> String,
) -> Vec<CompletionCandidate> {
    let Some(deployment) = line.deployment() else { return Vec::new() };
    let mut known = BTreeSet::new();
    let rows = deployment.agents.rows.iter();
    let named = rows.filter_map(|row| Some((name(row)?, row)));
    named
        .filter(|(name, _)| known.insert((*name).to_owned()))
        .map(|(name, row)| told(name, meaning(row)))
        .collect()
}

fn agent(row: &AgentRow) -> String {
    match value(&row.id) {
        Some(id) => format!("agent {id}"),
        None => row.user.as_deref().unwrap_or_default().to_owned(),
    }
}

fn place(row: &AgentRow) -> String {
    row.device.as_deref().or(row.device_profile.as_deref()).unwrap_or_default().to_owned()
}

fn value(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Value(value) => Some(value),
        Cell::Empty | Cell::Keep => None,
    }
}

/// Phones of the roster.
pub(super) fn devices(line: &Line) -> Vec<CompletionCandidate> {
    of_rows(line, |row| row.device.as_deref(), agent)
}

/// Device profiles of the roster.
pub(super) fn profiles(line: &Line) -> Vec<CompletionCandidate> {
    of_rows(line, |row| row.device_profile.as_deref(), agent)
}

/// Agents of the roster.
pub(super) fn agents(line: &Line) -> Vec<CompletionCandidate> {
    of_rows(line, |row| value(&row.id), place)
}

/// End users of the roster.
pub(super) fn users(line: &Line) -> Vec<CompletionCandidate> {
    of_rows(line, |row| row.user.as_deref(), place)
}
