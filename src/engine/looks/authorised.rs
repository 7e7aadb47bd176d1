//! The counter-test of the application user's credential: a phone that is not its own, once, and only with a password
//! that CUCM has just accepted.

use std::collections::BTreeSet;

use crate::checks::Seen;
use crate::checks::settings::ForeignSeen;
use crate::clients::phone_authentication::{self, CredentialVerdict};
use crate::engine::observe::at_publisher;
use crate::resources::application_user::PasswordVerdict;
use crate::trouble::Trouble;

use super::{Around, not_checked};

const SUBJECT: &str = "whether CUCM authorises phones that are not the application user's";

/// Asks CUCM's page what it would tell such a phone.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let (task, observation) = (around.task, around.observation);
    let Some(user) = &observation.application_user else { return Ok(()) };
    if observation.password != Some(PasswordVerdict::Accepted) {
        return Ok(());
    }
    task.stop.check()?;
    let own: BTreeSet<String> = user.devices.iter().cloned().collect();
    let device = match around.reader.another_phone(&own).await {
        Ok(Some(device)) => device,
        Ok(None) => return Ok(()),
        Err(error) => {
            seen.not_checked.push(not_checked(SUBJECT, at_publisher(task, &error).why));
            return Ok(());
        }
    };
    let declared = &task.deployment.application_user;
    let password = task.secrets.resolve(&declared.password)?;
    let publisher = &task.deployment.cucm.publisher;
    let asked =
        phone_authentication::test(task.http, publisher, &declared.id, &password, &device).await;
    let authorised = match asked {
        Ok(CredentialVerdict::Accepted) => true,
        // The password is known to be right: it is the phone that is refused.
        Ok(CredentialVerdict::Refused) => false,
        Ok(CredentialVerdict::CannotTell(why)) => {
            seen.not_checked.push(not_checked(SUBJECT, why));
            return Ok(());
        }
        Err(trouble) => {
            seen.not_checked.push(not_checked(SUBJECT, trouble.to_string()));
            return Ok(());
        }
    };
    seen.foreign = Some(ForeignSeen { device, authorised });
    Ok(())
}
