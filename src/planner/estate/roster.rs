//! The rows of a roster, made of what is subscribed: a row that would change anything is set aside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use crate::clients::axl::DeviceKind;
use crate::lint::values::value_rules;
use crate::playbook::draft::{RowDraft, fits_a_cell};
use crate::playbook::roster::{holds_device, holds_profile};
use crate::playbook::{Cell, FilledBy, Location, Manage, Parameter, Product, SubscriptionKind};
use crate::resources::phone_service::other_parameters;
use crate::resources::service_url::ServiceUrl;
use crate::resources::subscription::{self, DeviceState, Difference, Listed, Rules, ServiceView};
use crate::resources::{DesiredDevice, Wanted};

use super::services::Chosen;
use super::sign_in::Filled;
use super::{Estate, LeftOut, Sort};

/// What rows are made of.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// What was read.
    pub estate: &'a Estate,
    /// The services of the deployment.
    pub chosen: &'a Chosen,
    /// How phones come to be subscribed.
    pub subscription: SubscriptionKind,
    /// Who fills in what.
    pub filled: Filled,
    /// The product, which decides what an id may be.
    pub product: Product,
    /// The application user; none where it could not be told.
    pub user: Option<&'a str>,
    /// The devices and profiles that the application user controls.
    pub controlled: &'a BTreeMap<String, DeviceKind>,
}

/// The rows.
#[derive(Debug, Default)]
pub struct Roster {
    /// Rows with values, and what goes with them.
    pub rows: Vec<RowDraft>,
    /// Rows without.
    pub phones: Vec<RowDraft>,
    /// Rows that would change something, for a file that the playbook does not name.
    pub aside: Vec<RowDraft>,
    /// What they do not say, and why.
    pub left_out: Vec<LeftOut>,
}

const ASIDE: &str = "their rows are set aside; in the roster, a plan would not be empty with them";

/// Makes the rows.
pub fn roster(inputs: Inputs<'_>) -> Roster {
    let mut roster = Roster::default();
    let mut why = Reasons::default();
    if inputs.subscription == SubscriptionKind::Manual {
        subscribed(inputs, &mut roster, &mut why);
    } else {
        for (name, kind) in inputs.controlled {
            if holds(name, *kind) {
                roster.phones.push(named(name, *kind));
            } else {
                why.note(UNHOLDABLE, name);
            }
        }
    }
    roster.rows = merged(&roster.rows);
    roster.left_out = why.listed();
    roster
}

/// The rules that rows are compared by: the services as they are defined, right or wrong. What is wrong with a service
/// is no matter of each device.
pub fn rules(inputs: Inputs<'_>) -> Rules {
    let services = inputs.chosen.all().map(|place| ServiceView {
        name: place.service.name.clone(),
        known_as: vec![place.service.name.clone()],
        former: None,
        carried: other_parameters(&place.service),
        url: place.service.url.clone(),
        secure_url: place.service.secure_url.clone(),
    });
    Rules {
        services: services.collect(),
        retired: Vec::new(),
        subscription: inputs.subscription,
        sql: true,
        separator_said: None,
        separator_seen: inputs.estate.separator,
    }
}

const UNHOLDABLE: &str = "a roster cannot hold such a name: they are in none";
const CONTROLLED: &str = "controlled by the application user, and not subscribed to the services: they stay, and are in no roster";

fn subscribed(inputs: Inputs<'_>, roster: &mut Roster, why: &mut Reasons) {
    let rules = rules(inputs);
    let ours = |state: &DeviceState| {
        let mut all = state.subscriptions.iter();
        all.find(|one| rules.services.iter().any(|view| view.is(&one.service))).map(|one| one.kind)
    };
    let mut seen = BTreeSet::new();
    for (name, state) in inputs.estate.states.iter() {
        let Some(kind) = ours(&state) else { continue };
        seen.insert(name.to_owned());
        if !holds(name, kind) {
            why.note(UNHOLDABLE, name);
            continue;
        }
        let mut row = named(name, kind);
        let cell = |parameter| cell(inputs, &rules, &state, parameter);
        for (parameter, place) in
            [(Parameter::Id, &mut row.id), (Parameter::Extension, &mut row.extension)]
        {
            *place = cell(parameter);
            if *place == Cell::Keep {
                let text = format!(
                    "the stored {} cannot be written into a roster: the cell says `keep`",
                    parameter.name()
                );
                why.note(&text, name);
            }
        }
        let wanted = desired(inputs, &row, name, kind);
        let difference = subscription::compare(&wanted, Listed::Roster, &rules, &state);
        let mut aside = judged(name, &difference, why);
        if let Some(user) = inputs.user
            && !inputs.controlled.contains_key(name)
        {
            why.note(&format!("subscribed, and not controlled by {user}: {ASIDE}"), name);
            aside = true;
        }
        let without = row.id == Cell::Empty && row.extension == Cell::Empty;
        let place = match (aside, without) {
            (true, _) => &mut roster.aside,
            (false, true) => &mut roster.phones,
            (false, false) => &mut roster.rows,
        };
        place.push(row);
    }
    for name in inputs.controlled.keys().filter(|name| !seen.contains(*name)) {
        why.note(CONTROLLED, name);
    }
}

/// Whether a plan would change anything on the device, or find it wrong. What is merely found is noted.
fn judged(name: &str, difference: &Difference, why: &mut Reasons) -> bool {
    let mut wrong: BTreeSet<&str> =
        difference.changes.iter().map(|change| sentence(change.check)).collect();
    for finding in &difference.findings {
        match finding.check {
            "subscription-duplicate" => {
                why.note(
                    "subscribed several times to one service: a row speaks of all of them",
                    name,
                );
            }
            check => drop(wrong.insert(sentence(check))),
        }
    }
    if wrong.is_empty() {
        return false;
    }
    let wrong: Vec<&str> = wrong.into_iter().collect();
    why.note(&format!("{}: {ASIDE}", wrong.join(", and ")), name);
    true
}

fn sentence(check: &str) -> &str {
    match check {
        "subscription-one-service-only" | "profile-not-subscribed" | "subscription-missing" => {
            "subscribed to one of the two services only"
        }
        "subscription-values-differ" => {
            "the two services, or URL and secure URL, hold different values"
        }
        "subscription-values-missing" => "a value is missing in the URL or secure URL of a service",
        "subscription-value-undeclared" => "a value that no parameter of the service stands for",
        "subscription-url-stale" => {
            "a URL that is not made of the service's own, or with a parameter that the service does not define"
        }
        "subscription-value-rows-differ" => {
            "the value that the console shows is not the one in the URL"
        }
        other => other,
    }
}

fn holds(name: &str, kind: DeviceKind) -> bool {
    match kind {
        DeviceKind::Phone => holds_device(name),
        DeviceKind::DeviceProfile => holds_profile(name),
    }
}

fn named(name: &str, kind: DeviceKind) -> RowDraft {
    let name = Some(name.to_owned());
    match kind {
        DeviceKind::Phone => RowDraft { device: name, ..RowDraft::default() },
        DeviceKind::DeviceProfile => RowDraft { device_profile: name, ..RowDraft::default() },
    }
}

/// The cell of a value that the administrator fills in.
fn cell(inputs: Inputs<'_>, rules: &Rules, state: &DeviceState, parameter: Parameter) -> Cell {
    if inputs.filled.by(parameter) != FilledBy::Administrator {
        return Cell::Empty;
    }
    let Some(value) = stored(rules, state, parameter) else { return Cell::Empty };
    let value = value.expose_secret();
    let numbers = parameter == Parameter::Id && inputs.product != Product::Uccx;
    let fits = fits_a_cell(value)
        && !value_rules(value).contains(&"subscription-value-limits")
        && (!numbers || value.bytes().all(|byte| byte.is_ascii_digit()));
    if fits { Cell::Value(value.into()) } else { Cell::Keep }
}

/// What is stored for a parameter: with the primary service before the secondary, in the URL before the row.
fn stored(rules: &Rules, state: &DeviceState, parameter: Parameter) -> Option<SecretString> {
    let own = |name: &str| name.eq_ignore_ascii_case(parameter.name());
    rules.services.iter().find_map(|view| {
        let mut ours: Vec<_> =
            state.subscriptions.iter().filter(|one| view.is(&one.service)).collect();
        ours.sort_by(|a, b| a.pkid.cmp(&b.pkid));
        ours.into_iter().find_map(|one| {
            let url = ServiceUrl::parse(one.url.expose_secret(), &view.url);
            let secure = ServiceUrl::parse(one.secure_url.expose_secret(), &view.secure_url);
            let row = || {
                state
                    .rows
                    .get(&one.pkid)?
                    .iter()
                    .find(|(name, _)| own(name))
                    .map(|(_, value)| value)
            };
            let value = url.value(parameter).or_else(row).or_else(|| secure.value(parameter))?;
            (!value.expose_secret().is_empty()).then(|| value.clone())
        })
    })
}

/// What the row asks for, as [`crate::resources::Desired`] derives it where passwords are kept.
fn desired(inputs: Inputs<'_>, row: &RowDraft, name: &str, kind: DeviceKind) -> DesiredDevice {
    let of_cell = |cell: &Cell| match cell {
        Cell::Empty => Wanted::Nothing,
        Cell::Keep => Wanted::Keep,
        Cell::Value(value) => Wanted::Value(SecretString::from(value.as_str())),
    };
    let wanted = |parameter| match (inputs.filled.by(parameter), parameter) {
        (FilledBy::SignIn, _) => Wanted::Nothing,
        (FilledBy::Agent, _) => Wanted::Agent,
        (FilledBy::Administrator, Parameter::Id) => of_cell(&row.id),
        (FilledBy::Administrator, Parameter::Extension) => of_cell(&row.extension),
        (FilledBy::Administrator, Parameter::Password) if row.id == Cell::Empty => Wanted::Nothing,
        (FilledBy::Administrator, Parameter::Password) => Wanted::Keep,
    };
    DesiredDevice {
        name: name.into(),
        kind,
        manage: Manage::All,
        values: Parameter::ALL.into_iter().map(|own| (own, wanted(own))).collect(),
        declared: Location { file: Arc::from(""), line: 1, column: 1 },
    }
}

/// A phone and a profile with the values of one agent, and nobody else with them, are one row.
fn merged(rows: &[RowDraft]) -> Vec<RowDraft> {
    let key = |row: &RowDraft| match (&row.id, &row.extension) {
        (Cell::Value(id), extension) if *extension != Cell::Keep => {
            Some((id.clone(), format!("{extension:?}"), row.manage))
        }
        _ => None,
    };
    let mut alike: BTreeMap<_, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(key) = key(row) else { continue };
        let (phones, profiles) = alike.entry(key).or_default();
        if row.device.is_some() { phones.push(place) } else { profiles.push(place) }
    }
    let pairs: BTreeMap<usize, usize> = alike
        .into_values()
        .filter_map(|(phones, profiles)| match (phones.as_slice(), profiles.as_slice()) {
            ([phone], [profile]) => Some((*phone, *profile)),
            _ => None,
        })
        .collect();
    let taken: BTreeSet<usize> = pairs.values().copied().collect();
    let with = |(place, row): (usize, &RowDraft)| {
        let profile = pairs.get(&place).and_then(|profile| rows.get(*profile));
        let profile =
            profile.map_or_else(|| row.device_profile.clone(), |own| own.device_profile.clone());
        (!taken.contains(&place)).then(|| RowDraft { device_profile: profile, ..row.clone() })
    };
    rows.iter().enumerate().filter_map(with).collect()
}

/// Devices by what is to be said of them.
#[derive(Debug, Default)]
struct Reasons(BTreeMap<String, Vec<String>>);

impl Reasons {
    fn note(&mut self, why: &str, name: &str) {
        match self.0.get_mut(why) {
            Some(names) => names.push(name.to_owned()),
            None => drop(self.0.insert(why.to_owned(), vec![name.to_owned()])),
        }
    }

    fn listed(self) -> Vec<LeftOut> {
        let listed = |(why, names)| LeftOut { kind: Sort::Device, names, why };
        self.0.into_iter().map(listed).collect()
    }
}

#[cfg(test)]
mod tests;
