//! The application user's password: the one safe test, else what was last written, else nobody can tell.

use secrecy::SecretString;

use crate::clients::phone_authentication::{self, CredentialVerdict};
use crate::plan::NotChecked;
use crate::planner::build::Observation;
use crate::playbook::PasswordChange;
use crate::resources::application_user::PasswordVerdict;
use crate::trouble::Trouble;

use super::remembered::Remembered;
use super::{Purpose, Task};

/// What was found out in this run; a password is tried once.
#[derive(Debug, Clone, Default)]
pub struct Tested(Option<PasswordVerdict>);

impl Tested {
    /// The password was just written: what was found out before no longer holds.
    pub fn forget(&mut self) {
        self.0 = None;
    }
}

/// Judges an existing user's password and notes what cannot be told.
pub async fn judge(
    task: &Task<'_>,
    purpose: Purpose,
    tested: &mut Tested,
    observation: &mut Observation,
) -> Result<(), Trouble> {
    let Some(user) = &observation.application_user else { return Ok(()) };
    let declared = &task.deployment.application_user;
    let rotates = declared.password_change == PasswordChange::Rotate && purpose == Purpose::Apply;
    let remembered = Remembered::read(task.state);
    let subject = format!("password of application user {}", declared.id);
    let verdict = if !rotates && !task.secrets.available(&declared.password) {
        PasswordVerdict::CannotTell(format!("{} is not available here", declared.password.purpose))
    } else {
        let password = task.secrets.resolve(&declared.password)?;
        let verdict = match &tested.0 {
            Some(verdict) => verdict.clone(),
            None => test(task, &password, user.devices.first()).await?,
        };
        tested.0 = Some(verdict.clone());
        match verdict {
            PasswordVerdict::CannotTell(why) => match remembered.same(&subject, &password) {
                Some(false) => PasswordVerdict::Differs,
                Some(true) | None => PasswordVerdict::CannotTell(why),
            },
            verdict @ (PasswordVerdict::Accepted | PasswordVerdict::Differs) => verdict,
        }
    };
    if let PasswordVerdict::CannotTell(why) = &verdict {
        observation.not_checked.push(NotChecked {
            attested: remembered.written(&subject),
            subject,
            reason: why.clone(),
            not_checkable: true,
        });
    }
    observation.password = Some(verdict);
    Ok(())
}

async fn test(
    task: &Task<'_>,
    password: &SecretString,
    device: Option<&String>,
) -> Result<PasswordVerdict, Trouble> {
    let Some(device) = device else {
        let why = "it can only be tried with a controlled device, and the user has none yet";
        return Ok(PasswordVerdict::CannotTell(why.to_owned()));
    };
    let user = &task.deployment.application_user.id;
    let publisher = &task.deployment.cucm.publisher;
    // Another deployment of this call may be trying the same user at this moment.
    let _alone = task.refusals.turn(publisher, user, password).await;
    match task.refusals.same(publisher, user, password) {
        Some(true) => return Ok(PasswordVerdict::Differs),
        Some(false) => {
            let why = "another deployment's password of this user was refused just now, and no second one is tried";
            return Ok(PasswordVerdict::CannotTell(why.to_owned()));
        }
        None => task.stop.check()?,
    }
    Ok(match phone_authentication::test(task.http, publisher, user, password, device).await {
        Ok(CredentialVerdict::Accepted) => {
            task.refusals.accepted(publisher, user, password);
            PasswordVerdict::Accepted
        }
        Ok(CredentialVerdict::Refused) => {
            task.refusals.note(publisher, user, password);
            PasswordVerdict::Differs
        }
        Ok(CredentialVerdict::CannotTell(why)) => PasswordVerdict::CannotTell(why),
        Err(trouble) => PasswordVerdict::CannotTell(trouble.to_string()),
    })
}
