//! Checks of single sign-on, with which IPPA does not work: agents of a system that has both.

use std::collections::BTreeSet;

use crate::plan::{Object, ObjectKind, Plan};
use crate::planner::build::Inputs;

use super::{Seen, agent, finding, not_checkable};

/// How the roster's agents sign in.
#[derive(Debug, Default)]
pub struct ModesSeen {
    /// Ids of those who use single sign-on.
    pub sso: BTreeSet<String>,
    /// Why the node does not tell.
    pub off: Option<String>,
}

/// All of them.
pub fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(modes) = &seen.modes else { return };
    for (id, row) in agent::roster(inputs.deployment) {
        if modes.sso.contains(id) {
            let object = Object::new(ObjectKind::Agent, id);
            let (check, field) = ("agent-sso", "sign-in mode");
            plan.findings.push(finding(check, object, field, "NON_SSO", "SSO", Some(&row.at)));
        }
    }
    if let Some(why) = &modes.off {
        let host = &inputs.deployment.finesse.primary.api.host;
        let object = Object::new(ObjectKind::FinesseNode, host);
        let (check, field) = ("sso-hybrid-unknown", "agents' sign-in modes");
        plan.findings.push(finding(check, object, field, "told", why.as_str(), None));
        plan.not_checked.push(not_checkable("sign-in modes of the roster's agents", why.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::ModesSeen;
    use crate::checks::stage::Stage;

    #[test]
    fn agents_with_single_sign_on_are_named() {
        let mut stage = Stage::finesse(&[]);
        let sso = ["1002".to_owned(), "9999".to_owned()].into();
        stage.seen.modes = Some(ModesSeen { sso, off: None });
        assert_eq!(stage.names("agent-sso"), ["1002"]);
        assert!(stage.names("sso-hybrid-unknown").is_empty());
        stage.seen.modes =
            Some(ModesSeen { off: Some("HTTP 403".to_owned()), ..Default::default() });
        assert_eq!(stage.names("sso-hybrid-unknown"), ["fin-a.example.com"]);
        assert!(stage.plan().not_checked.iter().any(|item| item.subject.contains("sign-in modes")));
    }
}
