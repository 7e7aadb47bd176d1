//! Error codes of `capture`, and the sandbox that plays a captured site.

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
];
