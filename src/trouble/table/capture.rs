//! Error codes of `capture`, the sandbox that plays a captured site, and `export`.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "capture-folder-used",
        subject: "capture",
        outcomes: &[Usage],
        title: "The folder of the capture is not empty",
        why: "A capture never mixes with what was there before.",
        next: "Name another folder with `--out`, or empty this one.",
    },
    ErrorCode {
        code: "capture-unwritable",
        subject: "capture",
        outcomes: &[Failed],
        title: "The capture cannot be written",
        why: "The disk is full, or the folder may not be written.",
        next: "Make room or name another folder with `--out`, then run again.",
    },
    ErrorCode {
        code: "capture-unusable",
        subject: "capture",
        outcomes: &[Usage],
        title: "The capture cannot be loaded",
        why: "The folder is not a capture of this form, a file is missing or was changed, or it \
              does not say what is needed.",
        next: "Capture again with `ippactl capture`, and leave the folder as it is.",
    },
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
