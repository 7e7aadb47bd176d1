//! `explain`: what a check or an error code means, why, and what to do about it.

use crate::lint::{self, Check};
use crate::outcome::Outcome;
use crate::playbook::diagnostic::nearest;
use crate::report::explain::{Explained, fields};
use crate::report::table;
use crate::trouble::{ErrorCode, Trouble, error_code, error_codes};

/// A check, an error code, or both where they have one name; or the list of all. As text and as fields of a JSON
/// document.
pub fn explain(id: Option<&str>) -> Result<(String, Explained), Trouble> {
    let Some(id) = id else {
        let checks: Vec<&Check> = lint::checks().collect();
        let codes: Vec<&ErrorCode> = error_codes().collect();
        return Ok((list(&checks, &codes), fields(&checks, &codes)));
    };
    let checks: Vec<&Check> = lint::check(id).into_iter().collect();
    let codes: Vec<&ErrorCode> = error_code(id).into_iter().collect();
    if checks.is_empty() && codes.is_empty() {
        return Err(unknown(id));
    }
    let texts = checks.iter().map(|check| told_check(check));
    let texts: Vec<String> = texts.chain(codes.iter().map(|code| told_code(code))).collect();
    Ok((texts.join("\n"), fields(&checks, &codes)))
}

fn list(checks: &[&Check], codes: &[&ErrorCode]) -> String {
    let of_check = |check: &&Check| {
        [check.subject, check.severity.word(), check.id, check.title].map(str::to_owned)
    };
    let of_code = |code: &&ErrorCode| {
        let exits: Vec<_> = code.outcomes.iter().map(|o| o.code().to_string()).collect();
        let exits = if exits.is_empty() { "warning".to_owned() } else { exits.join(",") };
        [code.subject.to_owned(), exits, code.code.to_owned(), code.title.to_owned()]
    };
    format!(
        "Checks\n\n{}\nError codes\n\n{}",
        table::drawn(
            ["subject", "severity", "check", "what is the matter"],
            checks.iter().map(of_check)
        ),
        table::drawn(["subject", "exit code", "code", "what happened"], codes.iter().map(of_code)),
    )
}

fn told_check(check: &Check) -> String {
    let head = format!("{} ({}, {})", check.id, check.subject, check.severity.word());
    let controls = check.controls().join(", ");
    let rows = [
        ("why", check.why),
        ("detected by", check.how),
        ("fix", check.fix),
        ("source", check.source),
        ("controls", &controls),
    ];
    told(&head, check.title, &rows)
}

fn told_code(code: &ErrorCode) -> String {
    let head = format!("{} ({}, error code)", code.code, code.subject);
    let exits: Vec<_> =
        code.outcomes.iter().map(|o| format!("exit code {}, {}", o.code(), o.word())).collect();
    let exits = if exits.is_empty() {
        "nothing by itself: it is a warning".to_owned()
    } else {
        exits.join("; or ")
    };
    told(&head, code.title, &[("why", code.why), ("next", code.next), ("ends with", &exits)])
}

fn told(head: &str, title: &str, rows: &[(&str, &str)]) -> String {
    let rows: Vec<_> = rows.iter().map(|(word, what)| format!("  {word:<12} {what}\n")).collect();
    format!("{head}\n{title}\n\n{}", rows.concat())
}

fn unknown(id: &str) -> Trouble {
    let names = lint::checks().map(|check| check.id).chain(error_codes().map(|code| code.code));
    let names: Vec<&str> = names.collect();
    let all = "`ippactl explain` lists all checks and error codes";
    let next = match nearest(id, &names) {
        Some(near) => format!("did you mean {near}? {all}"),
        None => all.to_owned(),
    };
    let what = format!("There is no check and no error code {id}");
    Trouble::new("explain-unknown", Outcome::Usage, what)
        .because("neither table of this release has it")
        .then(next)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::explain as explained;
    use crate::outcome::Outcome;
    use crate::trouble::Trouble;

    fn explain(id: Option<&str>) -> Result<(String, Value), Trouble> {
        explained(id).map(|(text, fields)| (text, json!(fields)))
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let trouble = explain(Some("subscription-mising")).unwrap_err();
        assert_eq!(trouble.outcome, Outcome::Usage);
        assert!(trouble.next.contains("subscription-missing"));
        assert!(explain(Some("fingerprint-stal")).unwrap_err().next.contains("fingerprint-stale"));
        assert!(explain(Some("xyzzy")).unwrap_err().next.starts_with('`'));
    }

    #[test]
    fn a_check_is_explained() {
        let (text, fields) = explain(Some("subscription-missing")).unwrap();
        assert!(text.contains("fix"));
        assert!(text.contains("\n  controls     CM-2, CM-6\n"), "{text}");
        assert_eq!(fields["checks"][0]["controls"], json!(["CM-2", "CM-6"]));
        assert_eq!(fields["checks"][0]["severity"], "error");
        assert_eq!(fields["error_codes"].as_array().map(Vec::len), Some(0));
    }

    #[test]
    fn an_error_code_is_explained_like_a_check() {
        let (text, fields) = explain(Some("axl-fault")).unwrap();
        assert!(text.starts_with("axl-fault (axl, error code)\nCUCM refused a request\n\n  why "));
        assert!(text.ends_with("exit code 1, failed; or exit code 3, incomplete\n"), "{text}");
        let row = &fields["error_codes"][0];
        assert_eq!(row["exit_codes"], json!([1, 3]));
        assert_eq!(fields["checks"].as_array().map(Vec::len), Some(0));
        assert!(explain(Some("passwords-unused")).unwrap().0.contains("it is a warning"));
    }

    #[test]
    fn what_is_a_check_and_an_error_is_explained_as_both() {
        let (text, fields) = explain(Some("axl-unreachable")).unwrap();
        assert!(text.contains("(access, error)") && text.contains("(axl, error code)"), "{text}");
        assert_eq!(fields["checks"][0]["id"], "axl-unreachable");
        assert_eq!(fields["error_codes"][0]["code"], "axl-unreachable");
    }

    #[test]
    fn the_list_has_both_groups() {
        let (text, fields) = explain(None).unwrap();
        let (checks, codes) = text.split_once("\nError codes\n").unwrap();
        assert!(checks.contains(" subscription-missing ") && codes.contains(" axl-timeout "));
        let length = |name: &str| fields[name].as_array().map_or(0, Vec::len);
        assert_eq!(text.lines().count(), length("checks") + length("error_codes") + 7);
    }
}
