//! The roster's phones: registration through `RisPort`, and the one safe test of the application user's credential.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use secrecy::SecretString;

use crate::checks::doctor::phones::{authentication, registration};
use crate::checks::doctor::{Area, Line};
use crate::clients::phone_authentication::{self, CredentialVerdict};
use crate::clients::refusals::Refusals;
use crate::clients::risport::{Devices, Pace, RisPort, RisPortError, RisPortSettings};
use crate::trouble::Trouble;

use super::axl::{Asked, Cucm, NOT_TAKEN};
use super::{Exam, Password, probe};

/// Longest wait for the cluster's allowance of requests.
const PATIENCE: Duration = Duration::from_mins(2);

/// Looks at the phones.
pub(super) async fn look(exam: &mut Exam<'_, '_>, cucm: &Cucm) -> Result<(), Trouble> {
    let rows = &exam.task.deployment.agents.rows;
    let wanted: BTreeSet<&str> = rows.iter().filter_map(|row| row.device.as_deref()).collect();
    let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
    let devices = registered(exam, cucm, &wanted).await?;
    let tested = credential(exam, cucm, &wanted).await?;
    match devices {
        Some(devices) => probe::look(exam, cucm, (&wanted, &devices), tested.as_ref()).await,
        None => Ok(()),
    }
}

async fn registered(
    exam: &mut Exam<'_, '_>,
    cucm: &Cucm,
    wanted: &[String],
) -> Result<Option<Devices>, Trouble> {
    const SUBJECT: &str = "registration";
    let deployment = exam.task.deployment;
    let own = deployment.credentials.serviceability.as_ref();
    let credential = own.unwrap_or(&deployment.credentials.axl);
    let publisher = &deployment.cucm.publisher;
    if wanted.is_empty() {
        exam.add(Line::ok(Area::Phones, SUBJECT, "the roster names no phone"));
        return Ok(None);
    }
    if exam.blocked(Area::Phones, SUBJECT, publisher) {
        return Ok(None);
    }
    if own.is_none() && cucm.reader.is_none() {
        exam.add(Line::not_checked(Area::Phones, SUBJECT, NOT_TAKEN));
        return Ok(None);
    }
    let password = match exam.password(credential) {
        Password::Here(password) => password,
        Password::Missing(why) => {
            let fix = "give the password that credentials.serviceability of the playbook names";
            exam.add(Line::not_checked(Area::Phones, SUBJECT, why).fix(fix));
            return Ok(None);
        }
    };
    exam.begin("registration of the phones")?;
    let client = RisPort::new(RisPortSettings {
        endpoint: publisher.clone(),
        user: credential.user.clone(),
        password,
        http: exam.task.http.clone(),
        pace: Pace::default(),
        patience: PATIENCE,
        on_wait: std::sync::Arc::new(|_| ()),
        stop: exam.task.stop.clone(),
        refusals: own.map_or_else(Refusals::default, |_| exam.task.refusals.clone()),
    });
    match client.select_devices(wanted).await {
        Ok(devices) => {
            exam.lines.extend(registration(wanted, &devices));
            return Ok(Some(devices));
        }
        Err(error) => {
            let trouble = error.trouble(format!("{publisher} as {}", credential.user));
            let line = Line::of(Area::Phones, SUBJECT, &trouble);
            let stopped =
                matches!(error, RisPortError::Unexpected { .. } | RisPortError::Fault { .. });
            exam.add(if stopped { line.fix(START) } else { line });
        }
    }
    Ok(None)
}

const START: &str = "check Cisco RIS Data Collector in Cisco Unified Serviceability > Tools > Control Center - Network \
                     Services on the publisher, then run again";

/// First one phone that AXL calls controlled; a refusal there is the password's, and no other is tried. The password
/// comes back where it was accepted.
async fn credential(
    exam: &mut Exam<'_, '_>,
    cucm: &Cucm,
    wanted: &[String],
) -> Result<Option<SecretString>, Trouble> {
    let deployment = exam.task.deployment;
    let declared = &deployment.application_user;
    let subject = format!("Authentication URL for {}", declared.id);
    if exam.blocked(Area::Phones, subject.as_str(), &deployment.cucm.publisher) {
        return Ok(None);
    }
    let controlled = match &cucm.user {
        Asked::There(user) => &user.devices,
        Asked::Absent => {
            // Whether it should be there is for verify to say; here there is nothing to try.
            let why = "CUCM has no such user yet";
            exam.add(Line::not_checkable(Area::Phones, subject, why).under("app-user-missing").fix(
                "ippactl apply creates it, or Cisco Unified CM Administration > User Management > Application User",
            ));
            return Ok(None);
        }
        Asked::NotRead => {
            let why = "because the user could not be read over AXL";
            exam.add(Line::not_checked(Area::Phones, subject, why));
            return Ok(None);
        }
    };
    if !exam.task.secrets.available(&declared.password) {
        let why = format!("{} is not at hand here", declared.password.purpose);
        exam.add(
            Line::not_checkable(Area::Phones, subject, why)
                .under("authentication-refused")
                .fix("give application_user.password as the playbook names it, then run again"),
        );
        return Ok(None);
    }
    let password = exam.task.secrets.resolve(&declared.password)?;
    let roster: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let known = |phone: &&String| roster.contains(phone.as_str());
    // One of the roster's, else any that the user controls: it only has to be associated.
    let mut phones: Vec<String> = controlled.iter().filter(known).cloned().collect();
    if phones.is_empty() {
        phones.extend(controlled.first().cloned());
    }
    exam.begin(subject)?;
    let verdicts = ask(exam, &password, phones).await;
    exam.add(authentication(&declared.id, &verdicts));
    let accepted = verdicts.iter().any(|(_, verdict)| *verdict == CredentialVerdict::Accepted);
    Ok(accepted.then_some(password))
}

async fn ask(
    exam: &Exam<'_, '_>,
    password: &SecretString,
    phones: Vec<String>,
) -> Vec<(String, CredentialVerdict)> {
    let mut phones = phones.into_iter();
    let Some(first) = phones.next() else { return Vec::new() };
    let verdict = one(exam, password, &first).await;
    let user = &exam.task.deployment.application_user.id;
    let publisher = &exam.task.deployment.cucm.publisher;
    if verdict == CredentialVerdict::Refused {
        exam.task.refusals.note(publisher, user, password);
    }
    let accepted = verdict == CredentialVerdict::Accepted;
    let mut verdicts = vec![(first, verdict)];
    if accepted {
        let others = stream::iter(phones).map(|phone| async move {
            let verdict = one(exam, password, &phone).await;
            (phone, verdict)
        });
        let mut others = others.buffered(exam.task.concurrency.max(1));
        while let Some(answer) = others.next().await {
            verdicts.push(answer);
            if exam.task.stop.is_set() {
                break;
            }
        }
    }
    verdicts
}

async fn one(exam: &Exam<'_, '_>, password: &SecretString, phone: &str) -> CredentialVerdict {
    let user = &exam.task.deployment.application_user.id;
    let publisher = &exam.task.deployment.cucm.publisher;
    match exam.task.refusals.same(publisher, user, password) {
        Some(true) => return CredentialVerdict::Refused,
        Some(false) => {
            let why =
                "another password of this user was refused just now, and no second one is tried";
            return CredentialVerdict::CannotTell(why.to_owned());
        }
        None => {}
    }
    let answer = phone_authentication::test(exam.task.http, publisher, user, password, phone).await;
    answer.unwrap_or_else(|trouble| CredentialVerdict::CannotTell(trouble.to_string()))
}
