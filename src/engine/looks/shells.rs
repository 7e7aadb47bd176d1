//! What only the shells of the Finesse nodes tell: who is locked, the IPPA inactivity timeout, and the release.

use crate::checks::Seen;
use crate::checks::maintenance::ShellSeen;
use crate::clients::platform::{PlatformAccount, ShellError, ShellReader};
use crate::engine::Event;
use crate::outcome::Outcome;
use crate::playbook::FinesseNode;
use crate::trouble::Trouble;

use super::{Around, not_checkable, not_checked};

const SUBJECT: &str = "locked agents and the IPPA inactivity timeout";

/// Looks at each node in turn; a password that one refuses is given to no other.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let task = around.task;
    let Some(credential) = &task.deployment.credentials.finesse_platform else {
        let why = "the playbook has no credentials.finesse_platform";
        seen.not_checked.push(not_checkable(SUBJECT, why));
        return Ok(());
    };
    if !task.secrets.available(&credential.password) {
        let why = format!("{} is not available here", credential.password.purpose);
        seen.not_checked.push(not_checked(SUBJECT, why));
        return Ok(());
    }
    let password = task.secrets.resolve(&credential.password)?;
    let account = PlatformAccount { user: credential.user.clone(), password };
    let finesse = &task.deployment.finesse;
    for node in std::iter::once(&finesse.primary).chain(&finesse.secondary) {
        task.stop.check()?;
        let what = format!("the shell of {}", node.ssh.host);
        task.listener.event(Event::Reading { what, done: 0, total: None });
        let connected = task.platform.connect(&node.ssh, &account).await;
        for (node, algorithms) in task.platform.newly_forced() {
            let text = format!(
                "{node} forces old SSH algorithms: {algorithms} (OS Administration > Security > Cipher Management)"
            );
            task.listener.event(Event::Note(text));
        }
        match connected {
            Ok(shell) => ask(node, shell, seen).await,
            Err(error) => {
                let trouble = error.trouble(format!("{} as {}", node.ssh, account.user));
                let subject = format!("{SUBJECT} on {}", node.api.host);
                seen.not_checked.push(not_checked(subject, error.to_string()));
                let denied = trouble.outcome == Outcome::Denied;
                if denied || matches!(error, ShellError::HostKey(_)) {
                    seen.troubles.push(trouble);
                }
                if denied {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Asks one node everything, as far as its session lasts.
async fn ask(node: &FinesseNode, mut shell: ShellReader, seen: &mut Seen) {
    let host = &node.api.host;
    let mut told = ShellSeen { host: host.clone(), ..ShellSeen::default() };
    let mut usable = true;
    if let Some(answer) = kept(shell.version().await, "release", host, &mut usable, seen) {
        told.release = Some(answer.version);
    }
    if usable {
        let answer = shell.locked_out_users().await;
        told.locked = kept(answer, "locked agents", host, &mut usable, seen);
    }
    if usable {
        let answer = shell.inactivity_timeout().await;
        told.timeout = kept(answer, "IPPA inactivity timeout", host, &mut usable, seen);
    }
    if usable {
        shell.close().await;
    }
    seen.shells.push(told);
}

/// An answer; one that is not recognised will not be at another time, as where the release does not have the command.
fn kept<T>(
    answer: Result<T, ShellError>,
    what: &str,
    host: &str,
    usable: &mut bool,
    seen: &mut Seen,
) -> Option<T> {
    let subject = || format!("{what} on {host}");
    match answer {
        Ok(answer) => Some(answer),
        Err(error @ ShellError::NotRecognised { .. }) => {
            seen.not_checked.push(not_checkable(subject(), error.to_string()));
            None
        }
        Err(error) => {
            *usable = false;
            seen.not_checked.push(not_checked(subject(), error.to_string()));
            None
        }
    }
}
