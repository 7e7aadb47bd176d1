//! Which phone services are those of one deployment: at most one per Finesse node, at most two nodes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::PhoneService;
use crate::lint::services::instead_of_fqdn;
use crate::playbook::{SubscriptionKind, endpoint};
use crate::resources::service_url::host;

use super::{Estate, LeftOut, Sort};

/// The services of one deployment, and every other one that leads to an IP Phone Agent.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// The service of the primary node; none where the cluster has none that a playbook could declare.
    pub primary: Option<Place>,
    /// That of the secondary node.
    pub secondary: Option<Place>,
    /// Whether the nodes are those that somebody said. Else which of two is the primary one is guessed by their names.
    pub as_said: bool,
    /// The others, and nodes that were said and have no service.
    pub left_out: Vec<LeftOut>,
}

impl Chosen {
    /// Both, the primary first.
    pub fn all(&self) -> impl Iterator<Item = &Place> {
        self.primary.iter().chain(&self.secondary)
    }

    /// Names of the services.
    pub fn names(&self) -> Vec<String> {
        self.all().map(|place| place.service.name.clone()).collect()
    }
}

/// How phones come to be subscribed, where so many devices are.
pub fn subscription(chosen: &Chosen, subscribed: usize) -> SubscriptionKind {
    if chosen.primary.as_ref().is_some_and(|place| place.service.enterprise) {
        SubscriptionKind::Enterprise
    } else if subscribed == 0 {
        // Services for nobody yet are there for those who will subscribe themselves.
        SubscriptionKind::SelfCare
    } else {
        SubscriptionKind::Manual
    }
}

/// A service, and where it leads.
#[derive(Debug, Clone)]
pub struct Place {
    /// The service.
    pub service: PhoneService,
    /// The Finesse node in its URL, lower case.
    pub host: String,
    /// Devices that are subscribed.
    pub subscribers: usize,
}

/// Whether a URL leads to the IP Phone Agent of a Finesse node, with whatever port and whatever follows.
pub fn leads_to_ippa(url: &str) -> bool {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let first = path.map(|(_, path)| path.split(['/', '?', '#']).next().unwrap_or_default());
    first.is_some_and(|first| first.eq_ignore_ascii_case("fippa"))
}

/// Who is subscribed to which services, counted.
#[derive(Debug, Default)]
struct Counts {
    each: BTreeMap<String, usize>,
    together: BTreeMap<(String, String), usize>,
}

impl Counts {
    fn of(estate: &Estate) -> Self {
        let mut counts = Self::default();
        for (_, state) in estate.states.iter() {
            let own: BTreeSet<&str> = state.subscriptions.iter().map(|s| &*s.service).collect();
            for one in &own {
                *counts.each.entry((*one).to_owned()).or_default() += 1;
                for other in own.iter().filter(|other| *other != one) {
                    let pair = ((*one).to_owned(), (*other).to_owned());
                    *counts.together.entry(pair).or_default() += 1;
                }
            }
        }
        counts
    }

    fn both(&self, one: &Place, other: &Place) -> usize {
        let pair = (one.service.name.clone(), other.service.name.clone());
        self.together.get(&pair).copied().unwrap_or(0)
    }
}

/// Chooses. `said` are the Finesse nodes as service URLs name them, the primary first; none where nobody said any.
pub fn choose(estate: &Estate, said: &[String]) -> Chosen {
    choose_named(estate, said, &[])
}

/// The same, of services that somebody named: one, whose partner is looked for, or both, the primary first.
pub fn choose_named(estate: &Estate, said: &[String], named: &[String]) -> Chosen {
    let counts = Counts::of(estate);
    let mut fitting = Vec::new();
    let mut left_out = Vec::new();
    for service in &estate.services {
        let subscribers = counts.each.get(&service.name).copied().unwrap_or(0);
        match declared_host(service) {
            Ok(host) => fitting.push(Place { service: service.clone(), host, subscribers }),
            Err(why) => {
                let why = format!("{why}; {subscribers} devices are subscribed to it");
                left_out.push(LeftOut::one(Sort::Service, &service.name, why));
            }
        }
    }
    fitting.sort_by_key(|place| {
        let service = &place.service;
        (
            Reverse(service.enterprise),
            Reverse(place.subscribers),
            Reverse(service.enabled),
            service.name.clone(),
        )
    });
    let mut chosen = if named.is_empty() {
        as_said(&fitting, said, &counts)
    } else {
        as_named(&fitting, named, &counts)
    };
    let unknown = named.iter().filter(|name| !estate.services.iter().any(|own| own.name == **name));
    left_out.extend(unknown.map(|name| {
        LeftOut::one(Sort::Service, name, "there is no such service of IP Phone Agent")
    }));
    if !named.is_empty() {
        // Which nodes they lead to is theirs to say.
    } else if chosen.primary.is_none() {
        left_out.extend(said.iter().map(|host| {
            LeftOut::one(
                Sort::Node,
                host,
                "no phone service leads to this node; others do, and are taken instead",
            )
        }));
        chosen = by_use(&fitting, &counts);
    } else {
        let without = said.iter().filter(|host| !chosen.all().any(|place| place.host == **host));
        left_out.extend(without.map(|host| {
            LeftOut::one(
                Sort::Node,
                host,
                "no phone service leads to this node, so it is not declared",
            )
        }));
    }
    let taken = chosen.names();
    left_out.extend(fitting.iter().filter(|place| !taken.contains(&place.service.name)).map(|place| {
        let why = format!(
            "a further one, on {}, with {} subscribed devices: a playbook has one service for each of two nodes; \
             --service '{}' takes it instead",
            place.host, place.subscribers, place.service.name
        );
        LeftOut::one(Sort::Service, &place.service.name, why)
    }));
    chosen.left_out = left_out;
    chosen
}

/// The host that a playbook would declare for this service, or why it cannot.
fn declared_host(service: &PhoneService) -> Result<String, String> {
    let found = host(&service.url).or_else(|| host(&service.secure_url)).unwrap_or_default();
    let found = found.to_ascii_lowercase();
    if !endpoint::is_host(&found) {
        return Err("its URL has no host that a playbook could name".to_owned());
    }
    if let Some(what) = instead_of_fqdn(&found) {
        return Err(format!(
            "its URL has {what}, `{found}`, where the complete name of a node belongs"
        ));
    }
    let count = service.name.chars().count();
    if count > 32 || service.name.chars().any(char::is_control) || service.name.contains('"') {
        return Err("a playbook cannot hold its name".to_owned());
    }
    Ok(found)
}

fn as_said(fitting: &[Place], said: &[String], counts: &Counts) -> Chosen {
    let on = |host: Option<&String>| -> Vec<&Place> {
        fitting.iter().filter(|place| host.is_some_and(|host| place.host == *host)).collect()
    };
    let (first, second) = (on(said.first()), on(said.get(1)));
    let pairs = first.iter().flat_map(|one| second.iter().map(move |other| (*one, *other)));
    let alike = pairs.filter(|(one, other)| one.service.enterprise == other.service.enterprise);
    // The first of equals is the one that is used most.
    let best = alike.max_by_key(|(one, other)| {
        (
            one.service.enterprise,
            counts.both(one, other),
            Reverse(rank(fitting, one)),
            Reverse(rank(fitting, other)),
        )
    });
    let (primary, secondary) = match best {
        Some((one, other)) => (Some(one), Some(other)),
        None => (first.first().or_else(|| second.first()).copied(), None),
    };
    Chosen {
        primary: primary.cloned(),
        secondary: secondary.cloned(),
        as_said: true,
        left_out: Vec::new(),
    }
}

fn rank(fitting: &[Place], place: &Place) -> usize {
    fitting.iter().position(|own| own.service.name == place.service.name).unwrap_or(usize::MAX)
}

fn by_use(fitting: &[Place], counts: &Counts) -> Chosen {
    let Some(first) = fitting.first() else { return Chosen::default() };
    let (mut primary, mut secondary) = (first.clone(), partner(fitting, first, counts).cloned());
    if let Some(second) = &mut secondary
        && comes_second(&primary) > comes_second(second)
    {
        std::mem::swap(&mut primary, second);
    }
    Chosen { primary: Some(primary), secondary, as_said: false, left_out: Vec::new() }
}

fn as_named(fitting: &[Place], named: &[String], counts: &Counts) -> Chosen {
    let of = |name: &String| fitting.iter().find(|place| place.service.name == *name);
    let Some(first) = named.first().and_then(of) else { return Chosen::default() };
    let secondary = match named.get(1) {
        Some(name) => of(name),
        None => partner(fitting, first, counts),
    };
    Chosen {
        primary: Some(first.clone()),
        secondary: secondary.cloned(),
        as_said: true,
        left_out: Vec::new(),
    }
}

/// The service of the other node: the one that phones have together with the first.
fn partner<'a>(fitting: &'a [Place], first: &Place, counts: &Counts) -> Option<&'a Place> {
    let others = fitting.iter().filter(|other| {
        other.host != first.host && other.service.enterprise == first.service.enterprise
    });
    let unused = first.subscribers == 0;
    let fits =
        others.filter(|other| counts.both(first, other) > 0 || (unused && other.subscribers == 0));
    fits.max_by_key(|other| {
        let alike = alike(&first.service.name, &other.service.name);
        (counts.both(first, other), alike, Reverse(rank(fitting, other)))
    })
}

/// Characters that two names begin with alike.
fn alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

/// By this order a service is the secondary node's: a word in its name, then the longer name, then the node's name.
fn comes_second(place: &Place) -> (bool, usize, String) {
    let name = place.service.name.to_lowercase();
    let words = ["secondary", "backup", "standby"];
    (words.iter().any(|word| name.contains(word)), name.chars().count(), place.host.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::estate::samples::{estate, service};

    fn names(chosen: &Chosen) -> Vec<String> {
        chosen.names()
    }

    #[test]
    fn an_ippa_is_known_by_its_path() {
        for url in
            ["http://fin:8082/fippa/#DEVICENAME#", "https://10.0.0.1/FIPPA?x", "http://a/fippa"]
        {
            assert!(leads_to_ippa(url), "{url}");
        }
        for url in [
            "",
            "http://fin:8082/",
            "http://fin/fippatool/",
            "Application:Cisco/fippa",
            "http://a/x/fippa/",
        ] {
            assert!(!leads_to_ippa(url), "{url}");
        }
    }

    #[test]
    fn the_two_that_phones_have_together_are_one_deployment() {
        let services = [
            service("Finesse Backup", "fin-a.example.com"),
            service("Finesse", "fin-b.example.com"),
            service("Test", "fin-t.example.com"),
        ];
        let both = ["Finesse", "Finesse Backup"];
        let estate = estate(&services, &[("SEP1", &both), ("SEP2", &both), ("SEP3", &["Test"])]);
        let chosen = choose(&estate, &[]);
        assert_eq!(names(&chosen), both, "the word backup decides which comes second");
        assert_eq!(chosen.left_out.len(), 1);
        assert!(chosen.left_out[0].why.contains("1 subscribed"), "{:?}", chosen.left_out);
    }

    #[test]
    fn nodes_that_were_said_win_and_one_without_a_service_is_listed() {
        let services = [
            service("Old", "old.example.com"),
            service("New", "fin-a.example.com"),
            service("Again", "fin-a.example.com"),
        ];
        let estate =
            estate(&services, &[("SEP1", &["Old"]), ("SEP2", &["Old"]), ("SEP3", &["New"])]);
        let said = ["fin-a.example.com".to_owned(), "fin-b.example.com".to_owned()];
        let chosen = choose(&estate, &said);
        assert_eq!(names(&chosen), ["New"]);
        assert!(chosen.as_said);
        let left: Vec<_> = chosen.left_out.iter().flat_map(|left| left.names.clone()).collect();
        assert_eq!(left, ["fin-b.example.com", "Old", "Again"]);
        let elsewhere = choose(&estate, &["fin-x.example.com".to_owned()]);
        assert_eq!((names(&elsewhere), elsewhere.as_said), (vec!["Old".to_owned()], false));
    }

    #[test]
    fn services_that_are_named_are_taken_with_their_partner() {
        let services = [
            service("Finesse", "fin-a.example.com"),
            service("Hot", "fin-a.example.com"),
            service("Hot B", "fin-b.example.com"),
        ];
        let hot = ["Hot", "Hot B"];
        let estate =
            estate(&services, &[("SEP1", &["Finesse"]), ("SEP2", &["Finesse"]), ("SEP3", &hot)]);
        let named = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            choose_named(&estate, &["fin-x.example.com".to_owned()], &names)
        };
        assert_eq!(names(&named(&["Hot"])), hot);
        assert_eq!(names(&named(&["Hot B", "Hot"])), ["Hot B", "Hot"]);
        assert_eq!(named(&["Hot"]).left_out.len(), 1, "nodes that were said do not matter then");
        let unknown = named(&["Cold"]);
        assert!(unknown.primary.is_none());
        assert!(unknown.left_out[0].why.contains("no such service"), "{:?}", unknown.left_out);
    }

    #[test]
    fn what_a_playbook_cannot_name_is_listed_with_the_reason() {
        let services =
            [service("Short", "fin-a"), service("Address", "10.0.0.1"), service("Odd", "fin a.x")];
        let estate = estate(&services, &[("SEP1", &["Short"])]);
        let chosen = choose(&estate, &[]);
        assert!(chosen.primary.is_none());
        let why: Vec<_> = chosen.left_out.iter().map(|left| left.why.as_str()).collect();
        assert!(
            why[0].contains("a short name, `fin-a`") && why[0].contains("1 devices"),
            "{why:?}"
        );
        assert!(why[1].contains("an address"), "{why:?}");
        assert!(why[2].contains("no host"), "{why:?}");
    }

    #[test]
    fn enterprise_services_go_before_all_and_together() {
        let mut services = [
            service("Manual", "fin-a.example.com"),
            service("All", "fin-a.example.com"),
            service("All Backup", "fin-b.example.com"),
        ];
        services[1].enterprise = true;
        services[2].enterprise = true;
        let estate = estate(&services, &[("SEP1", &["Manual"])]);
        assert_eq!(names(&choose(&estate, &[])), ["All", "All Backup"]);
    }
}
