//! What the manifest says of a captured deployment: names that a rehearsal needs, and how complete the capture is.

use serde_json::{Value, json};

use crate::engine::Task;
use crate::engine::journal::now;
use crate::playbook::{Credential, FinesseNode, SettingsMode};

/// The form of the folder.
const SCHEMA: &str = "ippactl.capture/v1";
/// Said in the manifest and by the command.
pub const HOLDS: &str = "names, ids, extensions and host names of the site; no passwords";

/// What was learnt on connecting.
pub(super) struct Spoken<'a> {
    pub(super) release: &'a str,
    pub(super) version: &'a str,
}

/// All but what the folder adds about its files.
pub(super) fn manifest(
    task: &Task<'_>,
    spoken: Option<&Spoken<'_>>,
    (missing, broken_off): (&[String], bool),
) -> Value {
    let deployment = task.deployment;
    let finesse = &deployment.finesse;
    let user = |credential: Option<&Credential>| credential.map(|own| own.user.clone());
    let credentials = &deployment.credentials;
    json!({
        "schema": SCHEMA,
        "tool": concat!("ippactl ", env!("CARGO_PKG_VERSION")),
        "captured": now(),
        "deployment": deployment.name,
        "holds": HOLDS,
        "complete": missing.is_empty(),
        "missing": missing,
        "broken_off": broken_off,
        "cucm": {
            "publisher": deployment.cucm.publisher.to_string(),
            "platform_ssh": deployment.cucm.platform_ssh.as_ref().map(ToString::to_string),
            "release": spoken.map(|spoken| spoken.release),
            "axl_version": spoken.map(|spoken| spoken.version),
        },
        "finesse": {
            "product": finesse.product.word(),
            "release": finesse.release,
            "primary": node(&finesse.primary),
            "secondary": finesse.secondary.as_ref().map(node),
            "settings": settings(task),
        },
        "application_user": deployment.application_user.id,
        "accounts": {
            "axl": user(Some(&credentials.axl)),
            "finesse": user(credentials.finesse.as_ref()),
            "finesse_platform": user(credentials.finesse_platform.as_ref()),
            "cucm_platform": user(credentials.cucm_platform.as_ref()),
            "serviceability": user(credentials.serviceability.as_ref()),
        },
    })
}

fn node(node: &FinesseNode) -> Value {
    json!({ "host": node.api.host, "api_port": node.api.port, "ssh_port": node.ssh.port })
}

/// The paths of the site, without their queries.
fn settings(task: &Task<'_>) -> Option<Value> {
    let SettingsMode::Rest(request) = &task.deployment.finesse_settings.as_ref()?.mode else {
        return None;
    };
    let read_back = request.read_back.as_ref();
    Some(json!({
        "path": without_query(&request.path),
        "read_back": read_back.map(|read_back| without_query(&read_back.path)),
        "user": read_back.map(|read_back| &read_back.user),
    }))
}

/// A path up to its query.
pub(super) fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}
