//! Reads from one node.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::session::{Asker, Session, document, tree, xml};
use super::{
    AuthMode, ConnectedUsersInfo, FinesseError, FinesseSettings, ReadBack, Reason, Selector,
    ServletAnswer, SystemInfo, Told, User, reasons, servlet, users,
};
use crate::clients::http::HttpReply;
use crate::playbook::Endpoint;

/// What stands in one part of a path as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Reads from one node: it has no method that writes. Cheap to clone; clones share what is known of the password.
#[derive(Debug, Clone)]
pub struct FinesseReader {
    pub(super) session: Arc<Session>,
    patience: Duration,
}

impl FinesseReader {
    /// A reader of this node; connections are made when needed.
    pub fn new(settings: FinesseSettings) -> Self {
        let patience = settings.patience;
        Self { session: Arc::new(Session::new(settings)), patience }
    }

    /// The same node and account with another patience, e.g. none while a restart is watched.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { session: Arc::clone(&self.session), patience }
    }

    /// The node, as the playbook names it.
    pub fn endpoint(&self) -> &Endpoint {
        &self.session.settings.endpoint
    }

    /// The same node without the account: for what is public once its password was refused.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        let settings = FinesseSettings { account: None, ..self.session.settings.clone() };
        Self { session: Arc::new(Session::new(settings)), patience: self.patience }
    }

    /// Whether an account is at hand.
    pub fn has_account(&self) -> bool {
        self.session.settings.account.is_some()
    }

    /// `SystemInfo`, without a credential; with the administrator's only when the node insists.
    pub async fn system_info(&self) -> Result<SystemInfo, FinesseError> {
        const WHAT: &str = "SystemInfo";
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        // the proxy in front of the node may remember an older answer
        let path = format!("/finesse/api/SystemInfo?nocache={now}");
        let reply = match self.get(WHAT, Asker::Anybody, &path).await {
            Err(FinesseError::CredentialWanted { .. })
                if self.session.settings.account.is_some() =>
            {
                self.get(WHAT, Asker::Administrator, &path).await
            }
            reply => reply,
        }?;
        let root = document(WHAT, &reply, WHAT)?;
        SystemInfo::read(&root).map_err(|why| not_api(WHAT, &reply, why))
    }

    /// `ConnectedUsersInfo`, of this node alone. Releases without it, nodes out of service and accounts that may not
    /// ask for it cannot tell.
    pub async fn connected_users(&self) -> Result<Told<ConnectedUsersInfo>, FinesseError> {
        const WHAT: &str = "ConnectedUsersInfo";
        match self.get(WHAT, Asker::Administrator, "/finesse/api/ConnectedUsersInfo").await {
            Ok(reply) => {
                let root = document(WHAT, &reply, WHAT)?;
                let read = ConnectedUsersInfo::read(&root);
                read.map(Told::Known).map_err(|why| not_api(WHAT, &reply, why))
            }
            Err(
                error @ (FinesseError::Forbidden { .. }
                | FinesseError::NotFound { .. }
                | FinesseError::OutOfService { .. }
                | FinesseError::NotApi { status: 404, .. }),
            ) => Ok(Told::CannotTell(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// `User/<id>`, or by login name on UCCE; `None` when Finesse says that there is no such user.
    pub async fn user(&self, id: &str) -> Result<Option<User>, FinesseError> {
        const WHAT: &str = "User";
        let path = format!("/finesse/api/User/{}", segment(id)?);
        let reply = match self.get(WHAT, Asker::Administrator, &path).await {
            Err(FinesseError::NotFound { .. }) => return Ok(None),
            reply => reply?,
        };
        let root = document(WHAT, &reply, WHAT)?;
        User::read(&root).map(Some).ok_or_else(|| not_api(WHAT, &reply, "it has no loginId"))
    }

    /// `Users`: all of them.
    pub async fn users(&self) -> Result<Vec<User>, FinesseError> {
        const WHAT: &str = "Users";
        let reply = self.get(WHAT, Asker::Administrator, "/finesse/api/Users").await?;
        xml(WHAT, &reply)?;
        users::all(&reply.body).map_err(|why| not_api(WHAT, &reply, why))
    }

    /// `ReasonCodes` of all categories: those of all teams, or with a team's id those of the team.
    pub async fn reason_codes(&self, team: Option<&str>) -> Result<Vec<Reason>, FinesseError> {
        const WHAT: &str = "ReasonCodes";
        let path = of_team(team, WHAT)?;
        let read = async |category: &str| {
            let path = format!("{path}?category={category}");
            let reply = self.get(WHAT, Asker::Administrator, &path).await?;
            xml(WHAT, &reply)?;
            reasons::codes(&reply.body).map_err(|why| not_api(WHAT, &reply, why))
        };
        match read("ALL").await {
            // Documented are the two categories only.
            Err(FinesseError::Invalid { .. }) => {
                let mut all = read("NOT_READY").await?;
                all.extend(read("LOGOUT").await?);
                Ok(all)
            }
            answer => answer,
        }
    }

    /// `WrapUpReasons`: all of them, or with a team's id those of the team.
    pub async fn wrap_ups(&self, team: Option<&str>) -> Result<Vec<Reason>, FinesseError> {
        const WHAT: &str = "WrapUpReasons";
        let reply = self.get(WHAT, Asker::Administrator, &of_team(team, WHAT)?).await?;
        xml(WHAT, &reply)?;
        reasons::wrap_ups(&reply.body).map_err(|why| not_api(WHAT, &reply, why))
    }

    /// `UserAuthMode/<id>`, without a credential; `None` when Finesse says that there is no such user. A node on which
    /// it is switched off, or that does not have it, cannot tell.
    pub async fn user_auth_mode(&self, id: &str) -> Result<Option<Told<AuthMode>>, FinesseError> {
        const WHAT: &str = "UserAuthMode";
        let path = format!("/finesse/api/UserAuthMode/{}", segment(id)?);
        match self.get(WHAT, Asker::Anybody, &path).await {
            Ok(reply) => {
                let root = document(WHAT, &reply, WHAT)?;
                let mode = root.loose_text("authMode");
                let mode = mode.ok_or_else(|| not_api(WHAT, &reply, "it has no authMode"))?;
                Ok(Some(Told::Known(AuthMode::read(mode))))
            }
            Err(FinesseError::NotFound { .. }) => Ok(None),
            Err(
                error @ (FinesseError::Forbidden { .. }
                | FinesseError::CredentialWanted { .. }
                | FinesseError::NotApi { status: 404, .. }),
            ) => Ok(Some(Told::CannotTell(error.to_string()))),
            Err(error) => Err(error),
        }
    }

    /// The user name that a path of the site's shows as saved; names of elements are told, no other value.
    pub async fn settings_user(
        &self,
        path: &str,
        selector: &Selector,
    ) -> Result<ReadBack, FinesseError> {
        const WHAT: &str = "reading the settings back";
        site_path(path)?;
        let reply = self.get(WHAT, Asker::Administrator, path).await?;
        Ok(selector.read_back(&tree(WHAT, &reply)?))
    }

    /// The phone servlet's answer to a device of this name, without a credential and without values. Give a name that
    /// exists nowhere: then nobody is disturbed.
    pub async fn servlet(&self, device: &str) -> Result<ServletAnswer, FinesseError> {
        const WHAT: &str = "the phone servlet";
        let request = servlet::request(self.endpoint().clone(), device)?;
        let reply = self.session.read(WHAT, Asker::Anybody, request, self.patience).await?;
        Ok(ServletAnswer::read(&tree(WHAT, &reply)?))
    }

    async fn get(
        &self,
        what: &'static str,
        asker: Asker,
        path: &str,
    ) -> Result<HttpReply, FinesseError> {
        let request = self.session.get(path);
        self.session.read(what, asker, request, self.patience).await
    }
}

pub(super) fn not_api(
    what: &'static str,
    reply: &HttpReply,
    why: impl Into<String>,
) -> FinesseError {
    FinesseError::NotApi { what, status: reply.status, why: why.into() }
}

/// The path of a list of codes: the global one, or a team's.
fn of_team(team: Option<&str>, list: &str) -> Result<String, FinesseError> {
    Ok(match team {
        Some(team) => format!("/finesse/api/Team/{}/{list}", segment(team)?),
        None => format!("/finesse/api/{list}"),
    })
}

/// An id as one part of a path; one that would be a step in the path is none.
pub(super) fn segment(id: &str) -> Result<String, FinesseError> {
    if id.is_empty() || id.len() > 200 || matches!(id, "." | "..") {
        return Err(FinesseError::Refused { why: "that is not a user's id".to_owned() });
    }
    Ok(utf8_percent_encode(id, SEGMENT).to_string())
}

/// A path that the site has given: on this host, and not one of the phone servlet's, where a plain GET can sign an
/// agent out.
pub(super) fn site_path(path: &str) -> Result<(), FinesseError> {
    let refused = |why: &str| Err(FinesseError::Refused { why: format!("the path {why}") });
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '#' | '\\' | '"' | '<' | '>');
    if !path.starts_with('/') || path.starts_with("//") {
        return refused("does not begin with one /");
    }
    if path.len() > 1000 || !path.chars().all(plain) {
        return refused("holds characters that a path does not have");
    }
    let lower = path.to_ascii_lowercase();
    let file = lower.split('?').next().unwrap_or_default();
    if file.contains('%') || file.split('/').any(|part| matches!(part, "." | "..")) {
        return refused("is not written plainly");
    }
    if file.split('/').any(|part| part == "fippa") {
        return refused("is one of the phone servlet's");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{segment, site_path};

    #[test]
    fn ids_stay_one_part_of_a_path() {
        assert_eq!(segment("agent one/é?").unwrap(), "agent%20one%2F%C3%A9%3F");
        for bad in ["", ".", ".."] {
            assert!(segment(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_of_the_site_lead_nowhere_else() {
        for good in ["/finesse/api/X", "/finesse/api/X?a=b"] {
            assert!(site_path(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "finesse/api/X",
            "//evil.example.com/",
            "/a b",
            "/a#b",
            "/a\\b",
            "/a\r\nb",
            "/fippa/SEP1/logout",
            "/x/../fippa/SEP1",
            "/%66ippa/SEP1",
            "/FIPPA/SEP1",
        ] {
            assert!(site_path(bad).is_err(), "{bad}");
        }
    }
}
