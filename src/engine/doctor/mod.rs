//! `doctor`: looks at everything that the other commands rest on, and goes on where one look fails. What depends on
//! another look is not checked when that one failed. It holds nothing that could write.

mod axl;
mod finesse;
mod names;
mod phones;
mod probe;
mod reach;
mod services;
mod shells;

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::checks::doctor::{Area, Examination, Line};
use crate::clients::platform::PlatformAccount;
use crate::playbook::{Credential, Endpoint};
use crate::trouble::Trouble;

use super::{Event, Task};

/// A device name that exists nowhere: nobody is disturbed by it.
pub const NO_DEVICE: &str = "SEP0000DEADBEEF";

/// Looks at the phones' own web servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// At so many at most.
    pub phones: usize,
    /// And whether they take the application user's credential.
    pub push: bool,
}

/// What an examination came to.
#[derive(Debug, Default)]
pub struct Examined {
    /// The lines.
    pub examination: Examination,
    /// What ended it early: Ctrl-C or the deadline.
    pub trouble: Option<Trouble>,
    /// Requests by AXL operation.
    pub requests: BTreeMap<String, u64>,
}

/// Examines one deployment. Each subject stands alone; what was found goes along for the next ones.
pub async fn examine(task: &Task<'_>, probe: Option<Probe>) -> Examined {
    let mut exam = Exam { task, probe, lines: Vec::new(), blocked: BTreeMap::new() };
    let mut requests = BTreeMap::new();
    let ended = subjects(&mut exam, &mut requests).await;
    let examination = Examination { lines: exam.lines };
    Examined { examination, trouble: ended.err(), requests }
}

async fn subjects(
    exam: &mut Exam<'_, '_>,
    requests: &mut BTreeMap<String, u64>,
) -> Result<(), Trouble> {
    names::look(exam).await?;
    reach::look(exam).await?;
    let cucm = axl::look(exam).await?;
    services::look(exam, &cucm).await?;
    phones::look(exam, &cucm).await?;
    finesse::look(exam, &cucm).await?;
    if let Some(reader) = &cucm.reader {
        *requests = reader.requests();
    }
    shells::look(exam, &cucm).await
}

/// The examination while it goes on.
struct Exam<'e, 'a> {
    task: &'e Task<'a>,
    /// Whether phones are touched.
    probe: Option<Probe>,
    lines: Vec<Line>,
    /// Endpoints that nothing further is asked of, and why.
    blocked: BTreeMap<Endpoint, String>,
}

/// A password that is at hand, or why it is not.
enum Password {
    Here(SecretString),
    Missing(String),
}

impl Exam<'_, '_> {
    fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Says what is looked at now; an error once the end was asked for.
    fn begin(&self, what: impl Into<String>) -> Result<(), Trouble> {
        self.task.stop.check()?;
        self.task.listener.event(Event::Reading { what: what.into(), done: 0, total: None });
        Ok(())
    }

    /// Notes that what rests on this endpoint is not checked; whether that is so.
    fn blocked(&mut self, area: Area, subject: impl Into<String>, endpoint: &Endpoint) -> bool {
        let Some(why) = self.blocked.get(endpoint) else { return false };
        let why = format!("because {why}");
        self.add(Line::not_checked(area, subject, why));
        true
    }

    /// A declared password, without asking twice.
    fn password(&self, credential: &Credential) -> Password {
        let resolved = self.task.secrets.resolve(&credential.password);
        match resolved {
            Ok(password) => Password::Here(password),
            Err(trouble) => Password::Missing(format!("{}: {}", trouble.what, trouble.why)),
        }
    }

    /// A declared account of a platform shell; a line when there is none.
    fn platform_account(
        &mut self,
        credential: Option<&Credential>,
        (key, subject): (&str, &str),
    ) -> Option<PlatformAccount> {
        let Some(credential) = credential else {
            let why = format!("the playbook names no {key}");
            let fix = format!("name the platform administrator in {key} of the playbook");
            self.add(Line::not_checkable(Area::Platform, subject, why).fix(fix));
            return None;
        };
        match self.password(credential) {
            Password::Here(password) => {
                Some(PlatformAccount { user: credential.user.clone(), password })
            }
            Password::Missing(why) => {
                let fix = format!("give the password that {key} of the playbook names");
                self.add(Line::not_checked(Area::Platform, subject, why).fix(fix));
                None
            }
        }
    }
}
