//! Error codes of the platform shell of a node.

use super::ErrorCode;
use crate::outcome::Outcome::{Denied, Failed, Incomplete, Refused};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "platform-unreachable",
        subject: "platform",
        outcomes: &[Failed],
        title: "The platform shell cannot be reached",
        why: "The name, the port or a firewall is in the way, or the node is down. Nothing was \
              sent.",
        next: "Check host name, SSH port 22 and firewall, then run again.",
    },
    ErrorCode {
        code: "platform-no-common-algorithm",
        subject: "platform",
        outcomes: &[Failed],
        title: "The node's SSH has no algorithm in common with ippactl",
        why: "Its cipher management allows only algorithms that ippactl does not speak.",
        next: "Look at OS Administration, Security, Cipher Management on the node; a change \
              needs a reboot.",
    },
    ErrorCode {
        code: "platform-handshake-failed",
        subject: "platform",
        outcomes: &[Failed],
        title: "What answers does not speak SSH as expected",
        why: "Another service has the port, or the connection was cut. No credential was sent.",
        next: "Check address and SSH port of the node.",
    },
    ErrorCode {
        code: "platform-credential-refused",
        subject: "platform",
        outcomes: &[Denied],
        title: "The node refused the platform administrator or the password",
        why: "Either is wrong, or the account is locked, which looks the same. It was tried once \
              and is not tried again.",
        next: "Wait (300 s unless the node has another time), then correct \
              credentials.finesse_platform: the OS administrator, not the application's.",
    },
    ErrorCode {
        code: "platform-sign-in-lost",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "The node ended the connection while it judged the password",
        why: "The try may count, so it is not repeated in this run.",
        next: "Wait 300 s, then run again.",
    },
    ErrorCode {
        code: "platform-sign-in-unsupported",
        subject: "platform",
        outcomes: &[Failed],
        title: "The node takes no password in any way that ippactl knows",
        why: "What answers is perhaps no node of CUCM, Finesse or UCCX.",
        next: "Check the address.",
    },
    ErrorCode {
        code: "platform-sign-in-asks",
        subject: "platform",
        outcomes: &[Denied],
        title: "The node wants more than the password",
        why: "It asks for a new password, for example, because the old one has expired.",
        next: "Sign in by hand once and answer it.",
    },
    ErrorCode {
        code: "platform-no-shell",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "The node gives no interactive shell",
        why: "Too many sessions are open, or the node is busy.",
        next: "Close sessions of this account that are stuck, then run again.",
    },
    ErrorCode {
        code: "platform-no-prompt",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "The prompt of the platform shell was not seen",
        why: "The node is busy, or its prompt counts commands.",
        next: "Run again; if `set commandcount enable` was used on the node, switch it off.",
    },
    ErrorCode {
        code: "platform-question",
        subject: "platform",
        outcomes: &[Failed],
        title: "A command asks something unforeseen",
        why: "Nothing was answered, because an answer could do harm.",
        next: "Run the command by hand, then run again.",
    },
    ErrorCode {
        code: "platform-session-dropped",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "The session ended in the middle",
        why: "The node or the network ended it, so the command may or may not have had its effect.",
        next: "Run again: what is the case now is looked at first.",
    },
    ErrorCode {
        code: "platform-timeout",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "A command of the platform shell did not end in time",
        why: "It may go on at the node.",
        next: "Look at `utils service list` on the node, then run again.",
    },
    ErrorCode {
        code: "platform-output-too-long",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "A command shows more than is read",
        why: "Output is bounded; the session was given up.",
        next: "Run the command by hand and see what it shows.",
    },
    ErrorCode {
        code: "platform-not-recognised",
        subject: "platform",
        outcomes: &[Incomplete],
        title: "What a command shows is not recognised",
        why: "This release words it in another way. Nothing was concluded from it.",
        next: "Judge the output by hand.",
    },
    ErrorCode {
        code: "platform-command-refused",
        subject: "platform",
        outcomes: &[Failed],
        title: "A command cannot be sent",
        why: "A value holds characters that a command line may not have. Nothing was sent.",
        next: "Correct the value that the reason names.",
    },
    ErrorCode {
        code: "platform-credential-missing",
        subject: "platform",
        outcomes: &[Failed],
        title: "A node cannot be restarted without an account",
        why: "The playbook wants a restart and has no credentials.finesse_platform.",
        next: "Add it, or write `finesse_tomcat: never` under restart and restart by hand.",
    },
    ErrorCode {
        code: "host-key-unknown",
        subject: "platform",
        outcomes: &[Refused],
        title: "A node's host key is not known",
        why: "Nobody has said yet that this key is the node's; a password is sent only to a node \
              that is known.",
        next: "Compare the fingerprint with the node's own, then add the line that is shown to \
              the known hosts.",
    },
    ErrorCode {
        code: "host-key-changed",
        subject: "platform",
        outcomes: &[Failed],
        title: "A node shows another host key than the known one",
        why: "The node was installed anew, the key was revoked, or somebody stands between.",
        next: "Find out which; only when the node was installed anew, forget the old one with \
              `ippactl trust remove HOST:PORT`, or replace the entry in the known hosts.",
    },
    ErrorCode {
        code: "host-key-refused",
        subject: "platform",
        outcomes: &[Refused],
        title: "A node's host key is not trusted",
        why: "It is neither in the known hosts nor accepted before.",
        next: "Add the host key to the known hosts.",
    },
];
