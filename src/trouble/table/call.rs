//! Error codes of the call itself: the command line, the run, its files and the machine.

use super::ErrorCode;
use crate::outcome::Outcome::{Failed, Incomplete, Interrupted, Refused, Usage};

/// The rows.
pub(super) const ROWS: &[ErrorCode] = &[
    ErrorCode {
        code: "usage",
        subject: "call",
        outcomes: &[Usage],
        title: "The command line cannot be understood",
        why: "A command, flag or value is unknown, missing, or excludes another one.",
        next: "Look at `ippactl --help`, or at the command's own `--help`.",
    },
    ErrorCode {
        code: "explain-unknown",
        subject: "call",
        outcomes: &[Usage],
        title: "There is no check and no error of this name",
        why: "The word given to `explain` is neither a check nor an error code of this release.",
        next: "Take the word that is suggested, or list all with `ippactl explain`.",
    },
    ErrorCode {
        code: "playbook-unreadable",
        subject: "call",
        outcomes: &[Usage],
        title: "The playbook cannot be read",
        why: "There is no such file, it may not be read, or it is not UTF-8 text.",
        next: "Check the path and the file's permissions.",
    },
    ErrorCode {
        code: "roster-unreadable",
        subject: "call",
        outcomes: &[Usage],
        title: "The roster of the command line cannot be read",
        why: "--roster names no file, it may not be read, or it is not UTF-8 text.",
        next: "Check the path; - stands for standard input.",
    },
    ErrorCode {
        code: "secret-unavailable",
        subject: "call",
        outcomes: &[Usage],
        title: "A secret has no value",
        why: "Its environment variable is not set, its file cannot be read or can be read by \
              others, its command failed, the keyring has nothing of this name, the value is \
              empty, or nobody is there to type it.",
        next: "Provide the secret where the playbook says it is.",
    },
    ErrorCode {
        code: "keyring-unusable",
        subject: "call",
        outcomes: &[Failed],
        title: "The keyring cannot be used",
        why: "The system's keyring is locked, forbidden to this session (a container often may not \
              use the kernel's), or refuses what it is given.",
        next: "Open it, or name another place for the secret: env, file, command or prompt.",
    },
    ErrorCode {
        code: "keyring-absent",
        subject: "call",
        outcomes: &[Usage],
        title: "There is no keyring",
        why: "This build was made without the feature `keyring`, or this system has none that is \
              known.",
        next: "Build with default features, or name another place for the secret: env, file, \
               command or prompt.",
    },
    ErrorCode {
        code: "agent-passwords-invalid",
        subject: "call",
        outcomes: &[Usage],
        title: "The agents' passwords cannot be used",
        why: "The file or the command's output cannot be read, or it is not a table with the \
              columns id and password.",
        next: "Correct the rows that are named, then run again.",
    },
    ErrorCode {
        code: "agent-password-missing",
        subject: "call",
        outcomes: &[Usage],
        title: "An agent has no password",
        why: "The administrator fills in passwords, and what stands behind agents.passwords has \
              no row for this agent.",
        next: "Add the agent there, or let agents type their passwords.",
    },
    ErrorCode {
        code: "subscription-value-limits",
        subject: "call",
        outcomes: &[Usage],
        title: "A value makes a subscribed URL too long",
        why: "CUCM takes URLs of up to 512 characters; outside letters, digits and `-._~` a \
              character counts three times.",
        next: "Choose shorter values, or let one be typed at sign-in.",
    },
    ErrorCode {
        code: "known-hosts-unusable",
        subject: "call",
        outcomes: &[Usage],
        title: "The file of known hosts cannot be read",
        why: "The playbook names a file under ssh.known_hosts that is not there or may not be \
              read.",
        next: "Correct ssh.known_hosts, or leave it out.",
    },
    ErrorCode {
        code: "ca-file-unusable",
        subject: "call",
        outcomes: &[Usage],
        title: "A file of certificate authorities cannot be used",
        why: "A file under tls.ca_files cannot be read, or holds no PEM certificate.",
        next: "Name a file with PEM certificates.",
    },
    ErrorCode {
        code: "state-folder-unknown",
        subject: "call",
        outcomes: &[Usage],
        title: "There is no folder to remember runs in",
        why: "No state folder was given, and the environment names no home.",
        next: "Give `--state-dir`, or set XDG_STATE_HOME or HOME (on Windows LOCALAPPDATA).",
    },
    ErrorCode {
        code: "state-not-written",
        subject: "call",
        outcomes: &[Failed],
        title: "The state folder cannot be written",
        why: "The disk is full, or the folder belongs to somebody else. What is owed and who did \
              what would be forgotten.",
        next: "Make room or give access, then run again.",
    },
    ErrorCode {
        code: "locked",
        subject: "call",
        outcomes: &[Refused],
        title: "Another apply of this deployment is running",
        why: "One apply at a time may write; the state folder's lock is taken.",
        next: "Wait until the other one has ended. A lock does not outlive its process.",
    },
    ErrorCode {
        code: "trust-unknown",
        subject: "call",
        outcomes: &[Usage],
        title: "Nothing was accepted for this server",
        why: "The state folder holds no certificate and no host key of it that was accepted at a \
              terminal; what a playbook pins stands in the playbook.",
        next: "Look at `ippactl trust list`, and at --state-dir.",
    },
    ErrorCode {
        code: "pins-unreadable",
        subject: "call",
        outcomes: &[Failed],
        title: "The accepted certificates cannot be read",
        why: "`pins.json` of the state folder is damaged or may not be read.",
        next: "Repair or remove the file; the certificates are then asked for again.",
    },
    ErrorCode {
        code: "host-keys-unreadable",
        subject: "call",
        outcomes: &[Failed],
        title: "The accepted host keys cannot be read",
        why: "`host-keys.json` of the state folder is damaged or may not be read.",
        next: "Repair or remove the file; the host keys are then asked for again.",
    },
    ErrorCode {
        code: "file-unwritable",
        subject: "call",
        outcomes: &[Failed],
        title: "A file of the state folder cannot be written",
        why: "The disk is full, or the folder may not be written.",
        next: "Make room or give access, then run again.",
    },
    ErrorCode {
        code: "file-exists",
        subject: "call",
        outcomes: &[Usage],
        title: "A file would be overwritten",
        why: "A new playbook and its roster never take the place of files that are there. Nothing was written.",
        next: "Take another name by --deployment or --out, or remove the file.",
    },
    ErrorCode {
        code: "report-unwritable",
        subject: "call",
        outcomes: &[Failed],
        title: "The report cannot be written",
        why: "The path of `--report` cannot be written. The run itself went on to its end.",
        next: "Check the path; the result on stdout is complete.",
    },
    ErrorCode {
        code: "stdout-unwritable",
        subject: "call",
        outcomes: &[Failed],
        title: "The result cannot be written",
        why: "stdout is closed, or leads to a disk that is full.",
        next: "Look where stdout leads; what was done on the cluster is in the journal.",
    },
    ErrorCode {
        code: "runtime-unavailable",
        subject: "call",
        outcomes: &[Failed],
        title: "The program cannot prepare its network calls",
        why: "The operating system gives no more threads or files.",
        next: "Close other programs or raise the limits of this account, then run again.",
    },
    ErrorCode {
        code: "signal-unavailable",
        subject: "call",
        outcomes: &[Failed],
        title: "Ctrl-C cannot be awaited",
        why: "The operating system does not let the program listen for it.",
        next: "Start the sandbox from an ordinary terminal or service.",
    },
    ErrorCode {
        code: "interrupted",
        subject: "call",
        outcomes: &[Interrupted],
        title: "Somebody asked for the end",
        why: "Ctrl-C or a request to terminate arrived. Pressed twice, calls in flight were not \
              awaited.",
        next: "Run the same command again: it reads first and finishes what is missing.",
    },
    ErrorCode {
        code: "deadline-passed",
        subject: "call",
        outcomes: &[Incomplete],
        title: "The deadline passed before everything was done",
        why: "No call is begun after `--deadline`.",
        next: "Run again, or give a longer `--deadline`.",
    },
    ErrorCode {
        code: "deployment-twice",
        subject: "call",
        outcomes: &[Usage],
        title: "Two playbooks of the call are of one deployment",
        why: "Both have the same name and publisher, so they share a state folder, and each would undo what the \
              other does.",
        next: "Give each deployment once, or apply one after the other.",
    },
    ErrorCode {
        code: "another-playbook-refused",
        subject: "call",
        outcomes: &[Usage],
        title: "A deployment was not begun because another playbook of the call is refused",
        why: "A call that writes begins with none of its playbooks when one of them does not validate.",
        next: "Correct the other playbook, or leave it out.",
    },
];
