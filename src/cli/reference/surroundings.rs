//! What a manual page says beside the command line: environment, files, and pages that belong together.

use super::Page;

/// What `ippactl`(1) says first.
pub const DESCRIPTION: &[&str] = &[
    "One file, the playbook, says what a deployment has to be: the application user that Finesse pushes screens with, the two \
     phone services, the subscriptions of every phone with their values, the settings of phones and of Finesse, certificates, \
     and the restarts that they need, in order. `ippactl plan` shows what would change, `ippactl apply` does it and reads \
     everything again, and `ippactl verify` proves any day after, with a read-only account, that it is still so. Nothing else \
     is touched.",
    "`--sandbox` runs any command against an embedded cluster: no CUCM and no Finesse is needed to try it.",
    "The result is on standard output, everything else on standard error; `--output json` gives one JSON document, also on \
     failure.",
];

const PLAYBOOK: (&str, &str) =
    ("IPPACTL_PLAYBOOK", "The playbook of a command that does one part, where none is named.");

const STATE: [(&str, &str); 3] = [
    (
        "XDG_STATE_HOME",
        "The state folder is `ippactl` in it, where `--state-dir` does not say another.",
    ),
    (
        "HOME",
        "Without XDG_STATE_HOME the state folder is `.local/state/ippactl` in it; `.ssh/known_hosts` is read.",
    ),
    ("LOCALAPPDATA", "On Windows the state folder is `ippactl` in it."),
];

const NETWORK: [(&str, &str); 5] = [
    ("HTTPS_PROXY", "A proxy for HTTPS; not used with `--connect-to` or `--sandbox`."),
    ("ALL_PROXY", "The same, where HTTPS_PROXY is not set."),
    ("NO_PROXY", "Hosts that are spoken to without a proxy."),
    ("SSL_CERT_FILE", "Certificates of authorities that are trusted in place of the system's."),
    ("SSL_CERT_DIR", "The same, as a folder."),
];

const PASSWORDS: [(&str, &str); 4] = [
    ("AXL_PASSWORD", "The password of `--axl-user`, where no place is named."),
    ("FINESSE_PASSWORD", "The password of `--finesse-user`, where no place is named."),
    ("FINESSE_OS_PASSWORD", "The password of `--finesse-os-user`, where no place is named."),
    ("CUCM_OS_PASSWORD", "The password of `--cucm-os-user`, where no place is named."),
];

const IPPA_PASSWORD: (&str, &str) =
    ("IPPA_PASSWORD", "The password of `--app-user`, where no place is named.");

const NO_COLOR: (&str, &str) = ("NO_COLOR", "Set and not empty: no colours.");

const TOKEN: [(&str, &str); 2] = [
    ("IPPACTL_SSO_TOKEN", "Set for the command: the agent's token."),
    (
        "IPPACTL_SSO_TOKEN_FD",
        "Set for the command with `--fd`: the number of the pipe that has the token.",
    ),
];

/// Commands that speak to nobody and remember nothing.
const ALONE: [&str; 7] = ["validate", "explain", "schema", "completions", "man", "login", "logout"];

/// The flag is one of the command's.
fn takes(page: &Page, flag: &str) -> bool {
    let mut items = page.groups.iter().flat_map(|(_, items)| items);
    items.any(|item| item.spelling.split_whitespace().any(|word| word == flag))
}

fn is_alone(page: &Page) -> bool {
    page.words.get(1).is_some_and(|word| ALONE.contains(&word.as_str()))
}

/// Variables that the command reads.
pub fn environment(page: &Page) -> Vec<(&'static str, &'static str)> {
    let mut read = Vec::new();
    let is_root = page.words.len() == 1;
    let takes_playbook = page.arguments.iter().any(|item| item.help.contains("IPPACTL_PLAYBOOK"));
    if is_root || takes_playbook {
        read.push(PLAYBOOK);
    }
    if is_root || takes(page, "--axl-user") {
        read.extend(PASSWORDS);
    }
    if is_root || takes(page, "--app-user-password") {
        read.push(IPPA_PASSWORD);
    }
    if page.words.last().is_some_and(|word| word == "exec") {
        read.extend(TOKEN);
    }
    if is_root || page.commands.is_empty() && !is_alone(page) {
        read.extend(STATE);
    }
    if is_root {
        read.extend(NETWORK);
        read.push(NO_COLOR);
    }
    read
}

/// Files beside those that are named.
pub fn files(page: &Page) -> Vec<(&'static str, &'static str)> {
    let is_root = page.words.len() == 1;
    let mut files = Vec::new();
    if is_root || takes(page, "--waivers") {
        files.push((
            "NAME.waivers.yaml",
            "Beside the playbook NAME.yaml: findings that somebody answers for.",
        ));
    }
    if is_root {
        files.push((
            "$XDG_STATE_HOME/ippactl, ~/.local/state/ippactl",
            "The state folder: for each deployment its journals (`runs`), what is owed and attested; certificates and host keys \
             that were accepted at a terminal; tokens of agents who sign in by SSO. Readable by its owner alone.",
        ));
        files.push((
            "~/.ssh/known_hosts",
            "Host keys of platform shells, where the playbook names no file of its own.",
        ));
    }
    files
}

/// Pages that belong to a command.
pub fn related(page: &Page) -> &'static [&'static str] {
    match page.words.get(1).map(String::as_str).unwrap_or_default() {
        "init" => &["export", "validate", "schema"],
        "validate" => &["plan", "explain", "schema"],
        "plan" => &["validate", "apply", "verify"],
        "apply" => &["plan", "verify", "undo", "runs"],
        "undo" => &["runs", "apply"],
        "remove" => &["plan", "undo"],
        "runs" => &["undo", "apply"],
        "verify" => &["plan", "report", "explain", "doctor"],
        "doctor" => &["verify", "trust", "explain"],
        "capture" => &["sandbox"],
        "sandbox" => &["capture"],
        "export" => &["init", "plan"],
        "explain" => &["verify", "validate"],
        "login" | "logout" => &["login", "logout", "config-explain"],
        "sso" => &["agent"],
        "agent" => &["sso"],
        "report" => &["verify", "schema"],
        "schema" => &["validate", "report"],
        "app-user" | "phone-settings" | "phone-service" | "subscribe" | "unsubscribe"
        | "self-care" | "certificates" | "finesse-settings" | "restart" => &["apply", "undo"],
        _ => &[],
    }
}
