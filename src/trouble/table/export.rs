//! Error codes of `export`.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "export-folder-used",
        subject: "export",
        outcomes: &[Usage],
        title: "The folder of the export is not empty",
        why: "An export never mixes with what was there before, and overwrites nothing.",
        next: "Name another folder with `--out`, or empty this one.",
    },
    ErrorCode {
        code: "export-nothing",
        subject: "export",
        outcomes: &[Usage],
        title: "There is no phone service of IP Phone Agent that a playbook could declare",
        why: "No phone service leads to `/fippa/` of a host with a complete name. Those that were \
              found are listed with what is wrong with them.",
        next: "Check the publisher. Where IP Phone Agent is still to be set up, begin with a \
               playbook.",
    },
    ErrorCode {
        code: "export-app-user",
        subject: "export",
        outcomes: &[Usage],
        title: "There is no application user of the id that `--app-user` names",
        why: "It was mistyped, or the user is an end user.",
        next: "Correct the id, or leave the flag out: the user is then chosen by what it controls.",
    },
    ErrorCode {
        code: "export-invalid",
        subject: "export",
        outcomes: &[Failed],
        title: "The estate holds something that makes no playbook",
        why: "What was written would not validate; the reason names the section or row.",
        next: "Correct it on the cluster. Nothing is written until then.",
    },
];
