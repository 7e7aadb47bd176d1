//! Questions about the platform: facts/vos.md section 12, its rows counted from 1; and one of facts/finesse.md 16.

use super::{Question, Switches};

const fn about(
    id: &'static str,
    asks: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> Question {
    Question { id, asks, switches: Switches::Shells, answers }
}

/// In the document's order.
pub(super) const QUESTIONS: &[Question] = &[
    about(
        "vos-12.1-rest",
        "what the certificate REST calls Phone-trust",
        &[
            ("without-trust", r#"{"web": {"phone_trust": "Phone"}}"#),
            ("as-the-console", r#"{"web": {"phone_trust": "Phone-trust"}}"#),
            ("small-letters", r#"{"web": {"phone_trust": "phone-trust"}}"#),
            ("nothing", r#"{"web": {"phone_trust": null}}"#),
        ],
    ),
    about(
        "vos-12.1-unit",
        "what set cert import calls Phone-trust",
        &[
            ("nothing", r#"{"phone_trust_unit": null}"#),
            ("without-trust", r#"{"phone_trust_unit": "Phone"}"#),
            ("as-the-console", r#"{"phone_trust_unit": "Phone-trust"}"#),
            ("small-letters", r#"{"phone_trust_unit": "phone"}"#),
        ],
    ),
    about(
        "vos-12.2",
        "whether Finesse and UCCX have the certificate REST",
        &[
            ("absent", r#"{"web": {"finesse_certificates": "absent"}}"#),
            ("refused", r#"{"web": {"finesse_certificates": "refused"}}"#),
            ("works", r#"{"web": {"finesse_certificates": "works"}}"#),
        ],
    ),
    about(
        "vos-12.3",
        "how set cert import ends",
        &[
            ("works", r#"{"certificate_import": "works"}"#),
            ("refused", r#"{"certificate_import": "refused"}"#),
            ("silent", r#"{"certificate_import": "silent"}"#),
            ("asks-once-more", r#"{"certificate_import": "asks"}"#),
            ("no-such-command", r#"{"certificate_import": "unknown"}"#),
        ],
    ),
    about(
        "vos-12.4",
        "the prompt after set commandcount enable",
        &[
            ("not-enabled", r#"{"command_count": "off"}"#),
            ("before", r#"{"command_count": "before"}"#),
            ("inside", r#"{"command_count": "inside"}"#),
        ],
    ),
    about(
        "vos-12.5",
        "whether a command pages although paging is an option of it",
        &[("usual", r#"{"pager": "usual"}"#), ("everything", r#"{"pager": "everything"}"#)],
    ),
    about(
        "vos-12.5-level",
        "who may switch the pager off",
        &[
            ("level-1", r#"{"paging_off": "level1"}"#),
            ("anybody", r#"{"paging_off": "anybody"}"#),
            ("nobody", r#"{"paging_off": "nobody"}"#),
        ],
    ),
    about(
        "vos-12.5-rows",
        "whether a page is as high as the terminal",
        &[
            ("fixed", r#"{"pager_follows_rows": false}"#),
            ("as-the-terminal", r#"{"pager_follows_rows": true}"#),
        ],
    ),
    about(
        "vos-12.6",
        "which of the guides' two lists of SSH algorithms holds",
        &[
            ("the-table", r#"{"contradicting_defaults": false}"#),
            ("the-defaults", r#"{"contradicting_defaults": true}"#),
        ],
    ),
    about(
        "vos-12.7",
        "which sign-in methods a node takes",
        &[
            ("both", r#"{"auth": "both"}"#),
            ("keyboard-interactive", r#"{"auth": "keyboard-interactive"}"#),
            ("password", r#"{"auth": "password"}"#),
            ("interactive-asks-nothing", r#"{"auth": "silent-interactive"}"#),
        ],
    ),
    about(
        "vos-12.8",
        "what utils dbreplication runtimestate shows of one server",
        &[
            ("a-row", r#"{"single_server": "row"}"#),
            ("no-row", r#"{"single_server": "no-row"}"#),
            ("a-sentence", r#"{"single_server": "sentence"}"#),
        ],
    ),
    Question {
        id: "vos-12.9",
        asks: "whether queue 0 means that the row has arrived",
        switches: Switches::Finesse,
        answers: &[
            ("it-does", r#"{"times": {"row_lag_ms": 0}}"#),
            ("it-comes-later", r#"{"times": {"row_lag_ms": 2000}}"#),
        ],
    },
    Question {
        id: "vos-12.9-look",
        asks: "what unfinished replication looks like",
        switches: Switches::Finesse,
        answers: &[
            ("state-1", r#"{"busy_look": "state"}"#),
            ("queued", r#"{"busy_look": "queue"}"#),
        ],
    },
    about(
        "vos-12.10",
        "whether the shell restarts Cisco Trust Verification Service",
        &[("it-does", r#"{"tvs_restart": true}"#), ("it-does-not", r#"{"tvs_restart": false}"#)],
    ),
    about(
        "vos-12.11-name",
        "what Control Center makes of NodeName",
        &[
            ("the-own-one", r#"{"web": {"node_name": "own"}}"#),
            ("ignored", r#"{"web": {"node_name": "ignored"}}"#),
            ("empty", r#"{"web": {"node_name": "empty"}}"#),
        ],
    ),
    about(
        "vos-12.11-finesse",
        "whether Finesse has Control Center",
        &[
            ("absent", r#"{"web": {"finesse_control_center": "absent"}}"#),
            ("refused", r#"{"web": {"finesse_control_center": "refused"}}"#),
            ("works", r#"{"web": {"finesse_control_center": "works"}}"#),
        ],
    ),
    about(
        "vos-12.12",
        "whether Finesse has PAWS",
        &[
            ("absent", r#"{"web": {"finesse_paws": "absent"}}"#),
            ("refused", r#"{"web": {"finesse_paws": "refused"}}"#),
            ("works", r#"{"web": {"finesse_paws": "works"}}"#),
        ],
    ),
    about(
        "vos-12.13",
        "whether the certificate REST has DELETE",
        &[
            ("absent", r#"{"web": {"certificate_delete": false}}"#),
            ("works", r#"{"web": {"certificate_delete": true}}"#),
        ],
    ),
    about(
        "vos-12.14",
        "the look of show myself and show account",
        &[
            ("pairs", r#"{"account_look": "pairs"}"#),
            ("table", r#"{"account_look": "table"}"#),
            ("sentence", r#"{"account_look": "sentence"}"#),
        ],
    ),
    about(
        "finesse-16-uccx",
        "what UCCX says to show uccx dbreplication servers",
        &[
            ("the-table", r#"{"uccx_servers": "table"}"#),
            ("no-such-command", r#"{"uccx_servers": "unknown"}"#),
            ("head-only", r#"{"uccx_servers": "head-only"}"#),
        ],
    ),
];
