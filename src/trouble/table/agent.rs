//! Error codes of the calls that an agent makes.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Refused, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "agent-signed-in",
        subject: "agent",
        outcomes: &[Refused],
        title: "Somebody is signed in as this agent",
        why: "Finesse says that the agent is signed in, and it was not this tool that did it: whoever works there would be \
              moved, signed out or cut off.",
        next: "Ask the agent first. `--disturb` does it all the same.",
    },
    ErrorCode {
        code: "agent-not-known",
        subject: "agent",
        outcomes: &[Failed],
        title: "Finesse does not know this agent",
        why: "There is no user of this id; on UCCX it is the agent's id, on UCCE the peripheral number or the login name.",
        next: "Check the id of `--agent`.",
    },
    ErrorCode {
        code: "agent-signed-out",
        subject: "agent",
        outcomes: &[Failed],
        title: "The agent is not signed in",
        why: "A state or a call can be asked of an agent who is signed in alone. Nothing was sent.",
        next: "Sign in first: `ippactl agent login`.",
    },
    ErrorCode {
        code: "agent-password-refused",
        subject: "agent",
        outcomes: &[Denied],
        title: "Finesse refuses the agent's password",
        why: "It is wrong, the agent is locked, or signs in by SSO: then there is no password. It was tried once.",
        next: "Give the agent's own password and not an administrator's. For SSO: `ippactl sso login`, then --bearer. Wait 5 \
               minutes after five wrong ones: each further try begins them anew.",
    },
    ErrorCode {
        code: "agent-refused",
        subject: "agent",
        outcomes: &[Failed],
        title: "Finesse refuses what was asked for",
        why: "The agent's state does not allow it, a reason code is wanted, or the extension is wrong. The reason is \
              Finesse's own.",
        next: "Look at `ippactl agent state`; give `--reason` where reason codes are set up.",
    },
    ErrorCode {
        code: "agent-reason-unknown",
        subject: "agent",
        outcomes: &[Usage],
        title: "That is no reason code of this agent",
        why: "The agent's list has no reason of this label or id, or several of one label. Nothing was changed.",
        next: "Give one of the labels that the message lists, or the id behind it.",
    },
    ErrorCode {
        code: "agent-no-call",
        subject: "agent",
        outcomes: &[Failed],
        title: "There is no such call",
        why: "The agent has no call of this id, or none that waits to be answered.",
        next: "Look at `ippactl agent dialogs`.",
    },
    ErrorCode {
        code: "agent-call-unclear",
        subject: "agent",
        outcomes: &[Usage],
        title: "Several calls could be meant",
        why: "The agent has more than one call that this could be done with. Nothing was done.",
        next: "Name one with `--dialog`.",
    },
];
