//! `sandbox`: the embedded cluster in a process of its own, until Ctrl-C.

use serde_json::Value;

use crate::trouble::Trouble;

use super::args::Sandbox;

/// Starts the cluster, tells `ready` the addresses as text and as fields of a JSON document, and waits for Ctrl-C.
#[cfg(feature = "sandbox")]
pub async fn run(
    flags: &Sandbox,
    ready: impl FnOnce(&str, &Value) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::connect::{files, pins, secrets::DEMO_CREDENTIAL};
    use crate::outcome::Outcome;
    use crate::sandbox::{Account, Role, SandboxOptions, start};

    let account = |user: &str, role| Account {
        user: user.to_owned(),
        password: DEMO_CREDENTIAL.to_owned(),
        role,
    };
    let seeded = SandboxOptions::default();
    let running = start(SandboxOptions {
        publisher: flags.publisher.clone(),
        accounts: vec![account("axladmin", Role::ReadWrite), account("axlreader", Role::ReadOnly)],
        state: flags.state.clone(),
        extra_phones: usize::try_from(flags.phones).unwrap_or(usize::MAX),
        release: flags.release.clone().unwrap_or(seeded.release),
        record: flags.record.clone(),
        listen: flags.listen,
    })?;
    let pinned = BTreeMap::from([(flags.publisher.clone(), vec![running.certificate_sha256()])]);
    let fields = json!({
        "connect_to": { flags.publisher.to_string(): running.axl_address().to_string() },
        "pins": pins::value(&pinned),
        "control": format!("http://{}", running.control_address()),
    });
    let text = format!(
        "The sandbox answers for {} at {}\ncontrol port http://{}\naccounts axladmin (reads and writes) and axlreader (reads), password {DEMO_CREDENTIAL}\nCtrl-C ends it\n",
        flags.publisher,
        running.axl_address(),
        running.control_address(),
    );
    let told = match &flags.ready {
        Some(path) => files::replace_private(path, &format!("{fields:#}\n")),
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

/// This build has none.
#[cfg(not(feature = "sandbox"))]
#[expect(clippy::unused_async, reason = "the same signature as with the feature")]
pub async fn run(
    _flags: &Sandbox,
    _ready: impl FnOnce(&str, &Value) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    Err(super::embedded::absent())
}
