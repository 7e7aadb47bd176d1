//! docs/troubleshooting.md: what people see, in the order of the tables of checks and error codes, as `explain` tells them.

use serde_json::Value;

const OPENING: &str = "# Troubleshooting by symptom

What somebody sees, what it may be, and what to do. Written from the tables of the program by `just generate`, and held against them
by a test.

`ippactl verify site.yaml` tries all checks that a program can judge, and `ippactl doctor site.yaml` looks at what they rest on; both name the check, as
in the second column. `ippactl explain subscription-missing` tells more: how it is detected, and where it is documented. Look a symptom up
here with your browser's search.
";

/// Subjects as people call them, in the order in which somebody who is called to a phone asks.
const SUBJECTS: &[(&str, &str)] = &[
    ("service", "The phone's menu: the phone service"),
    ("subscription", "The phone's menu: the subscription"),
    ("agent", "The agent cannot sign in, or is signed out"),
    ("extension", "The agent's extension"),
    ("sso", "Sign-in by SSO"),
    ("app-user", "Screens do not change: the application user"),
    ("phone", "The phone itself"),
    ("servlet", "Finesse does not answer phones"),
    ("certificate", "Certificates"),
    ("settings", "Finesse's IP Phone Agent Settings"),
    ("restart", "Restarts"),
    ("maintenance", "Maintenance and upgrades"),
    ("self-care", "Self Care"),
    ("access", "Reaching CUCM and Finesse"),
    ("waiver", "Waivers"),
];

fn rows<'a>(document: &'a Value, table: &str) -> Vec<&'a Value> {
    document[table].as_array().unwrap().iter().collect()
}

fn cell(value: &Value) -> String {
    value.as_str().unwrap().replace('|', "\\|").replace('<', "&lt;")
}

fn subjects<'a>(rows: &[&'a Value]) -> Vec<&'a str> {
    let mut found: Vec<&str> = rows.iter().map(|row| row["subject"].as_str().unwrap()).collect();
    found.dedup();
    found
}

/// The page, from what `explain --output json` tells.
pub(super) fn drawn(document: &Value) -> String {
    let (checks, codes) = (rows(document, "checks"), rows(document, "error_codes"));
    let known: Vec<&str> = SUBJECTS.iter().map(|(subject, _)| *subject).collect();
    for subject in subjects(&checks) {
        assert!(
            known.contains(&subject),
            "no heading for '{subject}': tests/generated/symptoms.rs"
        );
    }
    let mut page = OPENING.to_owned();
    for (subject, heading) in SUBJECTS {
        page.extend([format!(
            "\n## {heading}\n\n| what is seen, and what it may be | check | what to do |\n|---|---|---|\n"
        )]);
        let own: Vec<_> = checks.iter().filter(|row| row["subject"] == **subject).collect();
        assert!(!own.is_empty(), "no check is about '{subject}'");
        for row in own {
            let (why, fix) = (cell(&row["why"]), cell(&row["fix"]));
            page.extend([format!(
                "| {why} | `{}` ({}) | {fix} |\n",
                cell(&row["id"]),
                cell(&row["severity"])
            )]);
        }
    }
    page += "\n# Errors that end a run\n\nAn error shows its code in brackets: `error[axl-timeout]`. A code without an exit code is a warning.\n";
    for subject in subjects(&codes) {
        page.extend([format!(
            "\n## Errors of: {subject}\n\n| code | what happened, and why | exit code | what to do next |\n|---|---|---|---|\n"
        )]);
        for row in codes.iter().filter(|row| row["subject"] == subject) {
            let exits: Vec<_> =
                row["exit_codes"].as_array().unwrap().iter().map(Value::to_string).collect();
            let (code, title) = (cell(&row["code"]), cell(&row["title"]));
            let (why, next) = (cell(&row["why"]), cell(&row["next"]));
            page.extend([format!(
                "| `{code}` | {title}. {why} | {} | {next} |\n",
                exits.join(", ")
            )]);
        }
    }
    page
}
