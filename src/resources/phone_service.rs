//! A phone service's definition: URLs, flags and the parameters of one button sign-in.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::{NewPhoneService, PhoneService, PhoneServiceUpdate, Pkid};
use crate::plan::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, Object, ObjectKind, Severity, Shown, Step,
};
use crate::playbook::{Location, Parameter, ascii_name};

use super::service_parameter::{self, ParameterEdit, definition, parameter_of};
use super::service_url::ServiceUrl;
use super::{DesiredService, replacement};

/// The only category and type that IPPA works with.
pub const CATEGORY: &str = "XML Service";
/// See [`CATEGORY`].
pub const TYPE: &str = "Standard IP Phone Service";
/// What has to be written.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The service does not exist.
    pub create: bool,
    /// The name of the existing service that is changed.
    pub existing: String,
    /// The existing service is renamed to this, and a new one created: its enterprise flag is wrong.
    pub replace: Option<String>,
    /// Fields of the update; parameters not included.
    pub update: PhoneServiceUpdate,
    /// Whether `update` holds anything.
    pub updates: bool,
    /// Parameters.
    pub parameters: Vec<ParameterEdit>,
}

impl Edit {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        !self.create && !self.updates && self.replace.is_none() && self.parameters.is_empty()
    }
}

/// The services of the cluster that a declared service may turn out to be.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Services by name, each read whole.
    pub services: BTreeMap<String, PhoneService>,
    /// Keys of parameters that some subscriber holds a value for.
    pub held: BTreeSet<Pkid>,
    /// By declared name, the free name under which a service with a wrong enterprise flag is to be kept.
    pub aside: BTreeMap<String, String>,
}

/// The existing service that stands for `wanted`: the one of its name, else the one to adopt.
pub fn existing<'a>(
    wanted: &DesiredService,
    candidates: &'a Candidates,
) -> Option<&'a PhoneService> {
    let adopted = || wanted.adopt.as_ref().and_then(|name| candidates.services.get(name));
    candidates.services.get(&wanted.name).or_else(adopted)
}

/// The comparison: changes to show, and the edit that makes them.
pub fn compare(wanted: &DesiredService, candidates: &Candidates) -> (Vec<Change>, Edit) {
    let mut changes = Vec::new();
    let mut change = |field: &str, before: Shown, after: Shown, check, at: &Location| {
        changes.push(Change {
            field: field.to_owned(),
            before,
            after,
            check,
            declared: at.clone(),
        });
    };
    let at = &wanted.declared;
    let Some(found) = existing(wanted, candidates) else {
        change("service", Shown::Absent, Shown::text(summary(wanted)), "service-missing", at);
        return (changes, Edit { create: true, ..Edit::default() });
    };
    let mut edit = Edit { existing: found.name.clone(), ..Edit::default() };
    if found.enterprise != wanted.enterprise {
        let old = replacement::aside_name(wanted, candidates);
        let (is, shall) = (flag(found.enterprise), flag(wanted.enterprise));
        change("enterprise subscription", is, shall, "service-enterprise-changed", at);
        change(
            "replaced service",
            Shown::text(&found.name),
            Shown::text(&old),
            "service-enterprise-changed",
            at,
        );
        edit.replace = Some(old);
        return (changes, edit);
    }
    let update = &mut edit.update;
    if found.name != wanted.name {
        change("name", Shown::text(&found.name), Shown::text(&wanted.name), "service-missing", at);
        update.new_name = Some(wanted.name.clone());
        update.ascii_name = Some(ascii_name(&wanted.name));
    }
    for (field, is, shall, secure) in [
        ("URL", &found.url, &wanted.url, false),
        ("secure URL", &found.secure_url, &wanted.secure_url, true),
    ] {
        if is != shall {
            change(field, shown_url(is), Shown::text(shall), url_check(is, wanted, secure), at);
            let target = if secure { &mut update.secure_url } else { &mut update.url };
            *target = Some(shall.clone());
        }
    }
    if found.category != CATEGORY {
        change(
            "category",
            shown(&found.category),
            Shown::text(CATEGORY),
            "service-category-type",
            at,
        );
        update.category = Some(CATEGORY.to_owned());
    }
    if found.kind != TYPE {
        change("type", shown(&found.kind), Shown::text(TYPE), "service-category-type", at);
        update.kind = Some(TYPE.to_owned());
    }
    if !found.enabled {
        change("enabled", flag(false), flag(true), "service-disabled", at);
        update.enabled = Some(true);
    }
    edit.updates = !changes.is_empty();
    for (parameter, required) in &wanted.parameters {
        let at = &wanted.parameters_declared;
        let (more, repair) =
            service_parameter::compare(found, *parameter, *required, &candidates.held, at);
        changes.extend(more);
        edit.parameters.extend(repair);
    }
    (changes, edit)
}

/// The step, if anything changes. `sql` says whether direct database writes may happen at all, `asks` whether
/// they need a permission of their own.
pub fn step(
    wanted: &DesiredService,
    candidates: &Candidates,
    sql: bool,
    asks: bool,
) -> Option<Step> {
    let (changes, edit) = compare(wanted, candidates);
    if edit.is_empty() {
        return None;
    }
    let needs_sql = edit.parameters.iter().any(ParameterEdit::needs_sql);
    let mut disturbs = BTreeSet::new();
    if needs_sql && sql && asks {
        disturbs.insert(Disturbance::Sql);
    }
    if edit.replace.is_some() {
        disturbs.insert(Disturbance::ReplaceService);
    }
    if wanted.enterprise && (edit.create || edit.replace.is_some()) {
        disturbs.insert(Disturbance::ClusterWide);
    }
    let call = Call::Axl(match (edit.create, edit.replace.is_some()) {
        (true, _) => AxlCall::AddPhoneService,
        (false, true) => AxlCall::ReplacePhoneService,
        (false, false) => AxlCall::UpdatePhoneService,
    });
    let object = Object::new(ObjectKind::PhoneService, &wanted.name);
    Some(Step { disturbs, ..Step::new(Kind::PhoneService, object, changes, call) })
}

/// Parameters beyond those that somebody prefills: reported, never removed.
pub fn undeclared_parameters(wanted: &DesiredService, found: &PhoneService) -> Vec<Finding> {
    let own: Vec<&Pkid> = wanted
        .parameters
        .iter()
        .filter_map(|(parameter, _)| Some(&parameter_of(found, *parameter)?.pkid))
        .collect();
    let others = found.parameters.iter().filter(|parameter| !own.contains(&&parameter.pkid));
    others
        .map(|parameter| Finding {
            check: "obsi-parameter-unknown",
            severity: Severity::Warning,
            object: Object::new(ObjectKind::PhoneService, &wanted.name),
            field: format!("parameter {}", parameter.name),
            expected: Shown::Absent,
            found: Shown::text("defined"),
            declared: Some(wanted.parameters_declared.clone()),
        })
        .collect()
}

/// The service to adopt, where the declared one exists as well: reported, and left alone.
pub fn not_adopted(wanted: &DesiredService, candidates: &Candidates) -> Option<Finding> {
    let adopt = wanted.adopt.as_ref().filter(|adopt| **adopt != wanted.name)?;
    let both =
        candidates.services.contains_key(&wanted.name) && candidates.services.contains_key(adopt);
    both.then(|| Finding {
        check: "service-not-adopted",
        severity: Severity::Warning,
        object: Object::new(ObjectKind::PhoneService, &wanted.name),
        field: "adopt".to_owned(),
        expected: Shown::text(format!("{adopt} or {}, not both", wanted.name)),
        found: Shown::text("both"),
        declared: Some(wanted.declared.clone()),
    })
}

/// Names of parameters that are none of the three, in no spelling.
pub fn other_parameters(service: &PhoneService) -> Vec<String> {
    let own = |name: &str| Parameter::ALL.iter().any(|p| name.eq_ignore_ascii_case(p.name()));
    let names = service.parameters.iter().map(|parameter| parameter.name.clone());
    names.filter(|name| !own(name)).collect()
}

/// The definition that creates the service.
pub fn creation(wanted: &DesiredService) -> NewPhoneService {
    NewPhoneService {
        name: wanted.name.clone(),
        ascii_name: ascii_name(&wanted.name),
        description: "Finesse IP Phone Agent".to_owned(),
        url: wanted.url.clone(),
        secure_url: wanted.secure_url.clone(),
        category: CATEGORY.to_owned(),
        kind: TYPE.to_owned(),
        enabled: true,
        enterprise: wanted.enterprise,
        parameters: wanted
            .parameters
            .iter()
            .map(|(p, required)| definition(*p, *required))
            .collect(),
    }
}

fn url_check(found: &str, wanted: &DesiredService, secure: bool) -> &'static str {
    let host = format!("//{}:", wanted.host);
    match (found, secure) {
        ("", true) => "service-secure-url-missing",
        ("", false) => "service-plain-url-missing",
        (url, _) if url.contains(['?', '&']) => "service-url-with-parameters",
        (url, _) if !url.contains(&host) => "service-host-not-finesse",
        _ => "service-url-malformed",
    }
}

fn summary(wanted: &DesiredService) -> String {
    let parameters: Vec<&str> = wanted.parameters.iter().map(|(p, _)| p.name()).collect();
    if parameters.is_empty() {
        wanted.secure_url.clone()
    } else {
        format!("{} with {}", wanted.secure_url, parameters.join(", "))
    }
}

fn shown(text: &str) -> Shown {
    if text.is_empty() { Shown::Absent } else { Shown::text(text) }
}

/// A URL as it is shown: somebody may have written values into it.
fn shown_url(url: &str) -> Shown {
    shown(&ServiceUrl::parse(url, "").shown())
}

/// A flag as it is shown.
pub(super) fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn flag(value: bool) -> Shown {
    Shown::text(yes(value))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::resources) fn wanted(name: &str, adopt: Option<&str>) -> DesiredService {
        let at = Location { file: "emea.yaml".into(), line: 3, column: 1 };
        DesiredService {
            name: name.to_owned(),
            adopt: adopt.map(str::to_owned),
            url: String::new(),
            secure_url: String::new(),
            host: String::new(),
            enterprise: false,
            parameters: Vec::new(),
            declared: at.clone(),
            parameters_declared: at,
        }
    }

    pub(in crate::resources) fn candidates(services: &[(&str, bool)]) -> Candidates {
        let service = |(name, enterprise): &(&str, bool)| {
            let service = PhoneService {
                name: (*name).to_owned(),
                ascii_name: String::new(),
                description: String::new(),
                url: String::new(),
                secure_url: String::new(),
                category: CATEGORY.to_owned(),
                kind: TYPE.to_owned(),
                vendor: String::new(),
                version: String::new(),
                enabled: true,
                enterprise: *enterprise,
                parameters: Vec::new(),
            };
            ((*name).to_owned(), service)
        };
        Candidates { services: services.iter().map(service).collect(), ..Candidates::default() }
    }

    #[test]
    fn a_service_that_cannot_be_adopted_is_reported() {
        let wanted = wanted("One", Some("Other"));
        assert!(not_adopted(&wanted, &candidates(&[("Other", false)])).is_none());
        assert!(not_adopted(&wanted, &candidates(&[("One", false)])).is_none());
        let both = not_adopted(&wanted, &candidates(&[("One", false), ("Other", false)]));
        assert_eq!(both.unwrap().check, "service-not-adopted");
    }

    #[test]
    fn the_ascii_name_is_ascii() {
        assert_eq!(creation(&wanted("Söhne", None)).ascii_name, "Sohne");
        let (_, edit) = compare(&wanted("Söhne", Some("Other")), &candidates(&[("Other", false)]));
        assert_eq!(edit.update.ascii_name.as_deref(), Some("Sohne"));
    }
}
