//! Error codes: the journals of runs, and what takes a run back.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Incomplete, Refused, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "run-unknown",
        subject: "runs",
        outcomes: &[Usage],
        title: "No run, or more than one, is meant",
        why: "The state folder has no such run, several begin with this name, or `undo` was given no name and the newest runs \
              belong to several deployments.",
        next: "Look at `ippactl runs` and give more of the name; --state-dir says where runs are remembered.",
    },
    ErrorCode {
        code: "runs-forgotten",
        subject: "runs",
        outcomes: &[Usage],
        title: "The sandbox of a single command keeps no runs",
        why: "Its cluster and its journals end with the command, so there is nothing to list or take back.",
        next: "Give --sandbox-state FILE to the run and to this command.",
    },
    ErrorCode {
        code: "run-of-another",
        subject: "runs",
        outcomes: &[Refused],
        title: "The playbook is not the one of the run",
        why: "Its deployment or publisher differs from what the journal says: the run would be taken back on a cluster where it \
              was never made.",
        next: "Give the playbook that made the run with --playbook.",
    },
    ErrorCode {
        code: "journal-unreadable",
        subject: "runs",
        outcomes: &[Failed],
        title: "A run's journal cannot be read",
        why: "The file is gone, too large, not readable, or one of its lines is not what ippactl writes.",
        next: "Look at the file and who may read it. What it would have taken back has to be done by hand.",
    },
    ErrorCode {
        code: "nothing-to-retry",
        subject: "runs",
        outcomes: &[Usage],
        title: "The last run left nothing that failed",
        why: "`--retry-failed` does what the newest apply of this deployment could not finish, and its journal names nothing.",
        next: "Run apply without it.",
    },
    ErrorCode {
        code: "canary-failed",
        subject: "runs",
        outcomes: &[Failed, Incomplete],
        title: "One of the first few devices did not end well",
        why: "`--canary` writes to no other device before the first few are as declared.",
        next: "Put the device right and apply again; `undo` takes the first few back.",
    },
    ErrorCode {
        code: "canary-stopped",
        subject: "runs",
        outcomes: &[Refused],
        title: "After the first few devices the answer was no",
        why: "`--canary` asks before it goes on.",
        next: "Look at the first few. Apply again goes on; `undo` takes them back.",
    },
];
