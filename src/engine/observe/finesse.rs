//! Reads the Finesse nodes: what they say of themselves, who is connected, and what the site's path says is saved.

use std::time::Duration;

use secrecy::SecretString;

use crate::clients::finesse::{
    AuthMode, ConnectedUsersInfo, FinesseAccount, FinesseError, FinesseReader, FinesseSettings,
    Heartbeat, Maintenance, NodeStatus, Selector, SystemInfo, Told,
};
use crate::engine::remembered::Remembered;
use crate::engine::{Event, Purpose, Task};
use crate::outcome::Outcome;
use crate::plan::OneShot;
use crate::planner::finesse::FinesseSeen;
use crate::playbook::{Busy, FinesseNode, ReadBack, SettingsMode, TrustMode};
use crate::resources::finesse_settings::{SUBJECT, StoredUser};
use crate::resources::tomcat_restart::{NodeSeen, NodeState};
use crate::trouble::Trouble;

/// Longest wait for a node that is out of service, in one read.
const PATIENCE: Duration = Duration::from_secs(5);

/// The nodes of a deployment that speaks of Finesse's settings. Kept for the whole run: each remembers whether its
/// password was refused.
#[derive(Debug, Clone)]
pub struct Nodes {
    /// The primary.
    pub primary: FinesseReader,
    /// The secondary.
    pub secondary: Option<FinesseReader>,
}

impl Nodes {
    /// The nodes, where the playbook has anything to do with them.
    pub fn new(task: &Task<'_>, purpose: Purpose) -> Result<Option<Self>, Trouble> {
        let deployment = task.deployment;
        if !reads(task, purpose) && !asks_who_is_busy(task, purpose) {
            return Ok(None);
        }
        let account = match &deployment.credentials.finesse {
            // An auditor may have no password of Finesse: then only what is public is read.
            Some(credential)
                if purpose == Purpose::Verify && !task.secrets.available(&credential.password) =>
            {
                None
            }
            Some(credential) => Some(FinesseAccount {
                user: credential.user.clone(),
                password: task.secrets.resolve(&credential.password)?,
            }),
            None => None,
        };
        let reader = |node: &FinesseNode| {
            FinesseReader::new(FinesseSettings {
                endpoint: node.api.clone(),
                account: account.clone(),
                http: task.http.clone(),
                patience: PATIENCE,
                on_wait: std::sync::Arc::new(|_| ()),
                stop: task.stop.clone(),
                refusals: task.refusals.clone(),
            })
        };
        Ok(Some(Self {
            primary: reader(&deployment.finesse.primary),
            secondary: deployment.finesse.secondary.as_ref().map(reader),
        }))
    }

    /// The same nodes, without the account.
    fn anonymous(&self) -> Self {
        let secondary = self.secondary.as_ref().map(FinesseReader::anonymous);
        Self { primary: self.primary.anonymous(), secondary }
    }

    /// All of them, the primary first.
    pub fn all(&self) -> impl Iterator<Item = &FinesseReader> {
        std::iter::once(&self.primary).chain(&self.secondary)
    }
}

/// Whether the nodes are looked at: settings are made or certificates imported here, a restart is asked for, or
/// everything is judged.
pub fn reads(task: &Task<'_>, purpose: Purpose) -> bool {
    let settings = task.deployment.finesse_settings.as_ref();
    let certificates = task.deployment.certificates.as_ref();
    task.restart_now
        || task.one_shot == Some(OneShot::Restart)
        || purpose == Purpose::Verify
        || certificates.is_some_and(|one| one.finesse_tomcat_trust == TrustMode::Import)
        || settings.is_some_and(|settings| !matches!(settings.mode, SettingsMode::Elsewhere))
}

/// Whether a run asks Finesse which phones are in a call before it tells them to take their configuration.
fn asks_who_is_busy(task: &Task<'_>, purpose: Purpose) -> bool {
    let deployment = task.deployment;
    purpose == Purpose::Apply
        && deployment.phone_apply.as_ref().is_some_and(|apply| apply.busy == Busy::Defer)
        && deployment.credentials.finesse.is_some()
}

/// The subject under which the password last written or attested is remembered.
pub fn password_subject() -> String {
    format!("password in {SUBJECT}")
}

/// Reads everything for a judgement: what would end a run that writes is one error more, and everything else is looked
/// at. A password that was refused is given to no other node.
pub async fn read_to_judge(
    task: &Task<'_>,
    nodes: &mut Nodes,
    troubles: &mut Vec<Trouble>,
) -> Result<Option<FinesseSeen>, Trouble> {
    let trouble = match read(task, nodes, Purpose::Verify).await {
        Ok(seen) => return Ok(Some(seen)),
        Err(trouble) => trouble,
    };
    task.stop.check()?;
    let denied = trouble.outcome == Outcome::Denied;
    troubles.push(trouble);
    if !denied {
        return Ok(None);
    }
    *nodes = nodes.anonymous();
    read(task, nodes, Purpose::Verify).await.map(Some)
}

/// Reads everything.
pub async fn read(
    task: &Task<'_>,
    nodes: &Nodes,
    purpose: Purpose,
) -> Result<FinesseSeen, Trouble> {
    let mut seen = FinesseSeen::default();
    for node in nodes.all() {
        task.stop.check()?;
        let what = format!("Finesse node {}", node.endpoint().host);
        task.listener.event(Event::Reading { what, done: 0, total: None });
        let told = users(task, node).await?;
        seen.nodes.push(NodeSeen {
            host: node.endpoint().host.clone(),
            state: state(task, node).await?,
            users: told.as_ref().map(|users| (users.total, in_words(users))),
            connected: told.and_then(|users| users.users),
        });
    }
    if task.deployment.finesse_settings.is_none() {
        seen.user = StoredUser::CannotTell("the playbook does not speak of it".to_owned());
    } else if let Some(read_back) = read_back(task) {
        seen.user = match stored(task, &nodes.primary, read_back).await {
            Err(trouble) if purpose == Purpose::Verify && trouble.code == "finesse-forbidden" => {
                StoredUser::WrongPath(trouble.why)
            }
            stored => stored?,
        };
        if let Some(secondary) = &nodes.secondary
            && let StoredUser::Known(user) = stored_on_secondary(task, secondary, read_back).await?
        {
            seen.secondary_user = Some(user);
        }
    } else {
        seen.user = StoredUser::CannotTell("the site has given no path to read it back".to_owned());
    }
    let memory = Remembered::read(task.state);
    let subject = password_subject();
    seen.same_password = declared_password(task)?.and_then(|secret| memory.same(&subject, &secret));
    seen.written = memory.written(&subject);
    seen.owed = memory.owed_restarts();
    seen.notifications = memory.owed_notifications();
    Ok(seen)
}

fn read_back<'a>(task: &Task<'a>) -> Option<&'a ReadBack> {
    match &task.deployment.finesse_settings.as_ref()?.mode {
        SettingsMode::Rest(request) => request.read_back.as_ref(),
        SettingsMode::Operator | SettingsMode::Elsewhere => None,
    }
}

/// The declared password, where it is at hand without asking anybody.
fn declared_password(task: &Task<'_>) -> Result<Option<SecretString>, Trouble> {
    let declared = &task.deployment.application_user.password;
    task.secrets.available(declared).then(|| task.secrets.resolve(declared)).transpose()
}

/// An error of a node as it is reported: with the account and the host.
pub fn at_node(task: &Task<'_>, node: &FinesseReader, error: &FinesseError) -> Trouble {
    let place = match &task.deployment.credentials.finesse {
        Some(credential) => format!("{} as {}", node.endpoint(), credential.user),
        None => node.endpoint().to_string(),
    };
    error.trouble(place)
}

/// What a node says of itself, or why it says nothing. A refused password and an untrusted certificate end the run.
async fn state(
    task: &Task<'_>,
    node: &FinesseReader,
) -> Result<Result<NodeState, String>, Trouble> {
    match node.system_info().await {
        Ok(info) => Ok(Ok(node_state(&info))),
        Err(error) => fatal(task, node, &error).map(|()| Err(error.to_string())),
    }
}

fn fatal(task: &Task<'_>, node: &FinesseReader, error: &FinesseError) -> Result<(), Trouble> {
    let trouble = at_node(task, node, error);
    let unsafe_way = matches!(error, FinesseError::Certificate(_) | FinesseError::Handshake(_));
    let ends = unsafe_way || trouble.outcome == Outcome::Denied;
    if ends { Err(trouble) } else { Ok(()) }
}

/// A node's state in the planner's words.
pub fn node_state(info: &SystemInfo) -> NodeState {
    let status = match &info.status {
        NodeStatus::InService => "IN_SERVICE".to_owned(),
        NodeStatus::OutOfService => "OUT_OF_SERVICE".to_owned(),
        NodeStatus::Other(word) => word.clone(),
    };
    let said = match (&info.heartbeat, &info.status_reason) {
        (Heartbeat::Failure(word), _) => format!("{status}, heartbeat {word}"),
        (Heartbeat::Success | Heartbeat::NotTold, Some(reason)) => format!("{status}: {reason}"),
        (Heartbeat::Success | Heartbeat::NotTold, None) => status,
    };
    let word = |mode: &Option<Maintenance>| mode.as_ref().map(|mode| mode.word.clone());
    NodeState {
        in_service: info.healthy(),
        said,
        maintenance: word(&info.finesse_maintenance),
        cti_maintenance: word(&info.cti_maintenance),
        sso: info.auth_mode == Some(AuthMode::Sso),
        hybrid: info.auth_mode == Some(AuthMode::Hybrid),
        primary: info.primary.as_ref().map(|primary| primary.host.clone()),
        secondary: info.secondary.as_ref().map(|secondary| secondary.host.clone()),
    }
}

/// Connected users; `None` where they cannot be read.
async fn users(
    task: &Task<'_>,
    node: &FinesseReader,
) -> Result<Option<ConnectedUsersInfo>, Trouble> {
    match node.connected_users().await {
        Ok(Told::Known(users)) => Ok(Some(users)),
        Ok(Told::CannotTell(_)) => Ok(None),
        Err(error) => fatal(task, node, &error).map(|()| None),
    }
}

fn in_words(users: &ConnectedUsersInfo) -> String {
    format!(
        "{} connected: {} at desktops, {} at IP phones, {} others",
        users.total, users.desktop, users.ip_phone, users.third_party
    )
}

/// The user name at the site's path.
pub async fn stored(
    task: &Task<'_>,
    node: &FinesseReader,
    read_back: &ReadBack,
) -> Result<StoredUser, Trouble> {
    let selector = Selector::new(&read_back.user).map_err(|error| at_node(task, node, &error))?;
    match node.settings_user(&read_back.path, &selector).await {
        Ok(found) => Ok(match found.user {
            Some(user) => StoredUser::Known(user),
            None => StoredUser::CannotTell(format!(
                "the answer ({}) has no {}",
                found.root, read_back.user
            )),
        }),
        Err(error) if nothing_there(&error) => Ok(StoredUser::WrongPath(error.to_string())),
        Err(error) if never_tells(&error) => Ok(StoredUser::CannotTell(error.to_string())),
        Err(error) => fatal(task, node, &error).map(|()| StoredUser::NotRead(error.to_string())),
    }
}

/// The same on the secondary node, which may answer no question about configuration at all (Finesse developer guide:
/// 403 from a secondary node).
pub async fn stored_on_secondary(
    task: &Task<'_>,
    node: &FinesseReader,
    read_back: &ReadBack,
) -> Result<StoredUser, Trouble> {
    match stored(task, node, read_back).await {
        Err(trouble) if trouble.code == "finesse-forbidden" => {
            Ok(StoredUser::CannotTell(trouble.why))
        }
        answered => answered,
    }
}

/// Whether the server has no such path. One that takes no GET is there all the same.
fn nothing_there(error: &FinesseError) -> bool {
    matches!(error, FinesseError::NotFound { .. } | FinesseError::NotApi { status: 404, .. })
}

/// Whether asking at another time would tell no more.
fn never_tells(error: &FinesseError) -> bool {
    match error {
        FinesseError::NoCredential { .. } => true,
        FinesseError::Invalid { status, .. } | FinesseError::NotApi { status, .. } => {
            matches!(status, 400..=499)
        }
        FinesseError::NotFound { .. }
        | FinesseError::Unreachable { .. }
        | FinesseError::Certificate(_)
        | FinesseError::Handshake(_)
        | FinesseError::Denied { .. }
        | FinesseError::CredentialWanted { .. }
        | FinesseError::Forbidden { .. }
        | FinesseError::Starting { .. }
        | FinesseError::OutOfService { .. }
        | FinesseError::Internal { .. }
        | FinesseError::Lost { .. }
        | FinesseError::Timeout { .. }
        | FinesseError::TooLarge { .. }
        | FinesseError::Refused { .. } => false,
    }
}
