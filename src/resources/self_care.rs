//! Agents' access to the Self Care Portal: its default server, and the group that lets an end user in.

use std::collections::BTreeSet;

use crate::clients::axl::EnterpriseParameter;
use crate::plan::{
    AxlCall, Call, Change, Finding, Kind, Object, ObjectKind, Severity, Shown, Step,
};
use crate::playbook::Location;

/// The group that lets an end user into the portal.
pub const GROUP: &str = "Standard CCM End Users";
/// What the console calls the parameter.
pub const TITLE: &str = "Self Care Portal Default Server";
/// Words in its internal name, which no public source knows; blanks and case do not count.
const WORDS: [&str; 2] = ["selfcare", "userportal"];

/// What was read.
#[derive(Debug, Default)]
pub struct SelfCareSeen {
    /// Enterprise parameters.
    pub parameters: Vec<EnterpriseParameter>,
    /// End users of the roster that exist.
    pub users: BTreeSet<String>,
    /// Those that are in the group.
    pub members: BTreeSet<String>,
}

/// The enterprise parameter: the one the site names, else the only one whose name fits.
pub fn parameter<'a>(
    parameters: &'a [EnterpriseParameter],
    said: Option<&str>,
) -> Option<&'a EnterpriseParameter> {
    if let Some(said) = said {
        return parameters.iter().find(|parameter| parameter.name == said);
    }
    let fits = |parameter: &&EnterpriseParameter| {
        let name: String = parameter.name.to_lowercase().split_whitespace().collect();
        WORDS.iter().any(|word| name.contains(word))
    };
    let mut fitting = parameters.iter().filter(fits);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The change of the default server.
pub fn server_change(before: Shown, server: &str, declared: &Location) -> Change {
    Change {
        field: "value".to_owned(),
        before,
        after: Shown::text(server),
        check: "self-care-default-server",
        declared: declared.clone(),
    }
}

/// The step that sets a parameter whose name is known; none when it is right.
pub fn server_step(
    parameter: &EnterpriseParameter,
    server: &str,
    declared: &Location,
) -> Option<Step> {
    if parameter.value.eq_ignore_ascii_case(server) {
        return None;
    }
    let before =
        if parameter.value.is_empty() { Shown::Absent } else { Shown::text(&parameter.value) };
    let object = Object::new(ObjectKind::EnterpriseParameter, &parameter.name);
    let call = Call::Axl(AxlCall::UpdateEnterpriseParameter);
    Some(Step::new(Kind::SelfCare, object, vec![server_change(before, server, declared)], call))
}

/// The step that lets these users in; none when there are none.
pub fn members_step<'a>(users: impl Iterator<Item = (&'a str, &'a Location)>) -> Option<Step> {
    let changes: Vec<Change> = users.map(|(user, at)| membership(user, at)).collect();
    let object = Object::new(ObjectKind::UserGroup, GROUP);
    let call = Call::Axl(AxlCall::AddMembers);
    (!changes.is_empty()).then(|| Step::new(Kind::SelfCare, object, changes, call))
}

/// A user who is not in the group.
pub fn membership(user: &str, at: &Location) -> Change {
    Change {
        field: format!("member {user}"),
        before: Shown::Absent,
        after: Shown::text("member"),
        check: "self-care-group",
        declared: at.clone(),
    }
}

/// A user of the roster whom the cluster does not know.
pub fn unknown_user(user: &str, at: &Location) -> Finding {
    Finding {
        check: "self-care-group",
        severity: Severity::Error,
        object: Object::new(ObjectKind::EndUser, user),
        field: "user".to_owned(),
        expected: Shown::text("on the cluster"),
        found: Shown::Absent,
        declared: Some(at.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::{EnterpriseParameter, parameter};

    fn named(names: &[&str]) -> Vec<EnterpriseParameter> {
        let parameter =
            |name: &&str| EnterpriseParameter { name: (*name).to_owned(), value: String::new() };
        names.iter().map(parameter).collect()
    }

    #[test]
    fn the_parameter_is_found_only_when_one_name_fits() {
        let one = named(&["ClusterID", "Self Care PortalServer", "Portal"]);
        assert_eq!(parameter(&one, None).unwrap().name, "Self Care PortalServer");
        let two = named(&["SelfCareServer", "UserPortalMode"]);
        assert!(parameter(&two, None).is_none());
        assert_eq!(parameter(&two, Some("UserPortalMode")).unwrap().name, "UserPortalMode");
        assert!(parameter(&named(&["ClusterID"]), None).is_none());
    }
}
