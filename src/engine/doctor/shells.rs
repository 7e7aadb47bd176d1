//! The platform shells: sign-in, level, clock, replication, services. One session per node, and it only reads.

use crate::checks::doctor::shells;
use crate::checks::doctor::{Area, Line};
use crate::clients::platform::{
    HostKeyReason, PlatformAccount, ReadCommand, ShellError, ShellReader,
};
use crate::playbook::{Endpoint, Product};
use crate::trouble::Trouble;

use super::Exam;
use super::axl::Cucm;

/// What runs on the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// Finesse, on one node or two.
    Finesse { product: Product, alone: bool },
    /// CUCM, on one node or more, as far as known.
    Cucm { alone: bool },
}

/// Looks at the shells that the playbook names accounts for.
pub(super) async fn look(exam: &mut Exam<'_, '_>, cucm: &Cucm) -> Result<(), Trouble> {
    let deployment = exam.task.deployment;
    let credentials = &deployment.credentials;
    let own = credentials.finesse_platform.as_ref();
    let key = ("credentials.finesse_platform", "shells of Finesse");
    if let Some(account) = exam.platform_account(own, key) {
        let finesse = &deployment.finesse;
        let (product, alone) = (finesse.product, finesse.secondary.is_none());
        let mut may = true;
        for node in std::iter::once(&finesse.primary).chain(&finesse.secondary) {
            if may {
                may = shell(exam, &node.ssh, &account, Runs::Finesse { product, alone }).await?;
                continue;
            }
            let why =
                "because another node refused the account, and a refused password is tried once";
            let subject = format!("{} shell", node.ssh);
            exam.add(Line::not_checked(Area::Platform, subject, why));
        }
    }
    let own = credentials.cucm_platform.as_ref();
    let key = ("credentials.cucm_platform", "shell of CUCM");
    if let Some(account) = exam.platform_account(own, key) {
        match &deployment.cucm.platform_ssh {
            Some(endpoint) => {
                let alone = cucm.nodes.as_ref().is_some_and(|nodes| nodes.len() == 1);
                shell(exam, endpoint, &account, Runs::Cucm { alone }).await?;
            }
            None => exam.add(
                Line::not_checkable(
                    Area::Platform,
                    key.1,
                    "the playbook names no cucm.platform_ssh",
                )
                .fix("name the publisher's shell in cucm.platform_ssh of the playbook"),
            ),
        }
    }
    Ok(())
}

/// One node's shell; whether the account may be tried on another node.
async fn shell(
    exam: &mut Exam<'_, '_>,
    endpoint: &Endpoint,
    account: &PlatformAccount,
    runs: Runs,
) -> Result<bool, Trouble> {
    let subject = format!("{endpoint} shell");
    if exam.blocked(Area::Platform, subject.as_str(), endpoint) {
        return Ok(true);
    }
    exam.begin(format!("shell of {}", endpoint.host))?;
    let mut reader = match exam.task.platform.connect(endpoint, account).await {
        Ok(reader) => reader,
        Err(error) => {
            exam.add(closed(subject, endpoint, account, &error));
            let refused = matches!(error, ShellError::Denied | ShellError::SignInLost { .. });
            return Ok(!refused);
        }
    };
    let old = reader.algorithms().old();
    let old = if old.is_empty() {
        String::new()
    } else {
        format!(", with nothing newer than {}", old.join(", "))
    };
    exam.add(Line::ok(Area::Platform, subject, format!("signed in as {}{old}", account.user)));
    if reader.dns_unreachable() {
        let subject = format!("{} DNS of the node", endpoint.host);
        let seen = "the shell says that DNS is unreachable";
        exam.add(Line::warning(Area::Platform, subject, seen).under("finesse-name-unresolved").fix(
            "show network eth0 in the platform shell names the node's DNS servers, utils network ping tries them",
        ));
    }
    commands(exam, &mut reader, account, runs).await?;
    reader.close().await;
    Ok(true)
}

fn closed(
    subject: String,
    endpoint: &Endpoint,
    account: &PlatformAccount,
    error: &ShellError,
) -> Line {
    let trouble = error.trouble(format!("{endpoint} as {}", account.user));
    let line = Line::of(Area::Platform, subject, &trouble);
    match error {
        ShellError::HostKey(rejection) => match &rejection.reason {
            HostKeyReason::Changed { .. } | HostKeyReason::Revoked { .. } => {
                let host = &endpoint.host;
                line.as_failed().under("ssh-host-key-changed").fix(format!(
                    "{}; only after a look at the node's own console: ssh-keygen -R {host} takes the old one out of the known \
                     hosts",
                    trouble.next
                ))
            }
            HostKeyReason::Unknown { .. } => line,
        },
        ShellError::Denied => line.as_failed().fix(format!(
            "{}; show accountlocking in the platform shell, from another account, tells how long a lock lasts",
            trouble.next
        )),
        ShellError::SignInLost { .. }
        | ShellError::Unreachable { .. }
        | ShellError::NoCommonAlgorithm { .. }
        | ShellError::Handshake { .. }
        | ShellError::SignInUnsupported { .. }
        | ShellError::SignInAsks { .. }
        | ShellError::NoShell { .. }
        | ShellError::NoPrompt { .. } => line.as_failed(),
        ShellError::Question { .. }
        | ShellError::Dropped { .. }
        | ShellError::Timeout { .. }
        | ShellError::TooLong { .. }
        | ShellError::GivenUp { .. }
        | ShellError::NotRecognised { .. }
        | ShellError::Refused { .. } => line,
    }
}

async fn commands(
    exam: &mut Exam<'_, '_>,
    reader: &mut ShellReader,
    account: &PlatformAccount,
    runs: Runs,
) -> Result<(), Trouble> {
    let endpoint = reader.endpoint().clone();
    let host = endpoint.host.clone();
    let unread = |what: &str, error: &ShellError| {
        let trouble = error.trouble(format!("{endpoint} as {}", account.user));
        Line::of(Area::Platform, format!("{host} {what}"), &trouble)
    };
    exam.task.stop.check()?;
    exam.add(match reader.version().await {
        Ok(seen) => Line::ok(Area::Platform, format!("{host} release"), seen.version),
        Err(error) => unread("release", &error),
    });
    exam.add(match reader.show(ReadCommand::Myself).await {
        Ok(text) => shells::account(&host, &account.user, &text),
        Err(error) => unread("privilege level", &error),
    });
    exam.task.stop.check()?;
    exam.add(match reader.show(ReadCommand::NtpStatus).await {
        Ok(text) => shells::ntp(&host, &text),
        Err(error) => unread("NTP", &error),
    });
    exam.task.stop.check()?;
    exam.add(match replication(reader, &host, runs).await {
        Ok(line) => line,
        Err(error) => unread("database replication", &error).under("replication-incomplete"),
    });
    if let Runs::Finesse { .. } = runs {
        exam.task.stop.check()?;
        match reader.services().await {
            Ok(list) => exam.lines.extend(shells::services(&host, &list)),
            Err(error) => exam.add(unread("services", &error)),
        }
    }
    Ok(())
}

/// UCCX has its own table, where it is known; everything else the platform's.
async fn replication(reader: &mut ShellReader, host: &str, runs: Runs) -> Result<Line, ShellError> {
    let (Runs::Finesse { alone, .. } | Runs::Cucm { alone }) = runs;
    if alone {
        let subject = format!("{host} database replication");
        return Ok(Line::ok(
            Area::Platform,
            subject,
            "there is one node, and nothing to replicate",
        ));
    }
    if matches!(runs, Runs::Finesse { product: Product::Uccx, .. })
        && let Some(seen) = reader.uccx_servers().await?
    {
        return Ok(shells::uccx_replication(host, &seen));
    }
    Ok(shells::replication(host, &reader.replication().await?))
}
