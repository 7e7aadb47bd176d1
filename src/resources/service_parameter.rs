//! A service parameter of one button sign-in: exact name, blank default, the right flags.

use std::collections::BTreeSet;

use crate::clients::axl::{PhoneService, Pkid, ServiceParameter};
use crate::plan::{Change, Shown};
use crate::playbook::{Location, Parameter};

use super::phone_service::yes;

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

/// The parameter that should be called `parameter` on this service, under whatever spelling.
pub fn parameter_of(service: &PhoneService, parameter: Parameter) -> Option<&ServiceParameter> {
    let by = |name: &str| service.parameters.iter().find(|p| p.name == name);
    let spelt =
        || service.parameters.iter().find(|p| p.name.eq_ignore_ascii_case(parameter.name()));
    by(parameter.name()).or_else(spelt).or_else(|| by(&format!("{}{SUPERSEDED}", parameter.name())))
}

/// One parameter as it is defined.
pub fn definition(parameter: Parameter, required: bool) -> ServiceParameter {
    let description = match parameter {
        Parameter::Id => "Agent ID",
        Parameter::Extension => "Agent extension",
        Parameter::Password => "Agent password",
    };
    ServiceParameter {
        pkid: Pkid::default(),
        name: parameter.name().to_owned(),
        display_name: parameter.name().to_owned(),
        default: String::new(),
        description: description.to_owned(),
        required,
        password: parameter == Parameter::Password,
    }
}

/// The parameter put right: what people read of it stays theirs.
pub fn corrected(old: &ServiceParameter, parameter: Parameter, required: bool) -> ServiceParameter {
    ServiceParameter {
        display_name: old.display_name.clone(),
        description: old.description.clone(),
        ..definition(parameter, required)
    }
}

/// The name that puts a parameter aside while its values move to its successor.
pub fn superseded(parameter: Parameter) -> String {
    format!("{}{SUPERSEDED}", parameter.name())
}

/// The comparison of one parameter: changes to show, and how it is put right. `held` are the keys of
/// parameters that some subscriber holds a value for.
pub(super) fn compare(
    found: &PhoneService,
    parameter: Parameter,
    required: bool,
    held: &BTreeSet<Pkid>,
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
