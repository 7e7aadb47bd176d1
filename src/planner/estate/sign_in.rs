//! Who fills in what, told by the parameters of the services and by the values that subscriptions hold.

use crate::clients::axl::PhoneService;
use crate::playbook::{FilledBy, Parameter};
use crate::resources::service_parameter::parameter_of;
use crate::resources::service_url::ServiceUrl;
use crate::resources::subscription::DeviceState;
use secrecy::ExposeSecret as _;

use super::services::Chosen;
use super::{Estate, LeftOut, Sort};

/// Who fills in each of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// `id`.
    pub id: FilledBy,
    /// `extension`.
    pub extension: FilledBy,
    /// `password`.
    pub password: FilledBy,
}

impl Filled {
    /// Nobody fills in anything.
    pub const AT_SIGN_IN: Self =
        Self { id: FilledBy::SignIn, extension: FilledBy::SignIn, password: FilledBy::SignIn };

    /// Who fills in this one.
    pub fn by(self, parameter: Parameter) -> FilledBy {
        match parameter {
            Parameter::Id => self.id,
            Parameter::Extension => self.extension,
            Parameter::Password => self.password,
        }
    }
}

/// Tells it from the first service and all subscriptions to either.
pub fn tell(estate: &Estate, chosen: &Chosen) -> Filled {
    let Some(primary) = chosen.primary.as_ref().map(|place| &place.service) else {
        return Filled::AT_SIGN_IN;
    };
    if primary.enterprise {
        // Such a subscription carries no values.
        return Filled::AT_SIGN_IN;
    }
    let names = chosen.names();
    let held = |parameter| {
        estate.states.iter().any(|(_, state)| {
            state.subscriptions.iter().any(|one| names.iter().any(|n| **n == *one.service))
                && holds(&state, &names, parameter)
        })
    };
    let [id, extension, password] = Parameter::ALL.map(|parameter| {
        let defined = parameter_of(primary, parameter);
        (defined.map(|own| own.required), defined.is_some() && held(parameter))
    });
    let all = [id, extension, password];
    // A value that has to be there and is there: somebody else than the agent has filled it in.
    let administrator = all.iter().any(|(required, held)| *required == Some(true) && *held);
    let by = |(required, held): (Option<bool>, bool)| match required {
        None => FilledBy::SignIn,
        Some(true) if administrator || held => FilledBy::Administrator,
        Some(true | false) => FilledBy::Agent,
    };
    let mut filled = Filled { id: by(id), extension: by(extension), password: by(password) };
    if filled.password == FilledBy::Administrator && filled.id != FilledBy::Administrator {
        // A playbook finds passwords by the id.
        filled.password = FilledBy::Agent;
    }
    filled
}

fn holds(state: &DeviceState, names: &[String], parameter: Parameter) -> bool {
    let own = |name: &str| name.eq_ignore_ascii_case(parameter.name());
    let rows = state.rows.values().flatten();
    let ours =
        state.subscriptions.iter().filter(|one| names.iter().any(|name| **name == *one.service));
    rows.into_iter().any(|(name, value)| own(name) && !value.expose_secret().is_empty())
        || ours.into_iter().any(|one| {
            let url = ServiceUrl::parse(one.url.expose_secret(), &one.template);
            url.value(parameter).is_some_and(|value| !value.expose_secret().is_empty())
        })
}

/// Parameters beyond the three: they stay, with their values, and no playbook names them.
pub fn further_parameters(chosen: &Chosen) -> Vec<LeftOut> {
    let named = |service: &PhoneService| {
        let names = crate::resources::phone_service::other_parameters(service);
        (!names.is_empty()).then(|| LeftOut {
            kind: Sort::Parameter,
            names,
            why: format!(
                "defined by the service {} beside id, extension and password: they and their values are left alone",
                service.name
            ),
        })
    };
    chosen.all().filter_map(|place| named(&place.service)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::estate::samples::{parameter, service, state};
    use crate::planner::estate::services::choose;

    fn told(parameters: &[(Parameter, bool)], query: &str) -> [FilledBy; 3] {
        let mut one = service("Finesse", "fin-a.example.com");
        one.parameters =
            parameters.iter().map(|(own, required)| parameter(*own, *required)).collect();
        let states = std::iter::once(state("SEP1", &[(&one, query)])).collect();
        let estate = Estate { services: vec![one], states, separator: None };
        let filled = tell(&estate, &choose(&estate, &[]));
        [filled.id, filled.extension, filled.password]
    }

    #[test]
    fn required_values_that_are_there_are_the_administrators() {
        use FilledBy::{Administrator, Agent, SignIn};
        use Parameter::{Extension, Id, Password};
        let both = [(Id, true), (Extension, true)];
        assert_eq!(told(&both, "?id=1&extension=2"), [Administrator, Administrator, SignIn]);
        assert_eq!(told(&both, ""), [Agent, Agent, SignIn]);
        assert_eq!(told(&both, "?id=1"), [Administrator, Administrator, SignIn]);
        assert_eq!(
            told(&[(Id, true), (Extension, false)], "?id=1&extension=2"),
            [Administrator, Agent, SignIn]
        );
        let all = [(Id, true), (Extension, true), (Password, true)];
        assert_eq!(told(&all, "?id=1&extension=2&password=x"), [Administrator; 3]);
        let lone = [(Extension, true), (Password, true)];
        assert_eq!(told(&lone, "?extension=2&password=x"), [SignIn, Administrator, Agent]);
        // A value that the service does not define is nobody's.
        assert_eq!(told(&[], "?id=1"), [SignIn; 3]);
    }

    #[test]
    fn other_parameters_are_listed() {
        let mut one = service("Finesse", "fin-a.example.com");
        let zone = crate::clients::axl::ServiceParameter {
            name: "zone".to_owned(),
            ..parameter(Parameter::Id, true)
        };
        one.parameters = vec![parameter(Parameter::Id, true), zone];
        let estate = Estate { services: vec![one], ..Estate::default() };
        let left = further_parameters(&choose(&estate, &[]));
        assert_eq!(left[0].names, ["zone"]);
    }
}
