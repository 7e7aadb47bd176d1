//! Trust stores as a node itself tells of them: by its certificate REST interface, or at its shell.

use crate::clients::certificate::Certificate;
use crate::clients::certificate_rest::{CertificateReader, CertificateRestError};
use crate::clients::platform::{PlatformAccount, ShellError, ShellReader, TrustedFile};
use crate::engine::{Purpose, Task};
use crate::outcome::Outcome;
use crate::playbook::{Credential, Endpoint, FinesseNode};
use crate::resources::certificate_trust::{Held, NodeSeen, TOMCAT_TRUST, vouched};
use crate::trouble::Trouble;

use super::beside;

/// An account that may be used now, or why not.
fn account(
    task: &Task<'_>,
    purpose: Purpose,
    (key, credential): (&str, Option<&Credential>),
) -> Result<Result<PlatformAccount, String>, Trouble> {
    let Some(credential) = credential else {
        return Ok(Err(format!("the playbook has no credentials.{key}")));
    };
    // An auditor may have no password of the platform.
    if purpose == Purpose::Verify && !task.secrets.available(&credential.password) {
        return Ok(Err(format!("{} is not available here", credential.password.purpose)));
    }
    let password = task.secrets.resolve(&credential.password)?;
    Ok(Ok(PlatformAccount { user: credential.user.clone(), password }))
}

/// The platform account of the Finesse nodes, or why there is none.
pub fn finesse_account(
    task: &Task<'_>,
    purpose: Purpose,
) -> Result<Result<PlatformAccount, String>, Trouble> {
    let credential = task.deployment.credentials.finesse_platform.as_ref();
    account(task, purpose, ("finesse_platform", credential))
}

/// The platform account of CUCM's nodes, or why there is none.
pub fn cucm_account(
    task: &Task<'_>,
    purpose: Purpose,
) -> Result<Result<PlatformAccount, String>, Trouble> {
    let credential = task.deployment.credentials.cucm_platform.as_ref();
    account(task, purpose, ("cucm_platform", credential))
}

/// The certificate REST interface of a CUCM node, or why it cannot be asked.
pub fn cucm_rest(
    task: &Task<'_>,
    purpose: Purpose,
    node: &Endpoint,
) -> Result<Result<CertificateReader, String>, Trouble> {
    let port = task.deployment.cucm.platform_port;
    let endpoint = Endpoint { host: node.host.clone(), port };
    let account = cucm_account(task, purpose)?;
    Ok(account.map(|account| rest(task, node, endpoint, account)))
}

/// The certificate REST interface of a Finesse node, or why it cannot be asked. No document says that there is one.
pub fn finesse_rest(
    task: &Task<'_>,
    purpose: Purpose,
    node: &FinesseNode,
) -> Result<Result<CertificateReader, String>, Trouble> {
    let account = finesse_account(task, purpose)?;
    Ok(account.map(|account| rest(task, &node.api, node.platform.clone(), account)))
}

fn rest(
    task: &Task<'_>,
    known: &Endpoint,
    endpoint: Endpoint,
    account: PlatformAccount,
) -> CertificateReader {
    let http = beside(task, known, &endpoint);
    CertificateReader::new(endpoint, (account.user, account.password), http, task.refusals.clone())
}

/// A store by REST: its name there and what it holds. A refused password and an unknown certificate end the run.
pub(super) async fn store(
    rest: &CertificateReader,
    names: &[&str],
) -> Result<(Result<String, String>, Held), Trouble> {
    match rest.trust_stores().await {
        Ok(stores) => Ok(if let Some((name, held)) = stores.named(names) {
            (Ok(name.to_owned()), Held::Known(held.to_vec()))
        } else {
            let why = format!("its certificate interface names no store {}", names.join(" or "));
            (Err(why.clone()), Held::CannotTell(why))
        }),
        Err(error @ (CertificateRestError::Denied | CertificateRestError::Certificate(_))) => {
            Err(error.trouble(rest.endpoint().to_string()))
        }
        Err(error @ CertificateRestError::NotOffered(_)) => {
            let why = format!("no certificate interface: {error}");
            Ok((Err(why.clone()), Held::CannotTell(why)))
        }
        // Where nothing listens there is no interface: other ways tell the same.
        Err(error @ CertificateRestError::Lost { sent: false, .. }) => {
            let why = format!("its certificate interface cannot be reached: {error}");
            Ok((Err(why.clone()), Held::CannotTell(why)))
        }
        Err(error) => {
            let why = format!("its certificate interface does not answer: {error}");
            Ok((Err(why.clone()), Held::NotRead(why)))
        }
    }
}

/// tomcat-trust of a Finesse node at its shell, where REST has not told it; and what else only the shell tells.
pub(super) async fn by_shell(
    task: &Task<'_>,
    purpose: Purpose,
    node: &FinesseNode,
    wanted: &[Certificate],
    seen: &mut NodeSeen,
) -> Result<(), Trouble> {
    let account = match finesse_account(task, purpose)? {
        Ok(account) => account,
        Err(why) => {
            seen.shell = Err(why.clone());
            if seen.held.known().is_none() {
                seen.held = Held::CannotTell(why);
            }
            return Ok(());
        }
    };
    let by_rest = seen.held.known().is_some();
    if by_rest && purpose != Purpose::Verify {
        seen.shell = Err("not needed: the certificate interface answers".to_owned());
        return Ok(());
    }
    let failed = |error: &ShellError| {
        let trouble = error.trouble(format!("{} as {}", node.ssh, account.user));
        if matches!(trouble.outcome, Outcome::Denied | Outcome::Refused) {
            Err(trouble)
        } else {
            Ok(error.to_string())
        }
    };
    let mut shell = match task.platform.connect(&node.ssh, &account).await {
        Ok(shell) => shell,
        Err(error) => {
            let why = failed(&error)?;
            seen.shell = Err(why.clone());
            if !by_rest {
                seen.held = Held::NotRead(why);
            }
            return Ok(());
        }
    };
    if purpose == Purpose::Verify {
        seen.trusts_all = shell.trusts_all().await.ok().flatten();
    }
    if !by_rest {
        match held(&mut shell, wanted).await {
            Ok(Some(held)) => (seen.shell, seen.held) = (Ok(()), Held::Known(held)),
            Ok(None) => {
                let why = "the shell does not list certificates to this account (privilege level 1 is needed)";
                seen.shell = Err(why.to_owned());
                seen.held = Held::CannotTell(why.to_owned());
            }
            Err(error) => {
                let why = failed(&error)?;
                (seen.shell, seen.held) = (Err(why.clone()), Held::NotRead(why));
            }
        }
    }
    shell.close().await;
    Ok(())
}

/// The certificates of tomcat-trust. Those that look by name as if they mattered come first; the others are looked at
/// only where something is missing, because each takes a command.
async fn held(
    shell: &mut ShellReader,
    wanted: &[Certificate],
) -> Result<Option<Vec<Certificate>>, ShellError> {
    let Some(files) = shell.trusted_files().await? else { return Ok(None) };
    let ours = files.into_iter().filter(|file| file.store == TOMCAT_TRUST);
    let (likely, others): (Vec<TrustedFile>, Vec<TrustedFile>) =
        ours.partition(|file| wanted.iter().any(|one| looks_like(file, one)));
    let mut held = Vec::new();
    for file in likely {
        held.extend(shell.trusted(&file).await?);
    }
    for file in others {
        if wanted.iter().all(|one| vouched(&held, one)) {
            break;
        }
        held.extend(shell.trusted(&file).await?);
    }
    Ok(Some(held))
}

fn looks_like(file: &TrustedFile, certificate: &Certificate) -> bool {
    let name = file.file.to_lowercase();
    let part = |text: &str| !text.is_empty() && name.contains(&text.to_lowercase());
    part(&certificate.serial) || part(&certificate.common_name)
}
