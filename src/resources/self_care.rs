//! Agents' access to the Self Care Portal: its default server, and the group that lets an end user in.

use std::collections::BTreeSet;

use crate::clients::axl::{EnterpriseParameter, ListedServer};
use crate::plan::{
    AxlCall, Call, Change, Finding, Kind, Object, ObjectKind, Severity, Shown, Step,
};
use crate::playbook::Location;

/// The group that lets an end user into the portal.
pub const GROUP: &str = "Standard CCM End Users";
/// What the console calls the parameter.
pub const TITLE: &str = "Self Care Portal Default Server";
/// Words in its internal name, one of which public code has for 12.5 and 14; blanks and case do not count.
const WORDS: [&str; 3] = ["selfcare", "userportal", "portaldefaultserver"];

/// What was read.
#[derive(Debug, Default)]
pub struct SelfCareSeen {
    /// Enterprise parameters.
    pub parameters: Vec<EnterpriseParameter>,
    /// The servers that the console's drop-down offers; read only where the present value is another than declared.
    pub servers: Vec<ListedServer>,
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

/// What has to stand in the parameter for this server. Whether the drop-down stores a name, an address or a key is
/// documented nowhere (facts/axl.md 13), so a value that somebody has chosen there tells. `None`: it tells that the
/// drop-down does not offer what is declared, and a person has to choose.
pub fn stored(present: &str, server: &str, servers: &[ListedServer]) -> Option<String> {
    let key = |text: &str| text.trim_matches(['{', '}']).to_ascii_lowercase();
    let wanted = servers.iter().find(|one| one.name.eq_ignore_ascii_case(server));
    if servers.iter().any(|one| key(&one.pkid) == key(present)) {
        return wanted.map(|one| one.pkid.clone());
    }
    let chosen = servers.iter().any(|one| one.name.eq_ignore_ascii_case(present));
    match wanted {
        Some(wanted) => Some(wanted.name.clone()),
        None => (!chosen).then(|| server.to_owned()),
    }
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

/// The step that writes this value into a parameter whose name is known; none when it is right.
pub fn server_step(
    parameter: &EnterpriseParameter,
    value: &str,
    server: &str,
    declared: &Location,
) -> Option<Step> {
    if parameter.value.eq_ignore_ascii_case(value) {
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
    use super::{EnterpriseParameter, ListedServer, parameter, stored};

    #[test]
    fn a_value_that_somebody_chose_tells_what_the_drop_down_stores() {
        let server =
            |pkid: &str, name: &str| ListedServer { pkid: pkid.to_owned(), name: name.to_owned() };
        let (one, two) =
            ("0a0a0a0a-0000-0000-0000-000000000001", "0A0A0A0A-0000-0000-0000-000000000002");
        let named = [server(one, "pub.example.com"), server(two, "sub.example.com")];
        let stored = |present: &str, wanted: &str| stored(present, wanted, &named);
        assert_eq!(stored("", "pub.example.com").as_deref(), Some("pub.example.com"));
        assert_eq!(stored("", "10.0.0.10").as_deref(), Some("10.0.0.10"));
        assert_eq!(stored("other", "10.0.0.10").as_deref(), Some("10.0.0.10"));
        assert_eq!(
            stored("sub.example.com", "PUB.example.com").as_deref(),
            Some("pub.example.com")
        );
        assert_eq!(stored("sub.example.com", "10.0.0.10"), None);
        let key = format!("{{{}}}", two.to_lowercase());
        assert_eq!(stored(&key, "pub.example.com").as_deref(), Some(one));
        assert_eq!(stored(&key, "10.0.0.10"), None);
    }

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
