//! Checks of reason codes and wrap-up reasons: a phone lists 100 of a kind, and cuts long labels.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::finesse::{Category, Reason};
use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;

use super::{Seen, finding};

/// What a phone lists of one kind (Finesse Administration Guide, Reason Code Limitations).
const LISTED: usize = 100;

/// Reasons that the agents' teams can choose from.
#[derive(Debug, Default)]
pub struct CodesSeen {
    /// Of all teams.
    pub global: Vec<Reason>,
    /// Each team's own, by the team's name.
    pub teams: BTreeMap<String, Vec<Reason>>,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(codes) = &seen.codes else { return };
    let teams = codes.teams.keys();
    plan.findings.extend(teams.flat_map(|team| counts(inputs, codes, team)));
    plan.findings.extend(labels(inputs, codes));
}

/// What applies to a team: global reasons and its own, each once.
fn applicable<'a>(codes: &'a CodesSeen, team: &str) -> BTreeMap<&'a str, &'a Reason> {
    let own = codes.teams.get(team).into_iter().flatten();
    let global = codes.global.iter().filter(|reason| reason.global);
    global.chain(own).map(|reason| (reason.uri.as_str(), reason)).collect()
}

fn counts(inputs: Inputs<'_>, codes: &CodesSeen, team: &str) -> Vec<Finding> {
    let applicable = applicable(codes, team);
    let all = [Category::NotReady, Category::Logout, Category::WrapUp];
    let of = |category: Category| {
        let own = applicable.values().filter(|reason| reason.category == category);
        let (system, made): (Vec<&Reason>, Vec<&Reason>) =
            own.copied().partition(|reason| reason.system);
        let (system, made) = (system.len(), made.len());
        let found = |check, found: String| {
            let object = Object::new(ObjectKind::Team, team);
            let most = format!("at most {LISTED}");
            let at = &inputs.deployment.agents.at;
            Some(finding(check, object, category.word(), most, found, Some(at)))
        };
        match (made > LISTED, made + system > LISTED) {
            (true, _) => found("reason-codes-over-100", made.to_string()),
            (false, true) => found(
                "reason-codes-system",
                format!("{made}, and {system} system codes that a phone may list too"),
            ),
            (false, false) => None,
        }
    };
    all.into_iter().filter_map(of).collect()
}

/// Labels that somebody has chosen and that a phone may cut: no document has figures, so the site sets the length.
fn labels(inputs: Inputs<'_>, codes: &CodesSeen) -> Vec<Finding> {
    let fits = usize::try_from(inputs.deployment.checks.label_length).unwrap_or(usize::MAX);
    let teams = codes.teams.keys().flat_map(|team| applicable(codes, team).into_values());
    let long = teams.filter(|reason| !reason.system && reason.label.chars().count() > fits);
    let long: BTreeSet<(Category, &str)> =
        long.map(|reason| (reason.category, reason.label.as_str())).collect();
    let found = |(category, label): (Category, &str)| {
        let host = &inputs.deployment.finesse.primary.api.host;
        let object = Object::new(ObjectKind::FinesseNode, host);
        let field = format!("labels of {}", category.word());
        let most = format!("at most {fits} characters");
        let length = label.chars().count();
        finding("reason-label-too-long", object, field, most, format!("{label} ({length})"), None)
    };
    long.into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::{Category, CodesSeen, Reason};
    use crate::checks::stage::Stage;

    fn reasons(from: usize, number: usize, global: bool, system: bool) -> Vec<Reason> {
        let reason = |at: usize| Reason {
            uri: format!("/finesse/api/ReasonCode/{at}"),
            category: Category::NotReady,
            label: format!("Code {at}"),
            global,
            system,
        };
        (from..from + number).map(reason).collect()
    }

    fn stage(global: Vec<Reason>, own: Vec<Reason>) -> Stage {
        let mut stage = Stage::finesse(&[]);
        let teams = [("Emea".to_owned(), own)].into();
        stage.seen.codes = Some(CodesSeen { global, teams });
        stage
    }

    #[test]
    fn a_phone_lists_a_hundred() {
        let full = stage(reasons(0, 60, true, false), reasons(100, 40, false, false));
        assert!(full.names("reason-codes-over-100").is_empty());
        let over = stage(reasons(0, 60, true, false), reasons(100, 41, false, false));
        assert_eq!(over.names("reason-codes-over-100"), ["Emea"]);
        assert!(over.names("reason-codes-system").is_empty(), "said once");
        let twice = stage(reasons(0, 60, true, false), reasons(0, 60, true, false));
        assert!(twice.names("reason-codes-over-100").is_empty(), "each counts once");
        let of_others = stage(reasons(0, 90, false, false), reasons(100, 20, false, false));
        assert!(of_others.names("reason-codes-over-100").is_empty(), "another team's codes");
    }

    #[test]
    fn kinds_are_counted_apart() {
        let mut other = reasons(100, 90, false, false);
        for reason in &mut other {
            reason.category = Category::WrapUp;
        }
        assert!(
            stage(reasons(0, 90, true, false), other).names("reason-codes-over-100").is_empty()
        );
    }

    #[test]
    fn system_codes_are_counted_apart() {
        let mut global = reasons(0, 99, true, false);
        global.extend(reasons(500, 2, true, true));
        let stage = stage(global, Vec::new());
        assert_eq!(stage.names("reason-codes-system"), ["Emea"]);
        assert!(stage.names("reason-codes-over-100").is_empty());
    }

    #[test]
    fn long_labels_are_named_once() {
        let mut own = reasons(0, 2, false, false);
        own[0].label = "Twenty letters here.".to_owned();
        assert!(stage(Vec::new(), own.clone()).names("reason-label-too-long").is_empty());
        own[0].label = "Twenty-one letters \u{e9}\u{e9}".to_owned();
        assert_eq!(stage(own.clone(), own.clone()).names("reason-label-too-long").len(), 1);
        own[0].system = true;
        assert!(stage(Vec::new(), own).names("reason-label-too-long").is_empty());
    }
}
