//! `explain`: what a check means, why, how it is detected, how to fix it, and where it comes from.

use serde_json::{Value, json};

use crate::lint::{self, Check};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// One check, or the list of all, as text and as fields of a JSON document.
pub fn explain(id: Option<&str>) -> Result<(String, Value), Trouble> {
    let Some(id) = id else {
        let checks: Vec<&Check> = lint::checks().collect();
        let row = |check: &&Check| {
            let severity = check.severity.word();
            format!("{:<13} {severity:<8} {:<40} {}\n", check.subject, check.id, check.title)
        };
        let text = checks.iter().map(row).collect::<Vec<_>>().concat();
        return Ok((text, json!({ "checks": checks.into_iter().map(fields).collect::<Vec<_>>() })));
    };
    let check = lint::check(id).ok_or_else(|| unknown(id))?;
    let head =
        format!("{} ({}, {})\n{}\n", check.id, check.subject, check.severity.word(), check.title);
    let rows = [
        ("why", check.why),
        ("detected by", check.how),
        ("fix", check.fix),
        ("source", check.source),
    ];
    let rows: Vec<_> = rows.iter().map(|(word, what)| format!("  {word:<12} {what}\n")).collect();
    let text = format!("{head}\n{}", rows.concat());
    Ok((text, json!({ "checks": [fields(check)] })))
}

fn fields(check: &Check) -> Value {
    json!({
        "id": check.id,
        "subject": check.subject,
        "severity": check.severity.word(),
        "title": check.title,
        "why": check.why,
        "how": check.how,
        "fix": check.fix,
        "source": check.source,
    })
}

fn unknown(id: &str) -> Trouble {
    let nearest = lint::checks()
        .map(|check| (strsim::jaro_winkler(id, check.id), check.id))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    let next = match nearest {
        Some((_, near)) => format!("did you mean {near}? `ippactl explain` lists all checks"),
        None => "`ippactl explain` lists all checks".to_owned(),
    };
    Trouble::new("check-unknown", Outcome::Usage, format!("There is no check {id}")).then(next)
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::outcome::Outcome;

    #[test]
    fn the_nearest_check_is_named() {
        let trouble = explain(Some("subscription-mising")).unwrap_err();
        assert_eq!(trouble.outcome, Outcome::Usage);
        assert!(trouble.next.contains("subscription-missing"));
        assert!(explain(Some("xyzzy")).unwrap_err().next.starts_with('`'));
    }

    #[test]
    fn a_check_is_explained() {
        let (text, fields) = explain(Some("subscription-missing")).unwrap();
        assert!(text.contains("fix"));
        assert_eq!(fields["checks"][0]["severity"], "error");
    }
}
