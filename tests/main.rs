//! All integration tests, in one binary: linking once is most of what a second one would cost.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "outside #[test] bodies too, a test stops at the first thing it did not expect"
)]

mod source;
mod rules;
mod tidy;
mod docs;
mod generated;
mod playbook_schema;
mod dependencies;
mod portability;
mod explained;
mod facts;
mod coverage;
mod lab;
#[cfg(unix)]
mod blocks;
#[cfg(unix)]
mod pty;
mod console;
mod ssh_algorithms;
mod transcripts;
mod provisioning;
mod undo;
mod remove;
mod shown;
mod one_shot;
mod canary;
mod evidence;
mod phone_settings;
mod restarts;
mod certificates;
mod shell_answers;
mod finesse_settings;
mod interruption;
mod secrets;
mod escapes;
mod hostile;
mod keyring;
#[cfg(unix)]
mod prompts;
#[cfg(unix)]
mod tour;
#[cfg(unix)]
mod init;
mod tls;
mod wire;
mod wire_faults;
mod wire_writes;
mod wire_finesse;
mod capture;
mod capture_folder;
mod trouble;
mod open_questions;
mod verdicts;
mod many;
mod checks;
mod doctor;
mod export;
mod reports;
mod sandbox_load;
mod settings;
mod sso;
