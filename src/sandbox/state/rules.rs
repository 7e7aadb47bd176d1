//! What the database says when a rule of its own is broken, and how its errors become AXL's.
//!
//! Rules: the error texts and field patterns of schema 9.1 (`XDbErrors`), in our words except for the one sentence
//! that programs have to recognise.

use crate::sandbox::axl::Fault;

const RULES: &[(&str, &str)] = &[
    ("device_logged_in", "Cannot make changes to OR delete a device while a user is logged in"),
    ("foreign_parameter", "The parameter belongs to another phone service than the subscription"),
    ("too_many_subscriptions", "A device can have at most 100 subscribed services"),
    ("enterprise_service", "A device cannot subscribe to a service with enterprise subscription"),
    ("enterprise_parameter", "A service with enterprise subscription cannot have parameters"),
    ("user_id_taken", "The user ID is in use by an end user or an application user"),
    ("last_super_user", "The last application user of Standard CCM Super Users must stay there"),
    ("service_name", "Service Name must have 1 to 32 characters and no double quote"),
    ("service_name_ascii", "ASCII Service Name: at most 32 ASCII characters, no quote or backtick"),
    ("service_description", "Service Description: at most 100 characters, no quote or backtick"),
    ("service_url", "Service URL: at most 512 ASCII characters, no quote or backtick"),
    (
        "service_secure_url",
        "Secure-Service URL: at most 512 ASCII characters, no quote or backtick",
    ),
    ("service_vendor", "Service Vendor: at most 64 characters; required for a Java MIDlet"),
    ("parameter_name", "Parameter Name: 1 to 50 letters, digits or _ . / : ; , -"),
    ("parameter_display_name", "Parameter Display Name: 1 to 50 ASCII characters, no \" % & < >"),
    ("parameter_default", "Default Value: at most 100 ASCII characters, no double quote"),
    ("parameter_description", "Parameter Description: at most 500 characters, no \" % < >"),
    ("subscribed_name", "Subscribed service name must have 1 to 32 characters, no double quote"),
    ("subscribed_name_ascii", "Subscribed ASCII service name: at most 32 ASCII characters"),
    ("subscribed_url", "Subscribed service URL: at most 512 characters"),
    ("subscribed_secure_url", "Subscribed secure service URL: at most 512 characters"),
    ("subscribed_label", "URL label: at most 50 characters, no \" % & < >"),
    ("subscribed_label_ascii", "ASCII URL label: at most 50 ASCII characters, no \" % & < >"),
    ("subscribed_priority", "Priority must be between 1 and 100"),
    ("subscribed_value", "Parameter value: at most 100 ASCII characters, no double quote"),
    ("device_xml", "XML field size exceeded"),
    ("device_description", "Device description: at most 128 characters"),
    ("application_user_id", "User ID: 1 to 128 characters, none of \" \\ / { } ~ |"),
    ("map_description", "Description: at most 50 characters, no double quote"),
];

/// The fault of a broken rule, by the rule's name.
pub fn broken(rule: &str) -> Option<Fault> {
    RULES.iter().find(|(name, _)| *name == rule).map(|(_, text)| Fault::rule(*text))
}

/// Turns a database error into the fault that AXL would answer.
pub fn fault(error: &rusqlite::Error) -> Fault {
    let text = if let rusqlite::Error::SqliteFailure(_, Some(text)) = error {
        text.clone()
    } else if let rusqlite::Error::SqlInputError { msg, .. } = error {
        msg.clone()
    } else {
        error.to_string()
    };
    let after = |lead: &str| text.strip_prefix(lead).map(str::to_owned);
    if let Some(found) =
        after("RULE ").or_else(|| after("CHECK constraint failed: ")).and_then(|rule| broken(&rule))
    {
        return found;
    }
    if let Some(columns) = after("UNIQUE constraint failed: ") {
        let table = columns.split('.').next().unwrap_or_default().to_owned();
        return Fault::client(
            -239,
            format!(
                "Could not insert new row - duplicate value in a UNIQUE INDEX column (Unique Index:{table}_u1)."
            ),
        );
    }
    if text.starts_with("FOREIGN KEY constraint failed") {
        return Fault::server(
            -691,
            "Missing key in referenced table for referential constraint (informix.fk_unnamed).",
        );
    }
    if let Some(column) = after("NOT NULL constraint failed: ") {
        return Fault::server(-391, format!("Cannot insert a null into column ({column})."));
    }
    if text.starts_with("CHECK constraint failed") {
        return Fault::server(-530, "Check constraint failed.");
    }
    if let Some(table) = after("no such table: ") {
        return Fault::server(
            -206,
            format!("The specified table ({table}) is not in the database."),
        );
    }
    if let Some(column) = after("no such column: ") {
        return Fault::server(
            -217,
            format!("Column ({column}) not found in any table in the query (or SLV is undefined)."),
        );
    }
    if let Some(column) = after("ambiguous column name: ") {
        return Fault::server(-324, format!("Ambiguous column ({column})."));
    }
    Fault::server(-201, "A syntax error has occurred.")
}
