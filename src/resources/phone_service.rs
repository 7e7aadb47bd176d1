//! A phone service's definition: URLs, flags and the parameters of one button sign-in.

use std::collections::{BTreeMap, BTreeSet};

use crate::clients::axl::{NewPhoneService, PhoneService, PhoneServiceUpdate, ServiceParameter};
use crate::plan::{
    AxlCall, Call, Change, Disturbance, Finding, Kind, Object, ObjectKind, Severity, Shown, Step,
    StepState,
};
use crate::playbook::{Location, Parameter};

use super::DesiredService;

/// The only category and type that IPPA works with.
pub const CATEGORY: &str = "XML Service";
/// See [`CATEGORY`].
pub const TYPE: &str = "Standard IP Phone Service";
/// Marks a parameter whose values are on their way to its successor, so that an interrupted repair is resumed.
const SUPERSEDED: &str = "-superseded";

/// How one parameter is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterEdit {
    /// Define it; `true` = *Parameter is Required*.
    Add(Parameter, bool),
    /// Nobody holds a value for it: remove the wrong one and define the right one, in one request.
    Exchange {
        /// The wrong one.
        old: ServiceParameter,
        /// The right one.
        new: Parameter,
        /// *Parameter is Required*.
        required: bool,
    },
    /// Only its name is wrong, and subscribers hold values: rename in place (SQL).
    Rename {
        /// The wrong one.
        old: ServiceParameter,
        /// The right one.
        new: Parameter,
        /// *Parameter is Required*.
        required: bool,
    },
    /// Its flags are wrong, and subscribers hold values: define a successor, move the values, remove (SQL).
    Succeed {
        /// The wrong one, possibly already put aside.
        old: ServiceParameter,
        /// The right one.
        new: Parameter,
        /// *Parameter is Required*.
        required: bool,
    },
}

impl ParameterEdit {
    /// Whether it needs direct database writes.
    pub fn needs_sql(&self) -> bool {
        matches!(self, Self::Rename { .. } | Self::Succeed { .. })
    }
}

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
    pub held: BTreeSet<String>,
}

/// Name under which a service with a wrong enterprise flag is kept.
pub fn replaced_name(name: &str) -> String {
    let kept: String = name.chars().take(26).collect();
    format!("{kept} (old)")
}

/// The existing service that stands for `wanted`: the one of its name, else the one to adopt.
pub fn existing<'a>(
    wanted: &DesiredService,
    candidates: &'a Candidates,
) -> Option<&'a PhoneService> {
    let adopted = || wanted.adopt.as_ref().and_then(|name| candidates.services.get(name));
    candidates.services.get(&wanted.name).or_else(adopted)
}

/// The parameter that should be called `parameter` on this service, under whatever spelling.
pub fn parameter_of(service: &PhoneService, parameter: Parameter) -> Option<&ServiceParameter> {
    let by = |name: &str| service.parameters.iter().find(|p| p.name == name);
    let spelt =
        || service.parameters.iter().find(|p| p.name.eq_ignore_ascii_case(parameter.name()));
    by(parameter.name()).or_else(spelt).or_else(|| by(&format!("{}{SUPERSEDED}", parameter.name())))
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
        let old = replaced_name(&wanted.name);
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
        update.ascii_name = Some(wanted.name.clone());
    }
    for (field, is, shall, secure) in [
        ("URL", &found.url, &wanted.url, false),
        ("secure URL", &found.secure_url, &wanted.secure_url, true),
    ] {
        if is != shall {
            change(field, shown(is), Shown::text(shall), url_check(is, wanted, secure), at);
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
        let (more, repair) = compare_parameter(found, *parameter, *required, &candidates.held, at);
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
    Some(Step {
        kind: Kind::PhoneService,
        object: Object::new(ObjectKind::PhoneService, &wanted.name),
        changes,
        disturbs,
        call: Call::Axl(match (edit.create, edit.replace.is_some()) {
            (true, _) => AxlCall::AddPhoneService,
            (false, true) => AxlCall::ReplacePhoneService,
            (false, false) => AxlCall::UpdatePhoneService,
        }),
        alters: false,
        removals: 0,
        state: StepState::Planned,
    })
}

/// Parameters beyond those that somebody prefills: reported, never removed.
pub fn undeclared_parameters(wanted: &DesiredService, found: &PhoneService) -> Vec<Finding> {
    let own: Vec<&str> = wanted
        .parameters
        .iter()
        .filter_map(|(parameter, _)| Some(parameter_of(found, *parameter)?.pkid.as_str()))
        .collect();
    let others =
        found.parameters.iter().filter(|parameter| !own.contains(&parameter.pkid.as_str()));
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

/// The definition that creates the service.
pub fn creation(wanted: &DesiredService) -> NewPhoneService {
    NewPhoneService {
        name: wanted.name.clone(),
        ascii_name: wanted.name.clone(),
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

/// One parameter as it is defined.
pub fn definition(parameter: Parameter, required: bool) -> ServiceParameter {
    let description = match parameter {
        Parameter::Id => "Agent ID",
        Parameter::Extension => "Agent extension",
        Parameter::Password => "Agent password",
    };
    ServiceParameter {
        pkid: String::new(),
        name: parameter.name().to_owned(),
        display_name: parameter.name().to_owned(),
        default: String::new(),
        description: description.to_owned(),
        required,
        password: parameter == Parameter::Password,
    }
}

/// The name that puts a parameter aside while its values move to its successor.
pub fn superseded(parameter: Parameter) -> String {
    format!("{}{SUPERSEDED}", parameter.name())
}

fn compare_parameter(
    found: &PhoneService,
    parameter: Parameter,
    required: bool,
    held: &BTreeSet<String>,
    at: &Location,
) -> (Vec<Change>, Option<ParameterEdit>) {
    let mut changes = Vec::new();
    let mut change = |field: &str, before: Shown, after: Shown, check| {
        let field = format!("parameter {}{field}", parameter.name());
        changes.push(Change { field, before, after, check, declared: at.clone() });
    };
    let Some(is) = parameter_of(found, parameter) else {
        let after = if required { "defined, required" } else { "defined" };
        change("", Shown::Absent, Shown::text(after), "obsi-parameter-missing");
        return (changes, Some(ParameterEdit::Add(parameter, required)));
    };
    let aside = superseded(parameter);
    let left_over = found.parameters.iter().find(|p| p.name == aside && p.pkid != is.pkid);
    if let Some(left_over) = left_over {
        change(
            "",
            Shown::text(&left_over.name),
            Shown::text(parameter.name()),
            "obsi-parameter-name",
        );
        let old = left_over.clone();
        return (changes, Some(ParameterEdit::Succeed { old, new: parameter, required }));
    }
    if is.name != parameter.name() {
        change(
            " name",
            Shown::text(&is.name),
            Shown::text(parameter.name()),
            "obsi-parameter-name",
        );
    }
    let masked = parameter == Parameter::Password;
    let renamed_only = is.default.is_empty() && is.required == required && is.password == masked;
    if !is.default.is_empty() {
        // A default is somebody's value: it is not shown.
        changes.push(flag_change(
            parameter,
            "default",
            "set",
            "blank",
            "obsi-parameter-default",
            at,
        ));
    }
    if is.required != required {
        let (is, shall) = (yes(is.required), yes(required));
        changes.push(flag_change(parameter, "required", is, shall, "obsi-required-flag", at));
    }
    if is.password != masked {
        let check = if masked { "obsi-password-not-masked" } else { "obsi-mask-on-other" };
        changes.push(flag_change(parameter, "masked", yes(is.password), yes(masked), check, at));
    }
    if changes.is_empty() {
        return (changes, None);
    }
    let old = is.clone();
    let edit = match (held.contains(&is.pkid), renamed_only) {
        (false, _) => ParameterEdit::Exchange { old, new: parameter, required },
        (true, true) => ParameterEdit::Rename { old, new: parameter, required },
        (true, false) => ParameterEdit::Succeed { old, new: parameter, required },
    };
    (changes, Some(edit))
}

fn flag_change(
    parameter: Parameter,
    field: &str,
    before: &str,
    after: &str,
    check: &'static str,
    at: &Location,
) -> Change {
    let field = format!("parameter {} {field}", parameter.name());
    Change {
        field,
        before: Shown::text(before),
        after: Shown::text(after),
        check,
        declared: at.clone(),
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
    match parameters.is_empty() {
        true => wanted.secure_url.clone(),
        false => format!("{} with {}", wanted.secure_url, parameters.join(", ")),
    }
}

fn shown(text: &str) -> Shown {
    if text.is_empty() { Shown::Absent } else { Shown::text(text) }
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

fn flag(value: bool) -> Shown {
    Shown::text(yes(value))
}
