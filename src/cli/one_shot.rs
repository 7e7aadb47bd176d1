//! The commands that do one part alone, by a playbook or by flags: the same plan, question, journal and reading back as
//! `apply` has, and nothing beside the part.

use crate::engine::{Answers, Finished, Task};
use crate::outcome::Outcome;
use crate::plan::fingerprint::hex;
use crate::plan::{OneShot, Severity, guard};
use crate::playbook::{Deployment, Location, RestartWhen, Scope, SubscriptionKind};
use crate::report::{Report, Section, Subject};
use crate::trouble::Trouble;

use super::args::{Asked, Parts};
use super::confirm::consented;
use super::load::{Loaded, load, load_text};
use super::meeting::Whom;
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};
use super::{Call, connect, link, named, site};

/// The variable that names the playbook where the command line does not.
pub const PLAYBOOK: &str = "IPPACTL_PLAYBOOK";

/// The name of the playbook that flags make, where it is kept nowhere.
const FROM_FLAGS: &str = "(flags)";

struct Doing<'a> {
    one_shot: OneShot,
    asked: &'a Asked,
}

/// Does one part.
pub fn one_shot(call: &Call, pipeline: &impl Pipeline, parts: &Parts) -> Report {
    let (one_shot, asked) = (parts.one_shot(), parts.asked());
    let section = match read(call, one_shot, &asked) {
        Ok(loaded) => run(call, pipeline, loaded, &Doing { one_shot, asked: &asked }),
        Err(section) => *section,
    };
    Report::new(Subject::OneShot(one_shot), &call.started, vec![section])
}

/// What the playbook or the flags say, as far as this part goes.
fn read(call: &Call, one_shot: OneShot, asked: &Asked) -> Result<Loaded, Box<Section>> {
    let refused = |trouble| Box::new(Section::of(one_shot.word(), trouble));
    // Standard input is read once.
    let roster = named::roster(asked).map_err(refused)?;
    let file = asked.alone.playbook.clone();
    let file = file.or_else(|| connect::variable(PLAYBOOK).filter(|_| !asked.alone.site.given()));
    let mut loaded = match file {
        Some(_) if asked.alone.site.given() || asked.says_what() => return Err(refused(twice())),
        Some(file) => load(&file, call.console.aside.color)?,
        None => made(call, one_shot, asked, roster.as_deref())?,
    };
    let deployment = &mut loaded.deployment;
    if let Some(section) = one_shot.lacks(deployment) {
        return Err(refused(says_nothing(&deployment.file, section)));
    }
    if let Some(trouble) = unfit(one_shot, deployment, asked) {
        return Err(refused(trouble));
    }
    one_shot.narrow(deployment);
    // What is to know of the playbook is for the commands that do all of it; of flags there is nothing to know.
    let said = asked.alone.site.given();
    loaded.warnings.retain(|mistake| !said && mistake.severity != Severity::Info);
    if let Some(rows) = named::rows(call, deployment, (one_shot, asked), roster.as_deref())? {
        deployment.agents.listed = rows.len();
        deployment.agents.rows = rows;
    }
    if one_shot.has_devices() && deployment.agents.rows.is_empty() {
        return Err(refused(nobody(one_shot)));
    }
    Ok(loaded)
}

impl Asked {
    /// Whether flags say what a playbook would say.
    fn says_what(&self) -> bool {
        let services = &self.services;
        services.service.is_some()
            || services.secondary_service.is_some()
            || services.sql_writes.is_some()
            || !services.administrator_fills.is_empty()
            || !services.agent_fills.is_empty()
            || self.user.app_user.is_some()
            || self.default_server.is_some()
    }
}

/// A deployment of flags alone. Where runs are kept its playbook is kept, too, so that `undo` finds it.
fn made(
    call: &Call,
    one_shot: OneShot,
    asked: &Asked,
    roster: Option<&str>,
) -> Result<Loaded, Box<Section>> {
    let refused = |trouble| Box::new(Section::of(one_shot.word(), trouble));
    let text = site::playbook(one_shot, asked, roster).map_err(refused)?;
    let color = call.console.aside.color;
    // Nothing is written before it is known to be right.
    let loaded = load_text(FROM_FLAGS, &text, color)?;
    if asked.alone.dry_run {
        return Ok(loaded);
    }
    let kept = link::kept_folder(&call.global).map_err(refused)?;
    let file = match kept {
        Some(folder) => {
            let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
            let name = hex(digest.as_ref(), 16);
            let deployment = &loaded.deployment;
            let host = &deployment.cucm.publisher.host;
            let folder = connect::deployment_folder(&folder, &deployment.name, host);
            connect::files::private_folder(&folder).map_err(refused)?;
            let path = folder.join(format!("flags-{name}.yaml"));
            connect::files::replace_private(&path, &text).map_err(refused)?;
            path.display().to_string()
        }
        None => return Ok(loaded),
    };
    load_text(&file, &text, color)
}

fn twice() -> Trouble {
    Trouble::new("usage", Outcome::Usage, "A playbook and flags both say where the site is")
        .because("they could contradict each other")
        .then("leave out the playbook (IPPACTL_PLAYBOOK names one, too), or the flags under \"Without a playbook\"")
}

fn says_nothing(file: &str, section: &str) -> Trouble {
    let what = format!("The playbook has no section {section}");
    Trouble::new("usage", Outcome::Usage, what)
        .at(file.to_owned())
        .because("this command does what the section declares")
        .then(format!("write the section {section}; playbooks/reference.yaml shows it"))
}

/// What the playbook says that makes a command pointless, or wider than it was asked.
fn unfit(one_shot: OneShot, deployment: &Deployment, asked: &Asked) -> Option<Trouble> {
    let refused = |what: &str, at: &Location, why: &str, next: &str| {
        let trouble = Trouble::new("usage", Outcome::Usage, what).at(at.to_string());
        Some(trouble.because(why).then(next))
    };
    let services = &deployment.phone_services;
    let settings = deployment.phone_settings.as_ref();
    match one_shot {
        OneShot::Subscribe | OneShot::Unsubscribe
            if services.subscription == SubscriptionKind::Enterprise =>
        {
            refused(
                "Single phones are not subscribed here",
                &services.at,
                "phone_services.subscription is enterprise: every phone of the cluster has the services",
                "ippactl phone-service makes them; with `manual` phones are subscribed one by one",
            )
        }
        OneShot::PhoneSettings if asked.devices.are_named() => {
            let wider = settings.filter(|settings| settings.scope != Scope::Phones)?;
            refused(
                "The phones' settings are not those of single phones here",
                &wider.at,
                "phone_settings.scope sets them for others, too",
                "leave the devices out, or write phone_settings.scope: phones",
            )
        }
        OneShot::Restart if deployment.restart.finesse_tomcat == RestartWhen::Never => refused(
            "Finesse Tomcat is not restarted by this playbook",
            &deployment.finesse.primary.at,
            "restart.finesse_tomcat is never: somebody else does it",
            "write restart.finesse_tomcat: when-needed, or restart it by hand",
        ),
        OneShot::AppUser
        | OneShot::PhoneService
        | OneShot::PhoneSettings
        | OneShot::Subscribe
        | OneShot::Unsubscribe
        | OneShot::SelfCare
        | OneShot::Certificates
        | OneShot::FinesseSettings
        | OneShot::Restart => None,
    }
}

fn nobody(one_shot: OneShot) -> Trouble {
    let what = format!("{} has no device to work on", one_shot.word());
    Trouble::new("usage", Outcome::Usage, what)
        .because("no --device, --profile or --roster is given, and the playbook lists none")
        .then("name a device: --device SEP001122334455")
}

impl Work for Doing<'_> {
    fn subject(&self) -> Subject {
        Subject::OneShot(self.one_shot)
    }

    fn speaks_to(&self) -> Whom {
        let finesse = matches!(self.one_shot, OneShot::Restart | OneShot::Certificates);
        if finesse { Whom::Finesse } else { Whom::Sections }
    }

    fn writes(&self) -> bool {
        true
    }

    fn prepare<'t>(&'t self, task: &mut Task<'t>) {
        task.one_shot = Some(self.one_shot);
        task.rewrite_secrets = self.asked.rewrite_secrets;
        task.restart_now = self.asked.restart_now;
        task.reboot = &self.asked.reboot;
        task.wait_deferred = self.asked.alone.wait_deferred;
    }

    async fn perform(
        &self,
        call: &Call,
        pipeline: &impl Pipeline,
        task: &Task<'_>,
        progress: &Progress,
    ) -> Finished {
        if self.one_shot == OneShot::Unsubscribe {
            let (planned, prepared) = match pipeline.prepare_remove(task).await {
                Ok(prepared) => prepared,
                Err(failed) => return failed,
            };
            progress.clear();
            let (planned, answers) = match self.agreed(call, task, planned).await {
                Ok(agreed) => agreed,
                Err(ended) => return *ended,
            };
            return pipeline.remove(task, prepared, planned, &answers).await;
        }
        let (planned, prepared) = match pipeline.prepare(task).await {
            Ok(prepared) => prepared,
            Err(failed) => return failed,
        };
        progress.clear();
        let (planned, answers) = match self.agreed(call, task, planned).await {
            Ok(agreed) => agreed,
            Err(ended) => return *ended,
        };
        let finished = pipeline.apply(task, prepared, planned, &answers).await;
        progress.clear();
        finished
    }
}

impl Doing<'_> {
    /// A plan that somebody agrees to, with what was agreed; else how the run ends.
    async fn agreed(
        &self,
        call: &Call,
        task: &Task<'_>,
        planned: Finished,
    ) -> Result<(Finished, Answers), Box<Finished>> {
        let alone = &self.asked.alone;
        if let Err(trouble) = guard::expected(&planned.plan, alone.expect.as_deref()) {
            return Err(Box::new(planned.with(trouble)));
        }
        if alone.dry_run {
            let rows = &task.deployment.agents.rows;
            let phones = rows.iter().filter(|row| row.device.is_some()).count();
            let mut refusals = guard::thresholds(task.deployment, phones, &planned.plan);
            refusals.extend(guard::held_back(&planned.plan, task.outside_windows));
            return Err(Box::new(Finished { refusals, ..planned }));
        }
        match consented(call, task, &planned.plan, "Do").await {
            Ok(allow) => {
                let operator_done = alone.operator_done.clone();
                Ok((planned, Answers { allow, operator_done }))
            }
            Err(trouble) => Err(Box::new(planned.with(trouble))),
        }
    }
}
