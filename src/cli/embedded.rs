//! The embedded cluster started for one run: `--sandbox`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use crate::clients::tls::Fingerprint;
use crate::playbook::{Deployment, Endpoint};
use crate::trouble::Trouble;

use super::connect::secrets::Vault;
use super::meeting::Whom;

/// What a run needs of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plays {
    /// The accounts of the servers that the run speaks to.
    Cluster(Whom),
    /// Agents, and the hosts of a sign-in.
    Agents {
        /// All of them sign in by SSO.
        sso: bool,
    },
}

/// The sandbox of this run; ends when dropped.
#[derive(Debug)]
pub struct Embedded {
    #[cfg(feature = "sandbox")]
    running: Option<crate::sandbox::Running>,
    /// Where the names of the playbook lead now.
    pub connect_to: BTreeMap<Endpoint, SocketAddr>,
    /// The pins of its certificates.
    pub pins: BTreeMap<Endpoint, Vec<Fingerprint>>,
    /// The fingerprints of its host keys.
    pub host_keys: BTreeMap<Endpoint, Vec<String>>,
    /// Where operator steps and manual changes are done.
    pub control: SocketAddr,
}

#[cfg(feature = "sandbox")]
impl Embedded {
    /// Starts a cluster with the playbook's names and product, and the accounts that the run needs.
    pub fn start(
        deployment: &Deployment,
        vault: &Vault,
        state: Option<&Path>,
        plays: Plays,
    ) -> Result<Self, Trouble> {
        let running = crate::sandbox::start(options(deployment, vault, state, plays)?)?;
        let pins = running.pins().iter().map(|(endpoint, pin)| (endpoint.clone(), vec![*pin]));
        let keys = running.ssh_host_keys().iter();
        let keys = keys.map(|(endpoint, key)| (endpoint.clone(), vec![key.fingerprint.clone()]));
        Ok(Self {
            connect_to: running.connect_to().clone(),
            pins: pins.collect(),
            host_keys: keys.collect(),
            control: running.control_address(),
            running: Some(running),
        })
    }
}

#[cfg(feature = "sandbox")]
fn options(
    deployment: &Deployment,
    vault: &Vault,
    state: Option<&Path>,
    plays: Plays,
) -> Result<crate::sandbox::SandboxOptions, Trouble> {
    use secrecy::{ExposeSecret as _, SecretString};

    use crate::engine::Secrets as _;
    use crate::playbook::{self, Credential, Product as Of, SettingsMode, TrustMode};
    use crate::sandbox::{
        Account, Administrator, FinesseOptions, PlatformAccount, Product, Role, SandboxOptions,
        options::FinesseNode,
    };

    let all = plays == Plays::Cluster(Whom::All);
    let password = |credential: &Credential| {
        vault.resolve(&credential.password).map(|secret| secret.expose_secret().to_owned())
    };
    let axl = &deployment.credentials.axl;
    let account =
        Account { user: axl.user.clone(), password: password(axl)?, role: Role::ReadWrite };
    let node = |node: &playbook::FinesseNode| FinesseNode {
        host: node.api.host.clone(),
        api_port: node.api.port,
        ssh_port: node.ssh.port,
    };
    let mut finesse = FinesseOptions {
        product: match deployment.finesse.product {
            Of::Uccx => Product::Uccx,
            Of::Ucce => Product::Ucce,
            Of::Pcce => Product::Pcce,
        },
        release: deployment.finesse.release.clone(),
        primary: node(&deployment.finesse.primary),
        secondary: deployment.finesse.secondary.as_ref().map(node),
        ..FinesseOptions::default()
    };
    // Passwords of accounts that this run does not use are not looked up.
    if all
        || plays == Plays::Cluster(Whom::Finesse)
        || super::meeting::speaks_to_finesse(deployment)
    {
        if let Some(credential) = &deployment.credentials.finesse {
            finesse.administrators = vec![Administrator {
                user: credential.user.clone(),
                password: password(credential)?,
            }];
        }
        if let Some(credential) = &deployment.credentials.finesse_platform {
            finesse.platform = vec![PlatformAccount {
                user: credential.user.clone(),
                password: password(credential)?,
                level: 4,
            }];
        }
        let settings = deployment.finesse_settings.as_ref();
        if let Some(SettingsMode::Rest(request)) = settings.map(|settings| &settings.mode) {
            finesse.settings_path.clone_from(&request.path);
        }
    }
    if let (Plays::Agents { .. }, Some(secret)) = (plays, &deployment.agents.passwords)
        && vault.available(secret)
    {
        let text = vault.resolve(secret)?;
        // Rows that cannot be used are for the command itself to report.
        let rows = playbook::passwords(&secret.purpose, text.expose_secret()).unwrap_or_default();
        let own =
            |(id, password): (String, SecretString)| (id, password.expose_secret().to_owned());
        finesse.agent_passwords = rows.into_iter().map(own).collect();
    }
    let mut ris =
        vec![Administrator { user: account.user.clone(), password: account.password.clone() }];
    if let Some(credential) = deployment
        .credentials
        .serviceability
        .as_ref()
        .filter(|_| all || deployment.phone_settings.is_some())
    {
        ris =
            vec![Administrator { user: credential.user.clone(), password: password(credential)? }];
    }
    let declared = deployment.certificates.as_ref();
    let certificates = declared.is_some_and(|declared| {
        let skip = TrustMode::Skip;
        declared.cucm_phone_trust != skip || declared.finesse_tomcat_trust != skip
    });
    let mut options = SandboxOptions::default();
    if let Some(credential) =
        deployment.credentials.cucm_platform.as_ref().filter(|_| all || certificates)
    {
        options.publisher_platform = vec![PlatformAccount {
            user: credential.user.clone(),
            password: password(credential)?,
            level: 4,
        }];
        options.publisher_ssh.clone_from(&deployment.cucm.platform_ssh);
    }
    Ok(SandboxOptions {
        publisher: deployment.cucm.publisher.clone(),
        accounts: vec![account],
        ris,
        finesse,
        sso: sign_on(deployment, plays),
        state: state.map(Path::to_owned),
        ..options
    })
}

/// Where agents sign in by SSO, with the playbook's names.
#[cfg(feature = "sandbox")]
fn sign_on(deployment: &Deployment, plays: Plays) -> Option<crate::sandbox::SignOnHosts> {
    use crate::sandbox::SignOnHosts;
    let Plays::Agents { sso } = plays else { return None };
    let mut hosts = SignOnHosts::default();
    if let Some(declared) = &deployment.sso {
        if let Some(ids) = declared.ids.first() {
            hosts.ids = ids.clone();
        }
        if !declared.idp.is_empty() {
            hosts.idp.clone_from(&declared.idp);
        }
    }
    if !sso {
        hosts.mode = (crate::sandbox::finesse::knobs::AuthMode::NonSso, Vec::new());
    }
    Some(hosts)
}

#[cfg(feature = "sandbox")]
impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown();
        }
    }
}

#[cfg(not(feature = "sandbox"))]
impl Embedded {
    /// This build has none.
    pub fn start(_: &Deployment, _: &Vault, _: Option<&Path>, _: Plays) -> Result<Self, Trouble> {
        Err(absent())
    }
}

/// What a build without the sandbox says.
#[cfg(not(feature = "sandbox"))]
pub fn absent() -> Trouble {
    Trouble::new("sandbox-absent", crate::outcome::Outcome::Usage, "This build has no sandbox")
        .because("it was built without the feature `sandbox`")
        .then("build with default features")
}
