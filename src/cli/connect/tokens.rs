//! Tokens of agents, kept in the state folder of a deployment: `tokens/AGENT.json`, one file an agent, readable by the
//! owner alone and replaced at once.

use std::fs::TryLockError;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::clients::sso::Life;
use crate::engine::tokens::{Held, Kept, TokenStore};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

use super::files;

const FOLDER: &str = "tokens";

/// What stands in a file's name as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// The tokens of one deployment.
#[derive(Debug)]
pub struct TokenFiles {
    folder: PathBuf,
}

impl TokenFiles {
    /// Those in this deployment's folder.
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join(FOLDER) }
    }

    fn path(&self, agent: &str) -> PathBuf {
        self.folder.join(file_name(agent))
    }
}

/// The file of an agent: its id, with everything written out that a file's name may not hold.
pub fn file_name(agent: &str) -> String {
    format!("{}.json", utf8_percent_encode(agent, NAME))
}

impl TokenStore for TokenFiles {
    fn load(&self, agent: &str) -> Result<Option<Kept>, Trouble> {
        let kept = read(&self.path(agent))?;
        // A file system without case has one file for two agents.
        Ok(kept.filter(|kept| kept.agent == agent))
    }

    fn all(&self) -> Result<Vec<Kept>, Trouble> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Ok(Vec::new()) };
        let paths = entries.flatten().map(|entry| entry.path());
        let mut paths: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
        paths.sort();
        let mut all = Vec::new();
        for path in paths {
            all.extend(read(&path)?);
        }
        Ok(all)
    }

    fn keep(&self, kept: &Kept) -> Result<(), Trouble> {
        let mut text = format!("{:#}", written(kept));
        text.push('\n');
        files::replace_private(&self.path(&kept.agent), &text)
    }

    fn forget(&self, agent: &str) -> Result<bool, Trouble> {
        let path = self.path(agent);
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(unusable(&path, error.to_string())),
        }
    }

    fn hold(&self, agent: &str) -> Result<Option<Held>, Trouble> {
        let path = self.path(agent).with_extension("lock");
        let file = files::private_lock(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            // A file system without locks has to do without.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
                Ok(Some(file))
            }
            Err(TryLockError::Error(error)) => Err(unusable(&path, error.to_string())),
        }
    }
}

fn read(path: &Path) -> Result<Option<Kept>, Trouble> {
    if !path.exists() {
        return Ok(None);
    }
    let failed = |why: String| unusable(path, why);
    let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
    if files::open_to_others(&file).map_err(|error| failed(error.to_string()))? {
        return Err(failed("it can be read by others than its owner".to_owned()));
    }
    let text = files::read_text(path).map_err(failed)?;
    // What is wrong is not quoted: the text holds tokens.
    let document = serde_json::from_str(&text).ok();
    let kept = document.as_ref().and_then(parsed);
    kept.map(Some).ok_or_else(|| failed("it is not what ippactl writes".to_owned()))
}

fn unusable(path: &Path, why: String) -> Trouble {
    Trouble::new("sso-store-unusable", Outcome::Failed, "The kept token cannot be used")
        .at(path.display().to_string())
        .because(why)
        .then("remove the file and sign in again with `ippactl sso login`")
}

fn written(kept: &Kept) -> Value {
    let life = |life: &Life| json!({ "received": life.received.to_string(), "expires_in": life.expires_in });
    json!({
        "version": 1,
        "agent": kept.agent,
        "login_id": kept.login_id,
        "access_token": kept.access.expose_secret(),
        "access": life(&kept.life),
        "refresh_token": kept.refresh.as_ref().map(ExposeSecret::expose_secret),
        "refresh": kept.refresh_life.as_ref().map(life),
    })
}

fn parsed(document: &Value) -> Option<Kept> {
    let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
    let life = |key: &str| {
        let life = document.get(key)?;
        let received: Timestamp = life.get("received")?.as_str()?.parse().ok()?;
        Some(Life { received, expires_in: life.get("expires_in")?.as_u64()? })
    };
    Some(Kept {
        agent: text("agent")?,
        login_id: text("login_id"),
        access: text("access_token")?.into(),
        life: life("access")?,
        refresh: text("refresh_token").map(Into::into),
        refresh_life: life("refresh"),
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use secrecy::ExposeSecret as _;

    use super::TokenFiles;
    use crate::clients::sso::Granted;
    use crate::engine::tokens::{Kept, TokenStore as _};

    fn kept(agent: &str) -> Kept {
        let granted = Granted {
            access: "access".into(),
            refresh: Some("refresh".into()),
            expires_in: 300,
            refresh_expires_in: Some(36_000),
            user_id: None,
        };
        let received: Timestamp = "2026-01-31T09:00:00.25Z".parse().unwrap();
        Kept { login_id: Some("1001".to_owned()), ..Kept::new(agent, granted, received) }
    }

    #[test]
    fn tokens_are_kept_found_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenFiles::new(folder.path());
        assert!(store.load("1001").unwrap().is_none() && store.all().unwrap().is_empty());
        for agent in ["1001", "../agent one/\u{e9}"] {
            store.keep(&kept(agent)).unwrap();
            let found = store.load(agent).unwrap().unwrap();
            assert_eq!(found.access.expose_secret(), "access");
            assert_eq!(found.refresh.unwrap().expose_secret(), "refresh");
            assert_eq!(
                (found.life, found.refresh_life),
                (kept(agent).life, kept(agent).refresh_life)
            );
            assert_eq!(found.login_id.as_deref(), Some("1001"));
        }
        assert_eq!(store.all().unwrap().len(), 2);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing beside the folder");
        assert!(store.forget("1001").unwrap() && !store.forget("1001").unwrap());
    }

    #[test]
    fn one_at_a_time_changes_an_agents_tokens() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (TokenFiles::new(folder.path()), TokenFiles::new(folder.path()));
        let held = one.hold("1001").unwrap();
        assert!(held.is_some() && other.hold("1001").unwrap().is_none());
        assert!(other.hold("1002").unwrap().is_some(), "another agent's are free");
        drop(held);
        assert!(other.hold("1001").unwrap().is_some());
        assert!(one.all().unwrap().is_empty(), "a lock is no token");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_them_and_another_file_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let store = TokenFiles::new(folder.path());
        store.keep(&kept("1001")).unwrap();
        let path = folder.path().join("tokens").join(super::file_name("1001"));
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(store.load("1001").unwrap_err().code, "sso-store-unusable");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "{\"access_token\": \"hunter2\"").unwrap();
        let trouble = store.load("1001").unwrap_err();
        assert!(!format!("{trouble:?}").contains("hunter2"));
    }
}
