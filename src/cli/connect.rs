//! The process's surroundings: environment, state folder, secrets, files, terminal. Nothing else reads them.
#![expect(clippy::disallowed_methods, reason = "this module is the one home of the environment")]

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::trouble::Trouble;

pub mod accepted;
pub mod files;
pub mod host_keys;
pub mod keyring;
pub mod pins;
pub mod secrets;
pub mod sign_ins;
pub mod terminal;
pub mod tokens;
pub mod wording;

/// An environment variable that is set and not empty.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The command line, program name first.
pub fn command_line() -> Vec<std::ffi::OsString> {
    std::env::args_os().collect()
}

/// Who runs this, as the system knows them.
pub fn user_name() -> String {
    let mut names = ["USER", "LOGNAME", "USERNAME"].into_iter();
    names.find_map(variable).unwrap_or_else(|| "somebody".to_owned())
}

/// Whether the user asks for text without colours, <https://no-color.org>.
pub fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// The variable that names the state folder where the flag does not.
pub fn state_variable() -> &'static str {
    let absolute =
        |name: &&str| std::env::var_os(name).is_some_and(|path| Path::new(&path).is_absolute());
    let names: &[&str] =
        if cfg!(windows) { &["LOCALAPPDATA"] } else { &["XDG_STATE_HOME", "HOME"] };
    names.iter().copied().find(absolute).unwrap_or("HOME")
}

/// Where ippactl remembers: the flag, else `$XDG_STATE_HOME/ippactl`, `%LOCALAPPDATA%\ippactl`, or
/// `~/.local/state/ippactl`.
pub fn state_folder(flag: Option<&Path>) -> Result<PathBuf, Trouble> {
    let absolute =
        |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = flag {
        return Ok(folder.to_owned());
    }
    let base = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else {
        absolute("XDG_STATE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
    };
    base.map(|base| base.join("ippactl")).ok_or_else(|| {
        Trouble::new("state-folder-unknown", Outcome::Usage, "No folder to remember runs in")
            .because(
                "neither XDG_STATE_HOME nor HOME (on Windows LOCALAPPDATA) names an absolute path",
            )
            .then("set one of them, or give --state-dir DIR")
    })
}

/// The folder of one deployment and publisher. Host names hold nothing that a file name may not, save the colons
/// of an IPv6 address.
pub fn deployment_folder(state: &Path, deployment: &str, publisher: &str) -> PathBuf {
    state.join(format!("{deployment}@{}", publisher.replace([':', '%'], "_")))
}

/// A folder for a run that is to leave nothing behind; removed when dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new folder that only the user can read.
    pub fn new() -> Result<Self, Trouble> {
        let moment = time::OffsetDateTime::now_utc().unix_timestamp_nanos();
        let path =
            std::env::temp_dir().join(format!("ippactl-sandbox-{}-{moment}", std::process::id()));
        // Somebody else's folder of that name is not entered.
        if path.symlink_metadata().is_ok() {
            return Err(Trouble::new(
                "file-unwritable",
                Outcome::Failed,
                "A file cannot be written",
            )
            .at(path.display().to_string())
            .because("it is there already")
            .then("run again"));
        }
        files::private_folder(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody is left to tell, and the system clears its temporary folder anyway.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Scratch, deployment_folder, state_folder};

    #[test]
    fn folders() {
        assert_eq!(state_folder(Some(Path::new("here"))).unwrap(), Path::new("here"));
        let folder = deployment_folder(Path::new("s"), "emea-prod", "fe80::1");
        assert_eq!(folder, Path::new("s/emea-prod@fe80__1"));
    }

    #[test]
    fn a_scratch_folder_leaves_nothing_behind() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_owned();
        assert!(path.is_dir());
        drop(scratch);
        assert!(!path.exists());
    }
}
