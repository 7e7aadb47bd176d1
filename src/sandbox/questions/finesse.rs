//! Questions about Finesse: facts/finesse.md section 19.4.

use super::{Question, Switches};

const fn about(
    id: &'static str,
    asks: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> Question {
    Question { id, asks, switches: Switches::Finesse, answers }
}

/// In the document's order; number 7 is about CUCM and stands there.
pub(super) const QUESTIONS: &[Question] = &[
    about(
        "finesse-19.4.1-path",
        "the path of IP Phone Agent Settings",
        &[
            ("one", r#"{"settings_path": null}"#),
            ("another", r#"{"settings_path": "/finesse/api/PhoneAgent/Authentication"}"#),
        ],
    ),
    about(
        "finesse-19.4.1-read",
        "whether a GET of IP Phone Agent Settings tells the stored user",
        &[
            ("user", r#"{"settings_shows": "user", "unobservable_settings": false}"#),
            ("masked-password-too", r#"{"settings_shows": "masked-password-too"}"#),
            ("no-user", r#"{"settings_shows": "no-user"}"#),
            ("no-get", r#"{"unobservable_settings": true}"#),
        ],
    ),
    about(
        "finesse-19.4.2-objects",
        "the URIs of MaintenanceMode, locked-out users, Devices, DesktopConfig",
        &[
            ("elsewhere", r#"{"optional_objects": false}"#),
            ("by-name", r#"{"optional_objects": true}"#),
        ],
    ),
    about(
        "finesse-19.4.2-details",
        "where the details of ConnectedUsersInfo are",
        &[
            ("in-the-summary", r#"{"user_details": true}"#),
            ("elsewhere", r#"{"user_details": false}"#),
        ],
    ),
    about(
        "finesse-19.4.3",
        "what the servlet answers for a device that exists nowhere",
        &[
            ("form", r#"{"unknown_device": "form"}"#),
            ("text", r#"{"unknown_device": "text"}"#),
            ("error-object", r#"{"unknown_device": "error-object"}"#),
            ("html", r#"{"unknown_device": "html"}"#),
            ("status-404", r#"{"unknown_device": "not-found"}"#),
            ("status-500", r#"{"unknown_device": "server-error"}"#),
        ],
    ),
    about(
        "finesse-19.4.4",
        "the status of a UCCX secondary whose engine is the slave",
        &[
            ("in-service", r#"{"uccx_secondary": "in-service"}"#),
            ("out-of-service", r#"{"uccx_secondary": "out-of-service"}"#),
        ],
    ),
    about(
        "finesse-19.4.5",
        "whether SystemInfo answers without a credential",
        &[
            ("anonymous", r#"{"system_info_credentials": false}"#),
            ("with-credentials", r#"{"system_info_credentials": true}"#),
        ],
    ),
    about(
        "finesse-19.4.6",
        "what finesseMMode says after a maintenance that has ended",
        &[
            ("nothing", r#"{"maintenance_left": "nothing"}"#),
            (
                "word-and-no-time",
                r#"{"maintenance_left": "word-and-no-time", "maintenance_elements": "always"}"#,
            ),
            (
                "word-and-time",
                r#"{"maintenance_left": "word-and-time", "maintenance_elements": "always"}"#,
            ),
        ],
    ),
    about(
        "finesse-19.4.8",
        "whether wrong passwords lock (15.0 has a switch for it)",
        &[("they-lock", r#"{"lock_after": 5}"#), ("they-do-not", r#"{"lock_after": 4294967295}"#)],
    ),
];
