//! The reading half of `undo`: the run's journal, what is there now of everything that it touched, and the plan.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::SecretString;

use crate::clients::axl::{AxlError, Reader};
use crate::journal::past::{Touched, is_device};
use crate::journal::{Past, self_care};
use crate::outcome::Outcome;
use crate::plan::{Object, ObjectKind, Plan};
use crate::planner::build::Observation;
use crate::planner::undo::{Present, Undoing, build, device};
use crate::resources::desired::Desired;
use crate::resources::writer_rule::ListWrites;
use crate::trouble::Trouble;

use super::journal::Lock;
use super::journal::runs::RunRecord;
use super::journal::seal::Seal;
use super::observe::{at_publisher, connect, finesse, read_whole};
use super::password;
use super::remembered::{Recogniser, Remembered};
use super::{Prepared, Purpose, Task};

/// A run that is about to be taken back.
pub struct TakenBack {
    /// Its name.
    pub run: String,
    /// What it touched.
    pub past: Past,
    /// Recognises the secrets that its journal does not have.
    recogniser: Recogniser,
}

impl TakenBack {
    /// The plan over what is there now.
    pub fn plan(&self, task: &Task<'_>, present: &Present, list_writes: ListWrites) -> Plan {
        build(self.undoing(task, present, list_writes, &|secret| self.digest(secret)))
    }

    /// The digest by which a secret is recognised.
    pub fn digest(&self, secret: &SecretString) -> String {
        self.recogniser.digest(secret)
    }

    /// The inputs of planning.
    pub fn undoing<'a>(
        &'a self,
        task: &Task<'a>,
        present: &'a Present,
        list_writes: ListWrites,
        digest: &'a dyn Fn(&SecretString) -> String,
    ) -> Undoing<'a> {
        let (deployment, past, sql) = (task.deployment, &self.past, task.sql);
        Undoing { deployment, past, present, digest, sql, list_writes }
    }
}

/// Connects, reads what the run touched, and plans.
pub async fn prepare(
    task: &Task<'_>,
    record: &RunRecord,
) -> Result<(Prepared, TakenBack), Trouble> {
    let lock = Lock::take(task.state)?;
    belongs(task, record)?;
    let past = Past::of(record.read(seal(task, record)?.as_ref())?);
    let recogniser = Remembered::read(task.state).recogniser()?;
    let back = TakenBack { run: record.id.clone(), past, recogniser };
    let reader = connect(task).await?;
    let present = present(task, &reader, &back.past).await?;
    let plan = back.plan(task, &present, ListWrites::default());
    let mut observation = Observation::default();
    observation.services.services.clone_from(&present.services);
    let prepared = Prepared {
        desired: Desired::new(task.deployment, &None)?,
        observation,
        plan,
        reader,
        nodes: finesse::Nodes::new(task, Purpose::Apply)?,
        lock: Some(lock),
        password: password::Tested::default(),
        seen: crate::checks::Seen::default(),
        only: None,
    };
    Ok((prepared, back))
}

/// A playbook that has moved to another cluster since would have the run taken back where it never was.
fn belongs(task: &Task<'_>, record: &RunRecord) -> Result<(), Trouble> {
    let (deployment, publisher) =
        (&task.deployment.name, task.deployment.cucm.publisher.to_string());
    if record.deployment() == deployment && record.publisher() == publisher {
        return Ok(());
    }
    let what = format!("run {} was made on another deployment", record.id);
    Err(Trouble::new("run-of-another", Outcome::Refused, what)
        .at(task.deployment.file.to_string())
        .because(format!(
            "the run's is {} at {}, the playbook's {deployment} at {publisher}",
            record.deployment(),
            record.publisher()
        ))
        .then("give the playbook that made the run: --playbook FILE"))
}

/// The seal of the run, where it has one and the key is at hand. Without it, what was sealed is named and not put back.
fn seal(task: &Task<'_>, record: &RunRecord) -> Result<Option<Seal>, Trouble> {
    let (Some(described), Some(secret)) = (record.seal(), &task.deployment.journal.seal) else {
        return Ok(None);
    };
    Ok(Seal::described(&task.secrets.resolve(secret)?, described))
}

/// Reads everything that the run touched.
pub async fn present(task: &Task<'_>, reader: &Reader, past: &Past) -> Result<Present, Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let mut present = Present::default();
    let devices: Vec<&(Object, Touched)> =
        past.objects.iter().filter(|(object, _)| is_device(object)).collect();
    let names: Vec<String> = devices.iter().map(|(object, _)| object.name.clone()).collect();
    present.states = read_whole(task, reader, &names).await?;
    let with_settings = devices.iter().filter(|(object, touched)| {
        device::has_settings(object) && touched.keys().any(|key| key.of.is_empty())
    });
    let phones: Vec<String> = with_settings.map(|(object, _)| object.name.clone()).collect();
    present.phones = configurations(task, reader, &phones).await?;
    read_services(task, reader, past, &mut present).await?;
    for (object, touched) in past.objects.iter().filter(|(object, _)| !is_device(object)) {
        task.stop.check()?;
        let name = &object.name;
        match object.kind {
            ObjectKind::ApplicationUser => {
                let found = reader.application_user(name).await.map_err(failed)?;
                present.users.extend(found.map(|user| (name.clone(), user)));
            }
            ObjectKind::CommonPhoneProfile => {
                let found = reader.profile_configuration(name).await.map_err(failed)?;
                present.profiles.extend(found.map(|config| (name.clone(), config)));
            }
            ObjectKind::EnterprisePhoneConfiguration => {
                present.enterprise = reader.enterprise_configuration().await.map_err(failed)?;
            }
            ObjectKind::EnterpriseParameter if present.parameters.is_empty() => {
                let found = reader.enterprise_parameters().await.map_err(failed)?;
                present.parameters = found.into_iter().map(|one| (one.name, one.value)).collect();
            }
            ObjectKind::UserGroup => {
                let users = touched.keys().filter(|key| key.field == self_care::MEMBER);
                let users: Vec<String> = users.map(|key| key.of.clone()).collect();
                let found = reader.members_of(name, &users).await.map_err(failed)?;
                present.members.extend(found.into_iter().map(|user| (name.clone(), user)));
            }
            ObjectKind::PhoneService
            | ObjectKind::Phone
            | ObjectKind::DeviceProfile
            | ObjectKind::EnterpriseParameter
            | ObjectKind::EndUser
            | ObjectKind::FinesseNode
            | ObjectKind::Agent
            | ObjectKind::Team
            | ObjectKind::CucmNode
            | ObjectKind::Waiver => {}
        }
    }
    Ok(present)
}

/// The inside of phones' `vendorConfig`.
pub async fn configurations(
    task: &Task<'_>,
    reader: &Reader,
    phones: &[String],
) -> Result<BTreeMap<String, String>, Trouble> {
    let found = reader.phone_configurations(phones).await;
    let found = found.map_err(|error| at_publisher(task, &error))?;
    Ok(found.into_iter().map(|phone| (phone.device, phone.config)).collect())
}

async fn read_services(
    task: &Task<'_>,
    reader: &Reader,
    past: &Past,
    present: &mut Present,
) -> Result<(), Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let services =
        || past.objects.iter().filter(|(object, _)| object.kind == ObjectKind::PhoneService);
    let own = services().flat_map(|(object, touched)| {
        std::iter::once(object.name.as_str()).chain(touched.former_name.as_deref())
    });
    let names: BTreeSet<&str> = own.chain(past.services()).collect();
    for name in names {
        let found = reader.phone_service(name).await.map_err(failed)?;
        present.services.extend(found.map(|service| (name.to_owned(), service)));
    }
    for (object, touched) in services() {
        if present.services.contains_key(&object.name)
            && touched.keys().any(|key| !key.of.is_empty())
        {
            let holders = reader.subscribers_with_values(&object.name).await.map_err(failed)?;
            present.held.extend(holders.into_iter().map(|holder| holder.parameter_pkid));
        }
    }
    Ok(())
}
