//! Secrets from the environment, files, commands and the terminal: found when needed, once, never shown.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::rc::Rc;

use secrecy::{ExposeSecret as _, SecretString};

use crate::engine::Secrets;
use crate::outcome::Outcome;
use crate::playbook::{Deployment, SecretRef, SecretSource};
use crate::trouble::Trouble;

use super::keyring::{Keyring, System};
use super::{files, terminal, variable, wording};
use crate::cli::floor::Held;

/// The password of the sandbox's accounts, also where a playbook names an unset variable.
pub const DEMO_CREDENTIAL: &str = "sandbox-demo";

/// The sandbox's value of every other unset variable: letters and digits, as Finesse's console wants them.
pub const DEMO_SECRET: &str = "SandboxDemo1";

/// The longest secret that is read: agents' passwords are one file.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Finds secrets and remembers them for the run.
pub struct Vault {
    interactive: bool,
    sandbox: bool,
    found: RefCell<Vec<(SecretRef, SecretString)>>,
    notes: RefCell<Vec<String>>,
    hush: Option<Rc<dyn Fn() -> Held>>,
    keyring: Box<dyn Keyring>,
    /// How a secret is asked for, by its purpose.
    words: BTreeMap<String, String>,
}

/// Why there is no value.
enum Absent {
    Because(String),
    /// Ctrl-C at the question.
    Interrupted,
}

impl From<String> for Absent {
    fn from(why: String) -> Self {
        Self::Because(why)
    }
}

impl Vault {
    /// A vault that may ask (`interactive`), and that gives demo values for unset variables (`sandbox`).
    pub fn new(interactive: bool, sandbox: bool) -> Self {
        Self {
            interactive,
            sandbox,
            found: RefCell::default(),
            notes: RefCell::default(),
            hush: None,
            keyring: Box::new(System),
            words: BTreeMap::new(),
        }
    }

    /// The same, calling `hush` before anything is asked, so that nothing is drawn over the question until what it gave back
    /// is dropped.
    #[must_use]
    pub fn hushing(mut self, hush: impl Fn() -> Held + 'static) -> Self {
        self.hush = Some(Rc::new(hush));
        self
    }

    /// What is worth a note on stderr; each is given out once.
    pub fn take_notes(&self) -> Vec<String> {
        self.notes.take()
    }

    /// The same, asking for a password in words that say whose it is.
    #[must_use]
    pub fn naming(mut self, deployment: &Deployment) -> Self {
        self.words = wording::questions(deployment);
        self
    }

    fn find(&self, secret: &SecretRef) -> Result<SecretString, Absent> {
        let found = match &secret.source {
            SecretSource::Env(name) => match variable(name) {
                Some(value) => SecretString::from(value),
                None if self.sandbox => demo(secret),
                None => return Err(format!("the environment variable {name} is not set").into()),
            },
            SecretSource::File(path) => self.file(path)?,
            SecretSource::Command(line) => command(line)?,
            SecretSource::Keyring(name) => match self.keyring.find(name) {
                Ok(Some(value)) => value,
                Ok(None) | Err(_) if self.sandbox => demo(secret),
                Ok(None) => return Err(format!("the keyring has nothing as {name}").into()),
                Err(why) => return Err(format!("the keyring cannot be used: {why}").into()),
            },
            SecretSource::Prompt if self.interactive => {
                let _floor = self.hush.as_ref().map(|hush| hush());
                let what = self.words.get(&secret.purpose).unwrap_or(&secret.purpose);
                terminal::password(what).map_err(|error| {
                    if error.kind() == io::ErrorKind::Interrupted {
                        return Absent::Interrupted;
                    }
                    Absent::Because(error.to_string())
                })?
            }
            SecretSource::Prompt => {
                let why = "it has to be typed, and there is no terminal to ask at".to_owned();
                return Err(why.into());
            }
        };
        if found.expose_secret().is_empty() {
            return Err("it is empty".to_owned().into());
        }
        Ok(found)
    }

    fn file(&self, path: &str) -> Result<SecretString, String> {
        let failed = |error: io::Error| format!("{path}: {error}");
        let file = File::open(path).map_err(failed)?;
        if files::open_to_others(&file).map_err(failed)? {
            if !self.sandbox {
                return Err(format!(
                    "{path} can be read by others than its owner (chmod 600 {path})"
                ));
            }
            let note = format!(
                "{path} can be read by others; accepted because the sandbox knows no real secrets"
            );
            self.notes.borrow_mut().push(note);
        }
        text(whole(file).map_err(failed)?)
    }
}

impl Secrets for Vault {
    fn resolve(&self, secret: &SecretRef) -> Result<SecretString, Trouble> {
        let same = |known: &SecretRef| {
            known.source == secret.source
                && (secret.source != SecretSource::Prompt || known.purpose == secret.purpose)
        };
        if let Some((_, value)) = self.found.borrow().iter().find(|(known, _)| same(known)) {
            return Ok(value.clone());
        }
        let value = self.find(secret).map_err(|absent| match absent {
            Absent::Because(why) => {
                let what = format!("No value for {}", secret.purpose);
                Trouble::new("secret-unavailable", Outcome::Usage, what)
                    .at(secret.at.to_string())
                    .because(why)
                    .then(wording::advice(secret))
            }
            Absent::Interrupted => {
                let what = format!("Interrupted at the question for {}", secret.purpose);
                Trouble::new("interrupted", Outcome::Interrupted, what)
                    .at(secret.at.to_string())
                    .then("run the same command again")
            }
        })?;
        self.found.borrow_mut().push((secret.clone(), value.clone()));
        Ok(value)
    }

    fn available(&self, secret: &SecretRef) -> bool {
        match &secret.source {
            SecretSource::Env(name) => self.sandbox || variable(name).is_some(),
            SecretSource::File(path) => File::open(path)
                .and_then(|file| files::open_to_others(&file))
                .is_ok_and(|open| self.sandbox || !open),
            SecretSource::Command(_) => true,
            SecretSource::Keyring(name) => {
                self.sandbox || self.keyring.find(name).is_ok_and(|kept| kept.is_some())
            }
            SecretSource::Prompt => false,
        }
    }
}

fn demo(secret: &SecretRef) -> SecretString {
    let account = secret.purpose.starts_with("credentials");
    SecretString::from(if account { DEMO_CREDENTIAL } else { DEMO_SECRET })
}

/// A command's standard output. Its standard error is dropped: it could hold a secret as well.
fn command(line: &[String]) -> Result<SecretString, String> {
    let (program, arguments) = line.split_first().ok_or("the command is empty")?;
    let failed = |error: io::Error| format!("the command {program} cannot be run: {error}");
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    // What says more than that is no password; it is told so by its closed pipe.
    let said = child.stdout.take().map_or_else(|| Ok(Vec::new()), whole);
    let status = child.wait().map_err(failed)?;
    let said = said.map_err(|error| format!("the command {program}: {error}"))?;
    if !status.success() {
        return Err(format!("the command {program} ended with {status}"));
    }
    text(said)
}

/// All that comes, up to [`LONGEST`].
fn whole(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let why = format!("it is longer than {} MB", LONGEST / 1024 / 1024);
        return Err(io::Error::other(why));
    }
    Ok(bytes)
}

/// Text without the line break at its end.
fn text(bytes: Vec<u8>) -> Result<SecretString, String> {
    let mut text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use secrecy::ExposeSecret as _;

    use super::{DEMO_CREDENTIAL, DEMO_SECRET, Keyring, Vault};
    use crate::cli::connect::keyring::samples::Memory;
    use crate::engine::Secrets as _;
    use crate::playbook::{Location, SecretRef, SecretSource};

    fn secret(source: SecretSource, purpose: &str) -> SecretRef {
        let at = Location { file: Arc::from("emea.yaml"), line: 7, column: 3 };
        SecretRef { source, purpose: purpose.to_owned(), at }
    }

    fn unset() -> SecretSource {
        SecretSource::Env("IPPACTL_TEST_NEVER_SET".to_owned())
    }

    #[test]
    fn an_unset_variable_names_itself_and_the_line() {
        let trouble = Vault::new(false, false)
            .resolve(&secret(unset(), "credentials.axl.password"))
            .unwrap_err();
        assert_eq!(trouble.code, "secret-unavailable");
        assert_eq!(trouble.place, "emea.yaml:7:3");
        assert!(trouble.why.contains("IPPACTL_TEST_NEVER_SET"));
    }

    #[test]
    fn the_sandbox_has_demo_values() {
        let vault = Vault::new(false, true);
        let value = |purpose| {
            vault.resolve(&secret(unset(), purpose)).map(|value| value.expose_secret().to_owned())
        };
        assert_eq!(value("credentials.axl.password").unwrap(), DEMO_CREDENTIAL);
        let other = Vault::new(false, true);
        let application_user = secret(unset(), "application_user.password");
        assert_eq!(other.resolve(&application_user).unwrap().expose_secret(), DEMO_SECRET);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused_but_for_the_sandbox() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "top secret\r\n").unwrap();
        let source =
            secret(SecretSource::File(path.display().to_string()), "application_user.password");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let vault = Vault::new(false, false);
        assert!(!vault.available(&source));
        let trouble = vault.resolve(&source).unwrap_err();
        assert!(!format!("{trouble:?}").contains("top secret"));
        let sandbox = Vault::new(false, true);
        assert_eq!(sandbox.resolve(&source).unwrap().expose_secret(), "top secret");
        assert_eq!(sandbox.take_notes().len(), 1);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(vault.resolve(&source).unwrap().expose_secret(), "top secret");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_runs_once_and_its_failure_shows_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let count = folder.path().join("count");
        let script = format!("echo x >> {}; printf 'hidden\\nsecond\\n'", count.display());
        let line = |script: &str| {
            let line = ["sh", "-c", script].map(str::to_owned);
            secret(SecretSource::Command(line.into()), "agents.passwords")
        };
        let vault = Vault::new(false, false);
        let good = line(&script);
        assert_eq!(vault.resolve(&good).unwrap().expose_secret(), "hidden\nsecond");
        vault.resolve(&good).unwrap();
        assert_eq!(std::fs::read_to_string(&count).unwrap(), "x\n");
        let trouble = vault.resolve(&line("echo hidden; echo hidden >&2; exit 3")).unwrap_err();
        assert!(
            trouble.why.contains('3') && !format!("{trouble:?}").contains("hidden>"),
            "{trouble:?}"
        );
        assert!(!trouble.why.contains("hidden"));
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_without_end_is_refused() {
        let endless = ["sh", "-c", "exec cat /dev/zero"].map(str::to_owned);
        for source in
            [SecretSource::Command(endless.into()), SecretSource::File("/dev/zero".to_owned())]
        {
            // A device is everybody's: only the sandbox gets as far as its content.
            let trouble = Vault::new(false, true).resolve(&secret(source, "x")).unwrap_err();
            assert!(trouble.why.contains("longer than 16 MB"), "{trouble:?}");
        }
    }

    #[test]
    fn the_keyring_is_asked_by_name() {
        let keyring = |keyring, sandbox| {
            let keyring: Box<dyn Keyring> = Box::new(keyring);
            Vault { keyring, ..Vault::new(false, sandbox) }
        };
        let axl = secret(SecretSource::Keyring("axl".to_owned()), "credentials.axl.password");
        let full = keyring(Memory::with(&[("axl", "hunter2")]), false);
        assert!(full.available(&axl));
        assert_eq!(full.resolve(&axl).unwrap().expose_secret(), "hunter2");
        let empty = keyring(Memory::with(&[]), false);
        assert!(!empty.available(&axl));
        let trouble = empty.resolve(&axl).unwrap_err();
        assert!(trouble.next.starts_with("ippactl login axl"), "{trouble:?}");
        let locked = keyring(Memory::locked(), false).resolve(&axl).unwrap_err();
        assert!(locked.why.contains("it is locked"), "{locked:?}");
        for store in [Memory::with(&[]), Memory::locked()] {
            let value = keyring(store, true).resolve(&axl).unwrap();
            assert_eq!(value.expose_secret(), DEMO_CREDENTIAL);
        }
    }

    #[test]
    fn nobody_is_asked_without_a_terminal() {
        let prompt = secret(SecretSource::Prompt, "credentials.axl.password");
        let vault = Vault::new(false, false);
        assert!(!vault.available(&prompt));
        let next = vault.resolve(&prompt).unwrap_err().next;
        assert!(next.contains("--no-input") && next.contains("set AXL_PASSWORD"), "{next}");
    }
}
