//! Questions about AXL, CUCM's database and the phones: facts/axl.md section 21.

use super::{Question, Switches};

const fn about(
    id: &'static str,
    asks: &'static str,
    answers: &'static [(&'static str, &'static str)],
) -> Question {
    Question { id, asks, switches: Switches::Cucm, answers }
}

/// In the document's order.
pub(super) const QUESTIONS: &[Question] = &[
    about(
        "axl-21.1-name",
        "the internal name of Self Care Portal Default Server",
        &[
            ("self-care", r#"{"self_care_parameter": "SelfCarePortalDefaultServer"}"#),
            ("user-portal", r#"{"self_care_parameter": "UserPortalServer"}"#),
            ("unlike-its-title", r#"{"self_care_parameter": "UcmUserDefaultHost"}"#),
            ("two-alike", r#"{"second_self_care_parameter": true}"#),
        ],
    ),
    about(
        "axl-21.1-value",
        "what the drop-down behind Self Care Portal Default Server stores",
        &[
            ("name", r#"{"self_care_value": "name"}"#),
            ("address", r#"{"self_care_value": "address"}"#),
            ("key", r#"{"self_care_value": "key"}"#),
        ],
    ),
    about(
        "axl-21.2",
        "the number of webProtocol that means HTTPS only, by model",
        &[
            ("one", r#"{"https_only_value": "1"}"#),
            ("two", r#"{"https_only_value": "2"}"#),
            ("nobody-has-set-it", r#"{"https_only_reference": "nobody"}"#),
            ("differs-by-model", r#"{"https_only_reference": "differs"}"#),
        ],
    ),
    about(
        "axl-21.3-secure-url",
        "secureserviceurl after a subscription through AXL",
        &[
            ("template", r#"{"secure_after_axl": "template"}"#),
            ("nothing", r#"{"secure_after_axl": "null"}"#),
            ("with-values", r#"{"secure_after_axl": "with-values"}"#),
        ],
    ),
    about(
        "axl-21.3-separator",
        "what stands between a service URL and its values",
        &[
            ("usual", r#"{"url_separator": "usual"}"#),
            ("ampersand", r#"{"url_separator": "ampersand"}"#),
        ],
    ),
    about(
        "axl-21.3-encoding",
        "how values are encoded in a subscribed URL",
        &[
            ("percent", r#"{"url_encoding": "percent"}"#),
            ("plus", r#"{"url_encoding": "plus"}"#),
            ("none", r#"{"url_encoding": "none"}"#),
        ],
    ),
    about(
        "axl-21.4",
        "whether a list of services drops the value rows of subscriptions that stay",
        &[
            ("drops", r#"{"services_update": "replace"}"#),
            ("keeps", r#"{"services_update": "keep-rows"}"#),
        ],
    ),
    about(
        "axl-21.5",
        "the number of tkuserassociation for a device profile",
        &[("seven", r#"{"profile_association": 7}"#), ("five", r#"{"profile_association": 5}"#)],
    ),
    about(
        "axl-21.6",
        "the columns of telecasterserviceparameter beyond pkid and name",
        &[
            ("as-the-fields", r#"{"parameter_columns": "as-the-fields"}"#),
            ("others", r#"{"parameter_columns": "others"}"#),
        ],
    ),
    about(
        "axl-21.7-list",
        "whether vendorConfig is replaced or merged",
        &[
            ("replaced", r#"{"vendor_config": "replace"}"#),
            ("merged", r#"{"vendor_config": "merge"}"#),
        ],
    ),
    about(
        "axl-21.7-override",
        "whether an element written through AXL ticks Override Common Settings",
        &[
            ("ticked", r#"{"axl_ticks_override": true}"#),
            ("not-ticked", r#"{"axl_ticks_override": false}"#),
        ],
    ),
    about(
        "axl-21.8",
        "whether updateUserGroup takes application users as members",
        &[
            ("end-users-only", r#"{"groups_take_application_users": false}"#),
            ("both", r#"{"groups_take_application_users": true}"#),
        ],
    ),
    about(
        "axl-21.9",
        "a limit on the devices of an application user",
        &[("none", r#"{"device_limit": null}"#), ("some", r#"{"device_limit": 4}"#)],
    ),
    about(
        "axl-21.10",
        "what a phone needs before it shows a new subscription",
        &[
            ("nothing", r#"{"subscription_needs": "nothing"}"#),
            ("apply", r#"{"subscription_needs": "apply"}"#),
            ("reset", r#"{"subscription_needs": "reset"}"#),
        ],
    ),
    about(
        "axl-21.11",
        "the axlcode that comes with a database rule's text",
        &[
            ("minus-one", r#"{"rule_axlcode": -1}"#),
            ("of-its-own", r#"{"rule_axlcode": 4052}"#),
            ("not-found-on-update", r#"{"rule_axlcode": 5003}"#),
            ("not-found", r#"{"rule_axlcode": 5007}"#),
        ],
    ),
    about(
        "axl-21.12",
        "whether a replaced list of parameters keeps the rows of those that stay",
        &[("drops", r#"{"kept_parameters": false}"#), ("keeps", r#"{"kept_parameters": true}"#)],
    ),
    about(
        "axl-21.13",
        "what answers while the AXL service is off",
        &[
            ("on", r#"{"axl_service": "on"}"#),
            ("status-404", r#"{"axl_service": "404"}"#),
            ("status-503", r#"{"axl_service": "503"}"#),
            ("nobody", r#"{"axl_service": "closed"}"#),
        ],
    ),
    about(
        "finesse-19.4.7",
        "whether Allow Control of All Devices alone authorises a phone",
        &[
            ("no", r#"{"control_all_authorises": false}"#),
            ("yes", r#"{"control_all_authorises": true}"#),
        ],
    ),
];
