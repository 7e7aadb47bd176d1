//! The application user: created with its lists, later only completed. What others put there stays.

use secrecy::SecretString;

use crate::clients::axl::ApplicationUser as Observed;
use crate::plan::{
    AxlCall, Call, Change, Finding, Kind, Object, ObjectKind, SecretNote, Severity, Shown, Step,
};
use crate::playbook::{ApplicationUser, Location};

/// The two access control groups that IPPA needs, compared without regard to case: Cisco spells the second
/// one in two ways.
pub const GROUPS: [&str; 2] = ["Standard CTI Enabled", "Standard CTI Allow Control of All Devices"];

/// The presence group of a user that is created.
pub const PRESENCE_GROUP: &str = "Standard Presence Group";

/// What is known about the password of an existing user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// CUCM accepts it.
    Accepted,
    /// CUCM refuses it, or it differs from what was last written.
    Differs,
    /// Nobody can tell, and why.
    CannotTell(String),
}

/// What the application user should be and have.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The declaration.
    pub user: &'a ApplicationUser,
    /// Controlled devices with the roster row of each; only ones that exist on the cluster.
    pub devices: Vec<(&'a str, &'a Location)>,
    /// Device profiles, likewise.
    pub profiles: Vec<(&'a str, &'a Location)>,
    /// The two groups in the cluster's own spelling.
    pub groups: Vec<String>,
    /// Whether the password may and should be written over an existing one.
    pub write_password: bool,
}

/// What has to be written. Lists are complete: what was there plus what is missing.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The user does not exist yet.
    pub create: bool,
    /// Complete list of controlled devices, when it changes.
    pub devices: Option<Vec<String>>,
    /// Complete list of groups, when it changes.
    pub groups: Option<Vec<String>>,
    /// Complete list of device profiles, when it changes.
    pub profiles: Option<Vec<String>>,
    /// The password is written.
    pub password: bool,
}

impl Edit {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        !self.create
            && !self.password
            && self.devices.is_none()
            && self.groups.is_none()
            && self.profiles.is_none()
    }
}

/// The comparison: changes to show, and the edit that makes them.
pub fn compare(wanted: &Wanted<'_>, observed: Option<&Observed>) -> (Vec<Change>, Edit) {
    let mut changes = Vec::new();
    let mut edit = Edit { create: observed.is_none(), ..Edit::default() };
    let declared = &wanted.user.at;
    if observed.is_none() {
        let field = |field: &str, after| Change {
            field: field.to_owned(),
            before: Shown::Absent,
            after,
            check: "app-user-missing",
            declared: declared.clone(),
        };
        changes.push(field("user", Shown::text(&wanted.user.id)));
        changes.push(field("password", Shown::Secret(SecretNote::Set)));
    } else if wanted.write_password {
        changes.push(Change {
            field: "password".to_owned(),
            before: Shown::Secret(SecretNote::Set),
            after: Shown::Secret(SecretNote::Changes),
            check: "authentication-refused",
            declared: wanted.user.password.at.clone(),
        });
        edit.password = true;
    }
    let there = observed.map_or(&[][..], |user| &user.groups);
    edit.groups =
        complete(there, wanted.groups.iter().map(|g| (g.as_str(), declared)), |name, at| {
            changes.push(addition("access control group", name, "app-user-groups", at));
        });
    let associations = Associations {
        devices: wanted.devices.clone(),
        profiles: wanted.profiles.clone(),
        checks: ["phone-not-controlled", "profile-not-controlled"],
    };
    let (more, lists) = associate(&associations, observed);
    changes.extend(more);
    edit.devices = lists.devices;
    edit.profiles = lists.profiles;
    (changes, edit)
}

/// Devices and profiles that a user has to control.
#[derive(Debug)]
pub struct Associations<'a> {
    /// Controlled devices with the roster row of each.
    pub devices: Vec<(&'a str, &'a Location)>,
    /// Device profiles, likewise.
    pub profiles: Vec<(&'a str, &'a Location)>,
    /// The checks that a missing device and a missing profile answer to.
    pub checks: [&'static str; 2],
}

/// What a user does not control yet: changes to show, and the complete lists.
pub fn associate(wanted: &Associations<'_>, observed: Option<&Observed>) -> (Vec<Change>, Edit) {
    let mut changes = Vec::new();
    let [device, profile] = wanted.checks;
    let there = observed.map_or(&[][..], |user| &user.devices);
    let devices = complete(there, wanted.devices.iter().copied(), |name, at| {
        changes.push(addition("controlled device", name, device, at));
    });
    let there = observed.map_or(&[][..], |user| &user.profiles);
    let profiles = complete(there, wanted.profiles.iter().copied(), |name, at| {
        changes.push(addition("controlled device profile", name, profile, at));
    });
    (changes, Edit { devices, profiles, ..Edit::default() })
}

/// The step, if anything changes.
pub fn step(wanted: &Wanted<'_>, observed: Option<&Observed>) -> Option<Step> {
    let (changes, edit) = compare(wanted, observed);
    let call = Call::Axl(if edit.create {
        AxlCall::AddApplicationUser
    } else {
        AxlCall::UpdateApplicationUser
    });
    let object = Object::new(ObjectKind::ApplicationUser, &wanted.user.id);
    (!edit.is_empty()).then(|| Step::new(Kind::ApplicationUser, object, changes, call))
}

/// Devices the user controls although the playbook does not name them: reported, never removed.
pub fn undeclared(wanted: &Wanted<'_>, observed: &Observed) -> Option<Finding> {
    let declared: std::collections::BTreeSet<&str> =
        wanted.devices.iter().map(|(name, _)| *name).collect();
    let others: Vec<&str> = observed
        .devices
        .iter()
        .map(String::as_str)
        .filter(|name| !declared.contains(name))
        .collect();
    let (first, more) = others.split_at(others.len().min(5));
    (!others.is_empty()).then(|| Finding {
        check: "controlled-device-undeclared",
        severity: Severity::Info,
        object: Object::new(ObjectKind::ApplicationUser, &wanted.user.id),
        field: "controlled devices".to_owned(),
        expected: Shown::Absent,
        found: Shown::Text(match more.len() {
            0 => first.join(", "),
            more => format!("{} and {more} more", first.join(", ")),
        }),
        declared: None,
    })
}

/// A new user's lists and password.
pub fn creation(
    wanted: &Wanted<'_>,
    password: SecretString,
) -> crate::clients::axl::NewApplicationUser {
    let names =
        |list: &[(&str, &Location)]| list.iter().map(|(name, _)| (*name).to_owned()).collect();
    crate::clients::axl::NewApplicationUser {
        id: wanted.user.id.clone(),
        password,
        presence_group: PRESENCE_GROUP.to_owned(),
        devices: names(&wanted.devices),
        groups: wanted.groups.clone(),
        profiles: names(&wanted.profiles),
    }
}

/// The cluster's spelling of the groups that IPPA needs, and those it does not have.
pub fn resolve_groups(listed: &[String]) -> (Vec<String>, Vec<&'static str>) {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for group in GROUPS {
        match listed.iter().find(|name| name.eq_ignore_ascii_case(group)) {
            Some(name) => found.push(name.clone()),
            None => missing.push(group),
        }
    }
    (found, missing)
}

fn complete<'a>(
    there: &[String],
    wanted: impl Iterator<Item = (&'a str, &'a Location)>,
    mut missing: impl FnMut(&str, &Location),
) -> Option<Vec<String>> {
    let known: std::collections::BTreeSet<String> =
        there.iter().map(|name| name.to_ascii_lowercase()).collect();
    let mut whole = there.to_vec();
    for (name, at) in wanted {
        if !known.contains(&name.to_ascii_lowercase()) {
            missing(name, at);
            whole.push(name.to_owned());
        }
    }
    (whole.len() > there.len()).then_some(whole)
}

fn addition(list: &str, name: &str, check: &'static str, declared: &Location) -> Change {
    Change {
        field: format!("{list} {name}"),
        before: Shown::Absent,
        after: Shown::text("associated"),
        check,
        declared: declared.clone(),
    }
}
