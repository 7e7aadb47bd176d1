//! Which application user is the one that Finesse pushes screens with. Nothing in CUCM says so: it is in both groups, and
//! controls the phones.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::clients::axl::ApplicationUser;
use crate::resources::application_user::GROUPS;

use super::{LeftOut, Sort};

/// An application user, as far as it matters who of several is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// User id.
    pub id: String,
    /// Whether it is in both groups.
    pub in_groups: bool,
    /// How many others it is in.
    pub further_groups: usize,
    /// Devices and profiles that it controls.
    pub controls: usize,
    /// Of them, those that are subscribed.
    pub covers: usize,
}

impl Candidate {
    /// What there is to say of a user, where `subscribed` are the devices of the deployment.
    pub fn of(user: &ApplicationUser, subscribed: &BTreeSet<String>) -> Self {
        let is = |group: &&String| GROUPS.iter().any(|known| known.eq_ignore_ascii_case(group));
        let own = user.groups.iter().filter(is).count();
        let devices = || user.devices.iter().chain(&user.profiles);
        Self {
            id: user.id.clone(),
            in_groups: own >= GROUPS.len(),
            further_groups: user.groups.len() - own,
            controls: devices().count(),
            covers: devices().filter(|name| subscribed.contains(*name)).count(),
        }
    }

    /// Whether a playbook could declare it without a change.
    fn fits(&self, subscribed: usize) -> bool {
        let controls = if subscribed == 0 { self.controls } else { self.covers };
        self.in_groups && controls > 0
    }

    fn told(&self, subscribed: usize) -> String {
        match subscribed {
            0 => format!("controls {} devices", self.controls),
            _ => format!("controls {} of the {subscribed} subscribed devices", self.covers),
        }
    }
}

/// The user, and what is to be said of the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its id; none where it cannot be told.
    pub id: Option<String>,
    /// The others that could be it, and why there is none.
    pub left_out: Vec<LeftOut>,
}

/// Chooses among all users of a cluster, for so many subscribed devices. `asked` is the one that somebody named.
pub fn choose(mut users: Vec<Candidate>, subscribed: usize, asked: Option<&str>) -> Told {
    let named = |user: &Candidate| asked.is_some_and(|asked| user.id.eq_ignore_ascii_case(asked));
    users.sort_by_key(|user| {
        let id = user.id.to_lowercase();
        let words = ["ippa", "finesse", "phoneagent", "phone_agent", "phone-agent"];
        (
            Reverse(named(user)),
            Reverse(user.fits(subscribed)),
            Reverse(user.covers),
            Reverse(words.iter().any(|word| id.contains(word))),
            user.further_groups,
            user.controls,
            user.id.clone(),
        )
    });
    let mut told = Told::default();
    for user in users {
        if told.id.is_none() && (user.fits(subscribed) || named(&user)) {
            told.id = Some(user.id);
        } else if user.fits(subscribed) {
            let why = format!(
                "in both groups, too, and {}; --app-user {} takes it instead",
                user.told(subscribed),
                user.id
            );
            told.left_out.push(LeftOut::one(Sort::ApplicationUser, user.id, why));
        } else if user.covers > 0 {
            let why = format!(
                "{}, and is not in both of the groups that IP Phone Agent needs",
                user.told(subscribed)
            );
            told.left_out.push(LeftOut::one(Sort::ApplicationUser, user.id, why));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, groups: &[&str], devices: &[&str]) -> ApplicationUser {
        let own = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        ApplicationUser {
            id: id.to_owned(),
            devices: own(devices),
            groups: own(groups),
            profiles: Vec::new(),
            presence_group: None,
        }
    }

    fn chosen(users: &[ApplicationUser], subscribed: &[&str]) -> Told {
        let subscribed: BTreeSet<String> =
            subscribed.iter().map(|name| (*name).to_owned()).collect();
        let users = users.iter().map(|user| Candidate::of(user, &subscribed));
        choose(users.collect(), subscribed.len(), None)
    }

    const BOTH: [&str; 2] = ["standard cti enabled", "Standard CTI Allow Control of All Devices"];

    #[test]
    fn the_one_in_both_groups_that_controls_most_of_the_phones() {
        let users = [
            user("few", &BOTH, &["SEP1"]),
            user("push", &BOTH, &["SEP1", "SEP2", "SEP9"]),
            user("jtapi", &BOTH[..1], &["SEP1", "SEP2"]),
            user("other", &BOTH, &["SEP8"]),
        ];
        let told = chosen(&users, &["SEP1", "SEP2"]);
        assert_eq!(told.id.as_deref(), Some("push"));
        let others: Vec<_> = told.left_out.iter().map(|left| left.names[0].as_str()).collect();
        assert_eq!(others, ["few", "jtapi"]);
        assert!(told.left_out[0].why.contains("1 of the 2"), "{:?}", told.left_out);
    }

    #[test]
    fn of_equals_the_one_with_the_name_or_with_nothing_else_to_do() {
        let more = [BOTH[0], BOTH[1], "Standard CTI Allow Call Monitoring"];
        let users = [user("rmcm", &more, &["SEP1"]), user("push", &BOTH, &["SEP1"])];
        assert_eq!(chosen(&users, &["SEP1"]).id.as_deref(), Some("push"));
        let users = [user("a", &BOTH, &["SEP1"]), user("Finesse_Push", &more, &["SEP1", "SEP7"])];
        assert_eq!(chosen(&users, &["SEP1"]).id.as_deref(), Some("Finesse_Push"));
        // Where nobody is subscribed, whoever controls any.
        let users = [user("a", &BOTH, &[]), user("b", &BOTH, &["SEP1"])];
        let told = chosen(&users, &[]);
        assert_eq!((told.id.as_deref(), told.left_out.len()), (Some("b"), 0));
    }

    #[test]
    fn whoever_is_asked_for_is_taken() {
        let users = [user("push", &BOTH, &["SEP1"]), user("jtapi", &[], &[])];
        let all = BTreeSet::from(["SEP1".to_owned()]);
        let users = users.iter().map(|user| Candidate::of(user, &all)).collect();
        let told = choose(users, 1, Some("JTAPI"));
        assert_eq!(told.id.as_deref(), Some("jtapi"));
        assert_eq!(told.left_out[0].names, ["push"]);
    }

    #[test]
    fn nobody_is_taken_who_would_have_to_be_changed() {
        let users = [user("jtapi", &BOTH[..1], &["SEP1"]), user("idle", &BOTH, &["SEP5"])];
        let told = chosen(&users, &["SEP1"]);
        assert_eq!(told.id, None);
        assert_eq!(told.left_out.len(), 1);
    }
}
