//! `sandbox`: the embedded cluster in a process of its own, until Ctrl-C.

#[cfg(feature = "sandbox")]
use std::{collections::BTreeMap, net::SocketAddr};

#[cfg(feature = "sandbox")]
use crate::playbook::Endpoint;
#[cfg(feature = "sandbox")]
use crate::report::json;
#[cfg(feature = "sandbox")]
use crate::report::sandbox::HostKey;
use crate::report::sandbox::Ready;
use crate::trouble::Trouble;

use super::args::Sandbox;

/// Starts the cluster, tells `ready` the addresses as text and as fields of a JSON document, and waits for Ctrl-C.
#[cfg(feature = "sandbox")]
pub async fn run(
    flags: &Sandbox,
    ready: impl FnOnce(&str, &Ready) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    use super::connect::files;
    use crate::clients::tls::fingerprint_text;
    use crate::outcome::Outcome;
    use crate::sandbox::start;

    let (options, about) = options(flags)?;
    let publisher = options.publisher.clone();
    let running = start(options)?;
    let names = |map: &BTreeMap<Endpoint, SocketAddr>| -> BTreeMap<String, String> {
        map.iter().map(|(name, address)| (name.to_string(), address.to_string())).collect()
    };
    let host_keys = running.ssh_host_keys().iter().map(|(endpoint, key)| {
        let (fingerprint, known_hosts) = (key.fingerprint.clone(), key.known_hosts.clone());
        (endpoint.to_string(), HostKey { fingerprint, known_hosts })
    });
    let certificates = running.certificates().iter();
    let pins = running.pins().iter();
    let fields = Ready {
        connect_to: names(running.connect_to()),
        pins: pins.map(|(at, pin)| (at.to_string(), vec![fingerprint_text(pin)])).collect(),
        control: format!("http://{}", running.control_address()),
        ssh_host_keys: host_keys.collect(),
        ca: running.root_pem().map(str::to_owned),
        certificates: certificates.map(|(at, pem)| (at.to_string(), pem.clone())).collect(),
    };
    let text = format!(
        "The sandbox answers for {publisher} at {}\ncontrol port http://{}\n{about}Ctrl-C ends it\n",
        running.axl_address(),
        running.control_address(),
    );
    let told = match &flags.ready {
        Some(path) => files::replace_private(path, &json::text(&fields)),
        None => Ok(()),
    };
    let waited = match told.and_then(|()| ready(&text, &fields)) {
        Ok(()) => tokio::signal::ctrl_c().await.map_err(|error| {
            Trouble::new("signal-unavailable", Outcome::Failed, "Ctrl-C cannot be awaited")
                .because(error.to_string())
        }),
        Err(trouble) => Err(trouble),
    };
    running.shutdown();
    waited
}

/// The cluster that the flags or a capture describe, and what to say of it.
#[cfg(feature = "sandbox")]
fn options(flags: &Sandbox) -> Result<(crate::sandbox::SandboxOptions, String), Trouble> {
    use super::connect::secrets::DEMO_CREDENTIAL;

    let Some(folder) = &flags.from else {
        let nodes = std::iter::once(flags.finesse_primary.as_str()).chain(flags.secondary());
        let nodes: Vec<&str> = nodes.collect();
        let about = format!(
            "accounts axladmin (reads and writes), axlreader (reads), and nobody (no role), password {DEMO_CREDENTIAL}\nFinesse {}: administrator finadmin; shells: osadmin, osoperator (level 1), osreader (level 0); RisPort: risreader; same password\n",
            nodes.join(" and ")
        );
        let options = seeded(flags)?;
        let more = options.sso.as_ref().map(about_sign_on).unwrap_or_default();
        return Ok((options, about + &more));
    };
    loaded(flags, folder)
}

/// The cluster of a capture. What the capture lacks is said.
#[cfg(feature = "sandbox")]
fn loaded(
    flags: &Sandbox,
    folder: &std::path::Path,
) -> Result<(crate::sandbox::SandboxOptions, String), Trouble> {
    use super::connect::{files, secrets::DEMO_CREDENTIAL};
    use crate::outcome::Outcome;
    use crate::report::sanitize::line;
    use crate::sandbox::{Times, from};

    let passwords = flags.agent_passwords.as_deref().map(|path| {
        files::read_text(path).map_err(|why| {
            Trouble::new(
                "agent-passwords-invalid",
                Outcome::Usage,
                "The agents' passwords cannot be used",
            )
            .at(path.display().to_string())
            .because(why)
            .then("check the path of --agent-passwords")
        })
    });
    let passwords = passwords.transpose()?;
    let capture = from::Capture::open(folder, passwords.as_deref())?;
    let access = from::Access { password: DEMO_CREDENTIAL, reader: "axlreader" };
    let mut options = capture.options(&access)?;
    options.finesse.times = Times {
        tomcat_started_ms: flags.tomcat_started_ms,
        in_service_ms: flags.in_service_ms,
        replication_ms: flags.replication_ms,
        row_lag_ms: flags.row_lag_ms,
    };
    options.state.clone_from(&flags.state);
    options.record.clone_from(&flags.record);
    options.keys.clone_from(&flags.keys);
    options.pace = pace(flags);
    options.listen = flags.listen;
    let mut about: Vec<String> =
        capture.about().iter().map(|text| line(text).into_owned()).collect();
    let mut users: Vec<&str> = options.accounts.iter().map(|own| own.user.as_str()).collect();
    let finesse = options.finesse.administrators.iter().chain(&options.ris);
    users.extend(finesse.map(|own| own.user.as_str()));
    let shells = options.finesse.platform.iter().chain(&options.publisher_platform);
    users.extend(shells.map(|own| own.user.as_str()));
    users.sort_unstable();
    users.dedup();
    about.push(format!("accounts {}: password {DEMO_CREDENTIAL}\n", line(&users.join(", "))));
    Ok((options, about.join("\n")))
}

/// How fast AXL is to be.
#[cfg(feature = "sandbox")]
fn pace(flags: &Sandbox) -> crate::sandbox::pace::Pace {
    crate::sandbox::pace::Pace {
        workers: flags.workers,
        write_ms: flags.write_time,
        read_ms: flags.read_time,
        notifications: flags.notifications,
        drain: flags.drain.unwrap_or_default(),
    }
}

/// Single sign-on as the flags want it; none: there is none.
#[cfg(feature = "sandbox")]
fn sign_on(flags: &Sandbox) -> Result<Option<crate::sandbox::SignOnHosts>, Trouble> {
    use super::args::ProductName;
    use super::connect::secrets::DEMO_CREDENTIAL;
    use crate::outcome::Outcome;
    use crate::sandbox::SignOnHosts;
    use crate::sandbox::finesse::knobs::AuthMode;
    use crate::sandbox::patch::changed;

    let wrong = |flag: &str, why: String, next: &str| {
        Trouble::new("usage", Outcome::Usage, "the sandbox cannot be like that")
            .at(flag.to_owned())
            .because(why)
            .then(next.to_owned())
    };
    let mode = match &flags.hybrid {
        Some(_) if flags.product == ProductName::Uccx => {
            let why = "UCCX has single sign-on for everybody or for nobody".to_owned();
            return Err(wrong("--hybrid", why, "add --product ucce, or use --sso"));
        }
        Some(agents) => (AuthMode::Hybrid, agents.clone()),
        None if flags.sso => (AuthMode::Sso, Vec::new()),
        None if flags.ids.is_some() => (AuthMode::NonSso, Vec::new()),
        None => return Ok(None),
    };
    let usual = SignOnHosts::default();
    let mut knobs = usual.knobs;
    let lives = [("access_s", flags.access_token), ("refresh_s", flags.refresh_token)];
    let lives =
        lives.into_iter().filter_map(|(name, life)| Some((name.to_owned(), life?.to_string())));
    for (name, value) in lives.chain(flags.sso_knob.iter().cloned()) {
        let read = serde_json::from_str(&value)
            .unwrap_or_else(|_| serde_json::Value::from(value.as_str()));
        knobs = changed(&knobs, serde_json::Value::from_iter([(name.clone(), read)])).map_err(
            |why| wrong(&format!("--sso-knob {name}={value}"), why, "name one of these"),
        )?;
    }
    Ok(Some(SignOnHosts {
        ids: flags.ids.clone().unwrap_or(usual.ids),
        idp: if flags.idp.is_empty() { usual.idp } else { flags.idp.clone() },
        password: DEMO_CREDENTIAL.to_owned(),
        mode,
        knobs,
        ..SignOnHosts::default()
    }))
}

/// What to say of single sign-on.
#[cfg(feature = "sandbox")]
fn about_sign_on(hosts: &crate::sandbox::SignOnHosts) -> String {
    let providers: Vec<String> = hosts.idp.iter().map(ToString::to_string).collect();
    format!(
        "single sign-on: Identity Service {}, identity provider {}, accounts agent1001@{realm} and so on, same password\n",
        hosts.ids,
        providers.join(" and "),
        realm = hosts.realm
    )
}

/// The seeded cluster that the flags describe.
#[cfg(feature = "sandbox")]
fn seeded(flags: &Sandbox) -> Result<crate::sandbox::SandboxOptions, Trouble> {
    use super::args::{ProductName, TrustStores};
    use super::connect::secrets::DEMO_CREDENTIAL;
    use crate::outcome::Outcome;
    use crate::sandbox::tls::profile::Profiles;
    use crate::sandbox::{
        Account, Administrator, FinesseOptions, PlatformAccount, Product, Role, SandboxOptions,
        Times,
        options::{FinesseNode, subscribers},
    };

    let account = |user: &str, role| Account {
        user: user.to_owned(),
        password: DEMO_CREDENTIAL.to_owned(),
        role,
    };
    let user =
        |name: &str| Administrator { user: name.to_owned(), password: DEMO_CREDENTIAL.to_owned() };
    let shell: Vec<PlatformAccount> = [("osadmin", 4), ("osoperator", 1), ("osreader", 0)]
        .map(|(user, level)| PlatformAccount {
            user: user.to_owned(),
            password: DEMO_CREDENTIAL.to_owned(),
            level,
        })
        .into();
    let node = |host: &str| FinesseNode {
        host: host.to_owned(),
        api_port: flags.finesse_api_port,
        ssh_port: flags.finesse_ssh_port,
    };
    let seeded = SandboxOptions::default();
    let tls = Profiles::read(&flags.tls_profile).map_err(|why| {
        Trouble::new("usage", Outcome::Usage, "the sandbox cannot be like that")
            .at("--tls-profile")
            .because(why)
            .then("name one of these profiles")
    })?;
    Ok(SandboxOptions {
        tls,
        publisher: flags.publisher.clone(),
        subscribers: subscribers(usize::from(flags.cucm_nodes)),
        exchanged: flags.trust == TrustStores::Exchanged,
        accounts: vec![
            account("axladmin", Role::ReadWrite),
            account("axlreader", Role::ReadOnly),
            account("nobody", Role::NoAxl),
        ],
        ris: vec![user("risreader")],
        publisher_ssh: Some(Endpoint {
            host: flags.publisher.host.clone(),
            port: flags.publisher_ssh_port,
        }),
        publisher_platform: shell.clone(),
        finesse: FinesseOptions {
            product: match flags.product {
                ProductName::Uccx => Product::Uccx,
                ProductName::Ucce => Product::Ucce,
                ProductName::Pcce => Product::Pcce,
            },
            release: flags.finesse_release.clone(),
            primary: node(&flags.finesse_primary),
            secondary: flags.secondary().map(node),
            administrators: vec![user("finadmin")],
            platform: shell,
            settings_path: flags.finesse_settings_path.clone(),
            unobservable_settings: flags.unobservable_settings,
            extra_agents: flags.phones,
            agent_passwords: BTreeMap::new(),
            times: Times {
                tomcat_started_ms: flags.tomcat_started_ms,
                in_service_ms: flags.in_service_ms,
                replication_ms: flags.replication_ms,
                row_lag_ms: flags.row_lag_ms,
            },
        },
        sso: sign_on(flags)?,
        state: flags.state.clone(),
        extra_phones: usize::try_from(flags.phones).unwrap_or(usize::MAX),
        extra_vendor_config: flags.vendor_config,
        release: flags.release.clone().unwrap_or(seeded.release),
        answers: flags.answer.clone(),
        record: flags.record.clone(),
        keys: flags.keys.clone(),
        pace: pace(flags),
        from: None,
        listen: flags.listen,
    })
}

/// This build has none.
#[cfg(not(feature = "sandbox"))]
#[expect(clippy::unused_async, reason = "the same signature as with the feature")]
pub async fn run(
    _flags: &Sandbox,
    _ready: impl FnOnce(&str, &Ready) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    Err(super::embedded::absent())
}
