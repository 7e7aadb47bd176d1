//! Finesse's nodes: what each says of itself, the administrator's account, and the page that phones ask.

use std::time::Duration;

use crate::checks::agent::roster;
use crate::checks::doctor::finesse::{Declared, health, sign_in_modes, unanswered};
use crate::checks::doctor::{Area, Line};
use crate::clients::finesse::{
    AuthMode, FinesseAccount, FinesseError, FinesseReader, FinesseSettings,
};
use crate::playbook::FinesseNode;
use crate::trouble::Trouble;

use super::super::auth_modes;
use super::axl::Cucm;
use super::{Exam, NO_DEVICE, Password};

/// Longest wait for a node that is out of service, in one read.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at the nodes.
pub(super) async fn look(exam: &mut Exam<'_, '_>, cucm: &Cucm) -> Result<(), Trouble> {
    let finesse = &exam.task.deployment.finesse;
    let nodes: Vec<&FinesseNode> =
        std::iter::once(&finesse.primary).chain(&finesse.secondary).collect();
    let declared: Vec<Declared<'_>> = nodes
        .iter()
        .map(|node| Declared { host: &node.api.host, service_host: &node.service_host })
        .collect();
    let mut account = account(exam);
    let mut refused_by = None;
    let mut hybrid = None;
    for node in nodes {
        let place = node.api.to_string();
        if exam.blocked(Area::Finesse, format!("{} service", node.api.host), &node.api) {
            continue;
        }
        exam.begin(format!("Finesse node {}", node.api.host))?;
        let reader = reader(exam, node, account.clone());
        match reader.system_info().await {
            Ok(info) => {
                exam.lines.extend(health(&node.api.host, &info, &declared));
                if info.auth_mode == Some(AuthMode::Hybrid) {
                    hybrid.get_or_insert_with(|| reader.clone());
                }
            }
            Err(error) => {
                exam.add(unanswered(format!("{} service", node.api.host), &place, &error));
            }
        }
        if let Some(own) = &account {
            if administrator(exam, node, &reader, &own.user).await {
                refused_by = account.take();
            }
        } else if refused_by.is_some() {
            let why =
                "because another node refused the account, and a refused password is tried once";
            let subject = format!("{} administrator", node.api.host);
            exam.add(Line::not_checked(Area::Finesse, subject, why));
        }
        servlet(exam, node, &reader, cucm).await?;
    }
    match hybrid {
        Some(node) => modes(exam, &node).await,
        None => Ok(()),
    }
}

/// How the roster's agents sign in: IPPA is for those with a password.
async fn modes(exam: &mut Exam<'_, '_>, node: &FinesseReader) -> Result<(), Trouble> {
    let agents = roster(exam.task.deployment);
    if agents.is_empty() {
        return Ok(());
    }
    exam.begin("sign-in modes of the agents".to_owned())?;
    let ids: Vec<&str> = agents.into_keys().collect();
    let (concurrency, stop) = (exam.task.concurrency, exam.task.stop);
    let (modes, failed) = auth_modes::read(node, &ids, concurrency, stop, |_| ()).await?;
    exam.lines.extend(sign_in_modes(ids.len(), &modes, failed.as_ref()));
    Ok(())
}

fn reader(
    exam: &Exam<'_, '_>,
    node: &FinesseNode,
    account: Option<FinesseAccount>,
) -> FinesseReader {
    FinesseReader::new(FinesseSettings {
        endpoint: node.api.clone(),
        account,
        http: exam.task.http.clone(),
        patience: PATIENCE,
        on_wait: std::sync::Arc::new(|_| ()),
        stop: exam.task.stop.clone(),
        refusals: exam.task.refusals.clone(),
    })
}

fn account(exam: &mut Exam<'_, '_>) -> Option<FinesseAccount> {
    const SUBJECT: &str = "administrator";
    let Some(credential) = &exam.task.deployment.credentials.finesse else {
        let why = "the playbook names no credentials.finesse";
        let fix = "name the Finesse administrator in credentials.finesse of the playbook";
        exam.add(Line::not_checkable(Area::Finesse, SUBJECT, why).fix(fix));
        return None;
    };
    match exam.password(credential) {
        Password::Here(password) => {
            Some(FinesseAccount { user: credential.user.clone(), password })
        }
        Password::Missing(why) => {
            let fix = "give the password that credentials.finesse of the playbook names";
            exam.add(Line::not_checked(Area::Finesse, SUBJECT, why).fix(fix));
            None
        }
    }
}

/// One read that only an administrator may do; whether the account was refused.
async fn administrator(
    exam: &mut Exam<'_, '_>,
    node: &FinesseNode,
    reader: &FinesseReader,
    user: &str,
) -> bool {
    let subject = format!("{} administrator", node.api.host);
    // Whether there is an agent of that name does not matter: that it is told does.
    match reader.user(user).await {
        Ok(_) => {
            exam.add(Line::ok(Area::Finesse, subject, format!("{user} is accepted")));
            false
        }
        Err(error) => {
            let place = format!("{} as {user}", node.api);
            exam.add(unanswered(subject, &place, &error));
            matches!(error, FinesseError::Denied { .. })
        }
    }
}

/// The page that phones ask, with a device name that exists nowhere.
async fn servlet(
    exam: &mut Exam<'_, '_>,
    node: &FinesseNode,
    reader: &FinesseReader,
    cucm: &Cucm,
) -> Result<(), Trouble> {
    let subject = format!("{} IPPA page", node.api.host);
    match cucm.no_such_device {
        Some(true) => {}
        Some(false) => {
            let why = format!("CUCM has a device {NO_DEVICE}, and nobody's phone is used for this");
            exam.add(Line::not_checked(Area::Finesse, subject, why).under("servlet-real-device"));
            return Ok(());
        }
        None => {
            let why = format!("because AXL did not tell that no device is called {NO_DEVICE}");
            exam.add(Line::not_checked(Area::Finesse, subject, why));
            return Ok(());
        }
    }
    exam.task.stop.check()?;
    let fix = "utils service list in the node's platform shell shows Cisco Finesse Tomcat; after a restart it takes about 6 \
               minutes";
    let line = match reader.servlet(NO_DEVICE).await {
        Ok(answer) if answer.phone_object() => Line::ok(Area::Finesse, subject, answer.root),
        Ok(answer) => {
            let seen = format!("a document {}, which no phone understands", answer.root);
            Line::found(Area::Finesse, subject, "servlet-not-phone-xml", seen).fix(fix)
        }
        Err(error @ FinesseError::NotApi { .. }) => {
            Line::found(Area::Finesse, subject, "servlet-not-phone-xml", error.to_string()).fix(fix)
        }
        Err(error) => {
            Line::found(Area::Finesse, subject, "servlet-not-answering", error.to_string()).fix(fix)
        }
    };
    exam.add(line);
    Ok(())
}
