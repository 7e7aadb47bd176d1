//! What became of each waiver: used, expired, or of no use.

use crate::lint::{self, Judged};
use crate::plan::{Finding, Object, ObjectKind, Plan, Shown};
use crate::playbook::{Deployment, Waiver, Waivers};

/// What became of a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverVerdict {
    /// Its place in the file, from 0.
    pub index: usize,
    /// Its day is over.
    pub expired: bool,
    /// Findings that it is for.
    pub findings: usize,
}

/// Judges the waivers: one whose day is over, and one that matches nothing, is a finding of its own. `complete` says
/// whether everything could be read, so that "nothing" can be told.
pub fn judge(
    waivers: &Waivers,
    deployment: &Deployment,
    complete: bool,
    plan: &mut Plan,
) -> Vec<WaiverVerdict> {
    let offline = lint::lint(deployment);
    let mut found = Vec::new();
    let mut verdicts = Vec::with_capacity(waivers.rows.len());
    for (index, waiver) in waivers.rows.iter().enumerate() {
        let of_plan = plan.findings.iter().filter(|finding| {
            let object = &finding.object;
            waiver.is_for(finding.check, object.kind.word(), &object.name)
        });
        let of_playbook = offline.iter().filter(|mistake| mistake.code == waiver.check);
        let findings = of_plan.count() + of_playbook.count();
        let expired = waivers.has_expired(waiver);
        let told = lint::check(&waiver.check)
            .is_some_and(|check| matches!(check.judged, Judged::Lint | Judged::Verify));
        if expired {
            let over = Shown::text(format!("expired on {}", waiver.expires));
            found.push(finding(
                "waiver-expired",
                waiver,
                "expires",
                "a day that is not over",
                over,
            ));
        } else if findings == 0 && complete {
            let why = if told { "no finding" } else { "verify does not judge this check" };
            found.push(finding("waiver-unused", waiver, "object", "a finding", Shown::text(why)));
        }
        verdicts.push(WaiverVerdict { index, expired, findings });
    }
    plan.findings.extend(found);
    verdicts
}

fn finding(
    check: &'static str,
    waiver: &Waiver,
    field: &str,
    expected: &str,
    found: Shown,
) -> Finding {
    let name = format!("{} of {}", waiver.check, waiver.object);
    Finding {
        check,
        severity: lint::check(check).map_or(crate::plan::Severity::Error, |row| row.severity),
        object: Object::new(ObjectKind::Waiver, name),
        field: field.to_owned(),
        expected: Shown::text(expected),
        found,
        declared: Some(waiver.at.clone()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::judge;
    use crate::checks::stage::Stage;
    use crate::plan::samples;
    use crate::playbook::{Waivers, waivers};

    const CHECKS: [&str; 2] = ["subscription-missing", "phone-web-access"];

    fn file(check: &str, object: &str, today: Date) -> Waivers {
        let text = format!(
            "version: 1\nwaivers:\n  - {{ check: {check}, object: '{object}', owner: o, reason: r, expires: 2027-01-31 }}\n"
        );
        waivers("w.yaml", &text, today, &CHECKS).unwrap()
    }

    #[test]
    fn used_expired_unused_and_wrong() {
        let before = date(2027, 1, 1);
        let stage = Stage::cucm(&[]);
        for (check, object, today, complete, findings, added) in [
            ("subscription-missing", "SEP*", before, true, 2, None),
            ("subscription-missing", "SEP*2", before, true, 1, None),
            ("subscription-missing", "SEP*", date(2027, 2, 1), true, 2, Some("waiver-expired")),
            ("phone-web-access", "SEP*", date(2027, 2, 1), false, 0, Some("waiver-expired")),
            ("phone-web-access", "SEP*", before, true, 0, Some("waiver-unused")),
            // What could not be read may be what it is for.
            ("phone-web-access", "SEP*", before, false, 0, None),
        ] {
            let mut plan = samples::findings();
            let waivers = file(check, object, today);
            let verdicts = judge(&waivers, stage.deployment(), complete, &mut plan);
            assert_eq!(verdicts[0].findings, findings, "{check} {object}");
            assert_eq!(
                plan.findings.get(3).map(|finding| finding.check),
                added,
                "{check} {object}"
            );
        }
    }
}
