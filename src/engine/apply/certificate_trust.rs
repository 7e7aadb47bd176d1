//! Imports certificates into trust stores, by the way that each step names, and keeps the PEM beside for a person.
//!
//! What has to follow (restarts of Finesse, reboots of CUCM, imports on the other nodes) is noted before the first import,
//! so that an interruption cannot lose it.

use std::fs;
use std::io::Write as _;

use crate::clients::certificate_rest::{CertificateReader, CertificateWriter};
use crate::clients::platform::{ImportEnd, ShellWriter};
use crate::engine::Purpose;
use crate::engine::observe::certificates::{cucm_rest, finesse_account, finesse_rest};
use crate::engine::observe::inputs;
use crate::engine::operator::OperatorTask;
use crate::engine::remembered::owner_only;
use crate::journal::{Entry, Field, Image, Key};
use crate::outcome::Outcome;
use crate::plan::{Call, Kind, ObjectKind, PlatformCall, Step, StepState};
use crate::planner::certificates::{lacking, pem_file};
use crate::playbook::{Endpoint, FinesseNode};
use crate::resources::certificate_trust::{Missing, PHONE_TRUST, TOMCAT_TRUST};
use crate::trouble::Trouble;

use super::run::Run;
use super::tomcat_restart::at_shell;

const WHAT: &str = "import certificates";

impl Run<'_> {
    /// Performs the steps: all of Finesse first, then CUCM's nodes.
    pub(super) async fn certificate_trusts(&mut self, steps: &mut [Step]) -> Result<(), Trouble> {
        let ours =
            |step: &Step| step.kind == Kind::CertificateTrust && step.state == StepState::Planned;
        if !steps.iter().any(ours) {
            return Ok(());
        }
        for step in steps.iter().filter(|step| ours(step)) {
            let missing = self.of_step(step);
            self.keep_pem(&missing)?;
            if step.object.kind == ObjectKind::CucmNode {
                let prints: Vec<String> =
                    missing.iter().map(|one| one.certificate.fingerprint_text()).collect();
                self.memory.owe_imports(&step.object.name, &prints)?;
            }
        }
        let total = steps.iter().filter(|step| ours(step)).count();
        for (done, step) in steps.iter_mut().filter(|step| ours(step)).enumerate() {
            self.task.stop.check()?;
            self.applying(done, total, step.object.to_string());
            self.certificate_trust(step).await?;
        }
        self.know_what_was_met()
    }

    /// The certificates of one step.
    fn of_step(&self, step: &Step) -> Vec<Missing> {
        let inputs = inputs(self.task, &self.prepared.desired, &self.prepared.observation);
        let prints: Vec<&crate::plan::Shown> =
            step.changes.iter().map(|change| &change.after).collect();
        let named = |one: &Missing| {
            let print = crate::plan::Shown::text(one.certificate.fingerprint_text());
            prints.contains(&&print)
        };
        lacking(inputs, &step.object).into_iter().filter(named).collect()
    }

    async fn certificate_trust(&mut self, step: &mut Step) -> Result<(), Trouble> {
        let node = step.object.name.clone();
        let finesse = step.object.kind == ObjectKind::FinesseNode;
        let missing = self.of_step(step);
        let before = if finesse {
            self.memory.owed_notifications().contains(&node)
        } else {
            self.memory.owed_reboots().contains_key(&node)
        };
        let restart_before = self.memory.owed_restarts().contains_key(&node);
        let of: Vec<&str> = missing.iter().flat_map(|one| &one.of).map(String::as_str).collect();
        let cause = format!("certificate of {}", of.join(", "));
        if finesse {
            self.memory.owe_notification(&node, &cause)?;
        } else {
            self.memory.owe_reboot(&node, &cause)?;
        }
        let written = self.writes;
        match step.call.clone() {
            Call::Operator(_) => self.import_by_hand(step, &missing).await?,
            Call::Platform(PlatformCall::ImportByRest(name)) => {
                self.import_by_rest(step, &name, &missing).await?;
            }
            Call::Platform(_) | Call::Axl(_) | Call::Finesse(_) => {
                self.import_by_shell(step, &missing).await?;
            }
        }
        if step.state == StepState::Done && !finesse {
            self.memory.imported(&node)?;
        }
        let nothing = written == self.writes && matches!(step.state, StepState::Failed(_));
        if nothing && !before {
            // Nothing was sent, so nothing new is owed.
            if finesse {
                self.memory.spare_notification(&node)?;
                if !restart_before {
                    self.memory.restarted(&node)?;
                }
            } else {
                self.memory.rebooted(&node)?;
            }
        }
        if matches!(step.state, StepState::Failed(_)) { self.failed() } else { Ok(()) }
    }

    async fn import_by_hand(
        &mut self,
        step: &mut Step,
        missing: &[Missing],
    ) -> Result<(), Trouble> {
        let (node, store) = (step.object.name.clone(), store_of(step));
        let tasks: Vec<OperatorTask> = missing
            .iter()
            .map(|one| OperatorTask::ImportCertificate {
                node: self.host_of(step).unwrap_or_else(|| node.clone()),
                store: store.to_owned(),
                pem: one.certificate.pem(),
            })
            .collect();
        self.by_operator(step, &tasks).await?;
        let Call::Operator(operator) = &step.call else { return Ok(()) };
        let prints: Vec<String> =
            missing.iter().map(|one| one.certificate.fingerprint_text()).collect();
        let id = operator.id.clone();
        self.attest(step, &id, &prints.join(" "))
    }

    async fn import_by_rest(
        &mut self,
        step: &mut Step,
        store: &str,
        missing: &[Missing],
    ) -> Result<(), Trouble> {
        let rest = match self.rest_of(step)? {
            Ok(rest) => rest,
            Err(trouble) => {
                step.state = StepState::Failed(trouble);
                return Ok(());
            }
        };
        let place = rest.endpoint().to_string();
        let writer = CertificateWriter::new(rest);
        for one in missing {
            self.task.stop.check()?;
            let number = self.journal.intend_one(WHAT, imported(step, one))?;
            self.writes += 1;
            let ended = writer.import(store, &one.certificate).await;
            step.state = match &ended {
                Ok(()) => StepState::Done,
                Err(error) if error.outcome_unknown() => StepState::Unknown(error.trouble(&place)),
                Err(error) => StepState::Failed(error.trouble(&place)),
            };
            self.journal.ended_in(number, &step.state)?;
            if let StepState::Failed(trouble) | StepState::Unknown(trouble) = &step.state {
                let ends = matches!(trouble.outcome, Outcome::Denied | Outcome::Refused);
                return if ends { Err(trouble.clone()) } else { Ok(()) };
            }
        }
        Ok(())
    }

    async fn import_by_shell(
        &mut self,
        step: &mut Step,
        missing: &[Missing],
    ) -> Result<(), Trouble> {
        let Some(node) = self.finesse_node(&step.object.name) else { return Ok(()) };
        let account = match finesse_account(self.task, Purpose::Apply)? {
            Ok(account) => account,
            Err(why) => {
                step.state = StepState::Failed(without_account(node, why));
                return Ok(());
            }
        };
        let shell = match self.task.platform.connect(&node.ssh, &account).await {
            Ok(shell) => shell,
            Err(error) => {
                let trouble = at_shell(node, &account, &error);
                step.state = StepState::Failed(trouble.clone());
                let ends = matches!(trouble.outcome, Outcome::Denied | Outcome::Refused);
                return if ends { Err(trouble) } else { Ok(()) };
            }
        };
        self.note_old_algorithms();
        let mut writer = ShellWriter::new(shell);
        for one in missing {
            self.task.stop.check()?;
            let number = self.journal.intend_one(WHAT, imported(step, one))?;
            self.writes += 1;
            step.state = match writer.import_certificate("tomcat", &one.certificate).await {
                Ok(ImportEnd::Imported) => StepState::Done,
                Ok(ImportEnd::NotRecognised(said)) => {
                    StepState::Unknown(not_recognised(node, &said))
                }
                Err(error) if error.outcome_unknown() => {
                    StepState::Unknown(at_shell(node, &account, &error))
                }
                Err(error) => StepState::Failed(at_shell(node, &account, &error)),
            };
            self.journal.ended_in(number, &step.state)?;
            if step.state != StepState::Done {
                return Ok(());
            }
        }
        Ok(())
    }

    fn rest_of(&self, step: &Step) -> Result<Result<CertificateReader, Trouble>, Trouble> {
        let made = if step.object.kind == ObjectKind::FinesseNode {
            match self.finesse_node(&step.object.name) {
                Some(node) => finesse_rest(self.task, Purpose::Apply, node)?,
                None => Err("the playbook does not name it".to_owned()),
            }
        } else {
            let port = self.task.deployment.cucm.publisher.port;
            match self.host_of(step) {
                Some(host) => cucm_rest(self.task, Purpose::Apply, &Endpoint { host, port })?,
                None => Err("it was not seen".to_owned()),
            }
        };
        Ok(made.map_err(|why| {
            let what = format!("no certificate can be imported on {}", step.object);
            Trouble::new("platform-credential-missing", Outcome::Failed, what)
                .because(why)
                .then("add the account, or name another way in certificates.via")
        }))
    }

    /// Where the node of a step is reached.
    fn host_of(&self, step: &Step) -> Option<String> {
        let seen = self.prepared.observation.certificates.as_ref()?;
        let mut nodes = seen.finesse.iter().chain(&seen.cucm);
        let node = nodes.find(|node| node.name == step.object.name)?;
        Some(node.endpoint.rsplit_once(':')?.0.to_owned())
    }

    /// Writes the certificates where a person finds them.
    fn keep_pem(&self, missing: &[Missing]) -> Result<(), Trouble> {
        for one in missing {
            let path = self.task.state.join(pem_file(one));
            let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
                let mut file = owner_only().create(true).truncate(true).write(true).open(&path)?;
                file.write_all(one.certificate.pem().as_bytes())
            });
            written.map_err(|error| {
                let what = "a certificate cannot be written into the state folder";
                Trouble::new("state-not-written", Outcome::Failed, what)
                    .at(path.display().to_string())
                    .because(error.to_string())
                    .then("make the folder writable, or choose another with --state-dir")
            })?;
        }
        Ok(())
    }

    /// Notes which certificates were met, for the next look.
    fn know_what_was_met(&mut self) -> Result<(), Trouble> {
        let Some(seen) = &self.prepared.observation.certificates else { return Ok(()) };
        let nodes = seen.finesse.iter().chain(&seen.cucm);
        let met = nodes.filter_map(|node| {
            let shown = node.presented.as_ref().ok().filter(|shown| shown.distrust.is_none())?;
            Some((node.endpoint.clone(), shown.leaf.fingerprint_text()))
        });
        let met: Vec<(String, String)> = met.collect();
        self.memory.know_certificates(&met)
    }
}

impl<'a> Run<'a> {
    fn finesse_node(&self, host: &str) -> Option<&'a FinesseNode> {
        let finesse = &self.task.deployment.finesse;
        let mut nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
        nodes.find(|node| node.api.host == host)
    }
}

/// The certificate, by its fingerprint, and the store that it goes into.
fn imported(step: &Step, one: &Missing) -> Entry {
    let key = Key::of(store_of(step), one.certificate.fingerprint_text());
    let after = Image::Text(format!("certificate of {}", one.of.join(", ")));
    Entry::new(&step.object, [Field { key, before: Image::Absent, after }])
}

fn store_of(step: &Step) -> &'static str {
    if step.object.kind == ObjectKind::FinesseNode { TOMCAT_TRUST } else { PHONE_TRUST }
}

fn without_account(node: &FinesseNode, why: String) -> Trouble {
    let what = format!("no certificate can be imported on {}", node.api.host);
    Trouble::new("platform-credential-missing", Outcome::Failed, what)
        .because(why)
        .then("add credentials.finesse_platform, or name another way in certificates.via")
}

fn not_recognised(node: &FinesseNode, said: &str) -> Trouble {
    let what = format!("whether {} has imported the certificate is not known", node.api.host);
    Trouble::new("certificate-import-unclear", Outcome::Failed, what)
        .at(node.ssh.to_string())
        .because(format!("the shell said: {said}"))
        .then("look at show cert list trust on the node; run apply again, or name operator in certificates.via")
}
