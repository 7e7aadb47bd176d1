//! The settings of a playbook for which something else can stand in: secrets, what is trusted, waivers.

use std::path::Path;

use crate::engine::Secrets as _;
use crate::playbook::{Credential, Deployment, Endpoint, SecretRef, SecretSource, waivers_path};
use crate::report::config::{Origin, Setting};
use crate::trouble::Trouble;

use super::super::Call;
use super::super::connect::secrets::Vault;
use super::super::connect::{self, host_keys, pins};

/// The settings of a playbook.
pub(super) fn settings(call: &Call, deployment: &Deployment) -> Result<Vec<Setting>, Trouble> {
    let folder = connect::state_folder(call.global.state_dir.as_deref())?;
    let mut settings = secrets(call, deployment);
    let known = pins::accepted(&folder)?;
    let keys = host_keys::accepted(&folder)?;
    let finesse = std::iter::once(&deployment.finesse.primary).chain(&deployment.finesse.secondary);
    let nodes: Vec<_> = finesse.collect();
    let api = nodes.iter().map(|node| &node.api);
    for server in std::iter::once(&deployment.cucm.publisher).chain(api) {
        let accepted = known.get(server).map_or(0, Vec::len);
        settings.push(certificate(call, deployment, server, accepted));
    }
    let shells = deployment.cucm.platform_ssh.iter().chain(nodes.iter().map(|node| &node.ssh));
    settings.push(known_hosts(call, deployment));
    for shell in shells.filter(|shell| keys.contains_key(shell)) {
        let origin = Origin::named("terminal", "accepted at a terminal");
        settings.push(Setting::new(format!("host key of {shell}"), "one is accepted", origin));
    }
    settings.push(waivers(deployment));
    Ok(settings)
}

fn secrets(call: &Call, deployment: &Deployment) -> Vec<Setting> {
    let credentials = &deployment.credentials;
    let accounts = [
        Some(&credentials.axl),
        credentials.finesse.as_ref(),
        credentials.finesse_platform.as_ref(),
        credentials.cucm_platform.as_ref(),
        credentials.serviceability.as_ref(),
    ];
    let of_account = |account: Option<&Credential>| account.map(|account| account.password.clone());
    let named = accounts.into_iter().filter_map(of_account);
    let further =
        [&Some(deployment.application_user.password.clone()), &deployment.agents.passwords];
    let further = further.into_iter().flatten().cloned();
    let vault = Vault::new(call.interactive, call.global.sandbox);
    let all = named.chain(further).chain(deployment.journal.seal.clone());
    let mut settings: Vec<Setting> =
        all.map(|secret| self::secret(&secret, call.global.sandbox, &vault)).collect();
    if credentials.serviceability.is_none() {
        let value = format!("the account of credentials.axl, {}", credentials.axl.user);
        settings.push(Setting::new("credentials.serviceability", value, Origin::unsaid()));
    }
    settings
}

fn secret(secret: &SecretRef, sandbox: bool, vault: &Vault) -> Setting {
    // Looked up as if there were no sandbox: its demo values stand in for what is not there.
    let there = Vault::new(false, false).available(secret);
    let state = |yes: &str, no: &str| if there { yes.to_owned() } else { no.to_owned() };
    let mut value = match &secret.source {
        SecretSource::Env(name) => format!("variable {name}, {}", state("set", "not set")),
        SecretSource::File(path) => {
            format!("file {path}, {}", state("there", "not there, or others can read it"))
        }
        SecretSource::Command(words) => {
            format!("command {}, run when needed", words.first().map_or("", String::as_str))
        }
        SecretSource::Keyring(name) => {
            format!("keyring {name}, {}", state("kept", &format!("not kept: ippactl login {name}")))
        }
        SecretSource::Prompt => "asked for at the terminal".to_owned(),
    };
    let available = vault.available(secret);
    if sandbox && available && !there {
        value.push_str("; the sandbox has a demo value");
    }
    let origin = Origin::playbook(&secret.purpose, &secret.at);
    let setting = Setting::new(secret.purpose.clone(), value, origin);
    Setting { available: Some(available), ..setting }
}

/// How a server's certificate is judged: pins of the playbook and accepted ones count together.
fn certificate(
    call: &Call,
    deployment: &Deployment,
    server: &Endpoint,
    accepted: usize,
) -> Setting {
    let name = format!("certificate of {server}");
    let pinned = deployment.tls.pins.get(server).map_or(0, Vec::len);
    if call.global.sandbox {
        return Setting::new(name, "the sandbox's own", Origin::named("flag", "--sandbox"));
    }
    let terminal = || Origin::named("terminal", "accepted at a terminal");
    let place = deployment.places.at("tls.pins");
    match (pinned, accepted, place) {
        (1.., 0, Some(at)) => Setting::new(name, "pinned", Origin::playbook("tls.pins", at)),
        (1.., 1.., Some(at)) => {
            let setting =
                Setting::new(name, "pinned, and accepted", Origin::playbook("tls.pins", at));
            Setting { value: format!("{}: either is trusted", setting.value), ..setting }
        }
        (_, 1.., _) => Setting::new(name, "accepted", terminal()),
        (_, 0, _) => match deployment.tls.ca_files.first() {
            Some((path, at)) => {
                let value = format!("by the authorities, and {path}");
                Setting::new(name, value, Origin::playbook("tls.ca_files", at))
            }
            None => Setting::new(name, "by the authorities", Origin::unsaid()),
        },
    }
}

fn known_hosts(call: &Call, deployment: &Deployment) -> Setting {
    let own = host_keys::own_file().filter(|path| path.exists());
    let own = own.map(|path| path.display().to_string());
    if call.global.sandbox {
        return Setting::new(
            "known hosts",
            "the sandbox's own",
            Origin::named("flag", "--sandbox"),
        );
    }
    match (&deployment.ssh.known_hosts, own) {
        (Some((path, at)), own) => {
            let origin = Origin::playbook("ssh.known_hosts", at);
            Setting::new("known hosts", path.clone(), origin).over(own)
        }
        (None, Some(own)) => Setting::new("known hosts", own, Origin::unsaid()),
        (None, None) => Setting::new("known hosts", "none", Origin::unsaid()),
    }
}

fn waivers(deployment: &Deployment) -> Setting {
    let path = waivers_path(&deployment.file);
    if Path::new(&path).exists() {
        return Setting::new("waivers", path, Origin::named("file", "beside the playbook"));
    }
    Setting::new("waivers", format!("none: there is no {path}"), Origin::unsaid())
}
