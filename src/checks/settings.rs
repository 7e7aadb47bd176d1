//! Checks of *IP Phone Agent Settings* and of what the application user's credential opens.

use crate::plan::{Finding, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::SettingsMode;
use crate::resources::finesse_settings::StoredUser;

use super::{Seen, finding};

/// What CUCM says of a phone that is not the application user's.
#[derive(Debug)]
pub struct ForeignSeen {
    /// The phone.
    pub device: String,
    /// The user may push to it.
    pub authorised: bool,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    plan.findings.extend(not_observable(inputs));
    plan.findings.extend(path(inputs));
    plan.findings.extend(seen.foreign.as_ref().and_then(|foreign| too_broad(inputs, foreign)));
}

/// Wherever the settings are the playbook's: at best the user name can be read.
fn not_observable(inputs: Inputs<'_>) -> Option<Finding> {
    let settings = inputs.deployment.finesse_settings.as_ref()?;
    let user = inputs.observation.finesse.as_ref().map(|finesse| &finesse.user);
    let found = match (&settings.mode, user) {
        (SettingsMode::Elsewhere, _) => return None,
        (SettingsMode::Rest(_), Some(StoredUser::Known(_))) => "the user name alone can be read",
        (SettingsMode::Rest(_) | SettingsMode::Operator, _) => "nothing of them can be read",
    };
    let host = &inputs.deployment.finesse.primary.api.host;
    Some(finding(
        "ippa-settings-not-observable",
        Object::new(ObjectKind::FinesseNode, host),
        "IP Phone Agent Settings",
        "user name and password as declared",
        found,
        Some(&settings.at),
    ))
}

/// The path that the site has given leads nowhere.
fn path(inputs: Inputs<'_>) -> Option<Finding> {
    let settings = inputs.deployment.finesse_settings.as_ref()?;
    let SettingsMode::Rest(request) = &settings.mode else { return None };
    let read_back = request.read_back.as_ref()?;
    let StoredUser::WrongPath(why) = &inputs.observation.finesse.as_ref()?.user else {
        return None;
    };
    let host = &inputs.deployment.finesse.primary.api.host;
    let path = read_back.path.split('?').next().unwrap_or_default();
    Some(finding(
        "ippa-settings-path",
        Object::new(ObjectKind::FinesseNode, host),
        "path of the settings",
        format!("an answer at {path}"),
        why,
        Some(&settings.at),
    ))
}

fn too_broad(inputs: Inputs<'_>, foreign: &ForeignSeen) -> Option<Finding> {
    let user = &inputs.deployment.application_user;
    foreign.authorised.then(|| {
        finding(
            "authentication-too-broad",
            Object::new(ObjectKind::ApplicationUser, &user.id),
            "phones that are not its own",
            "refused",
            format!("authorised for {}", foreign.device),
            Some(&user.at),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{ForeignSeen, StoredUser};
    use crate::checks::stage::Stage;

    #[test]
    fn the_settings_are_never_read_whole() {
        assert_eq!(Stage::finesse(&[]).names("ippa-settings-not-observable").len(), 1);
        let elsewhere = Stage::finesse(&[(
            "{ mode: rest, path: /x, body: '{{ user }}{{ password }}', read_back: { path: /x, user: //u } }",
            "{ mode: elsewhere }",
        )]);
        assert!(elsewhere.names("ippa-settings-not-observable").is_empty());
    }

    #[test]
    fn a_path_that_leads_nowhere_is_an_error() {
        let mut stage = Stage::finesse(&[]);
        stage.nodes().user = StoredUser::CannotTell("HTTP 405".to_owned());
        assert!(stage.names("ippa-settings-path").is_empty());
        stage.nodes().user = StoredUser::WrongPath("HTTP 404".to_owned());
        assert_eq!(stage.names("ippa-settings-path"), ["fin-a.example.com"]);
    }

    #[test]
    fn a_phone_of_others_is_to_be_refused() {
        let mut stage = Stage::finesse(&[]);
        let foreign = |authorised| Some(ForeignSeen { device: "SEP1".to_owned(), authorised });
        stage.seen.foreign = foreign(false);
        assert!(stage.names("authentication-too-broad").is_empty());
        stage.seen.foreign = foreign(true);
        assert_eq!(stage.names("authentication-too-broad"), ["ippa"]);
    }
}
