//! Error codes of the sandbox.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "sandbox-absent",
        subject: "sandbox",
        outcomes: &[Usage],
        title: "This build has no sandbox",
        why: "It was built without the feature `sandbox`.",
        next: "Build with the default features.",
    },
    ErrorCode {
        code: "sandbox-start-failed",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "The sandbox cannot be started",
        why: "The address is not one of this machine, or no port is free there.",
        next: "Check the address.",
    },
    ErrorCode {
        code: "sandbox-answer-unknown",
        subject: "sandbox",
        outcomes: &[Usage],
        title: "The sandbox has no such answer",
        why: "The question or the answer of `--answer` does not exist.",
        next: "Take one of those that the reason lists.",
    },
    ErrorCode {
        code: "sandbox-state-unusable",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "The sandbox's state cannot be used",
        why: "The file is no state of a sandbox, is damaged, or cannot be written.",
        next: "Name another file, or delete this one to begin with a fresh cluster.",
    },
    ErrorCode {
        code: "sandbox-certificate-failed",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "The sandbox has no usable certificate",
        why: "A certificate could not be made, or the state file holds a broken one.",
        next: "Delete the sandbox's state file, or name another one.",
    },
    ErrorCode {
        code: "sandbox-host-key-failed",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "The sandbox has no SSH host key",
        why: "A key could not be made, or the state file holds a broken one.",
        next: "Delete the sandbox's state file, or name another one.",
    },
    ErrorCode {
        code: "sandbox-record-failed",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "Exchanges cannot be recorded",
        why: "The folder for them cannot be made.",
        next: "Name a folder that can be written.",
    },
    ErrorCode {
        code: "sandbox-operator",
        subject: "sandbox",
        outcomes: &[Failed],
        title: "The sandbox's administrator could not do an operator step",
        why: "The sandbox does by itself what a person would do, and its cluster refused.",
        next: "Look at the reason: on a real cluster a person would meet the same.",
    },
];
