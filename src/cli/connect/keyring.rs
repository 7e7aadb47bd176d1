//! The system's keyring: the kernel's on Linux, the login keychain of macOS, the Credential Manager of Windows. A secret
//! is kept there by `login` under a name, and that name is all that a playbook has.

use secrecy::SecretString;

use crate::outcome::Outcome;
use crate::trouble::Trouble;

/// Where secrets are kept by name. An error is why it could not be done, and holds no secret.
pub trait Keyring {
    /// What is kept under this name.
    fn find(&self, name: &str) -> Result<Option<SecretString>, String>;
    /// Keeps a secret in place of the one before.
    fn keep(&self, name: &str, secret: &SecretString) -> Result<(), String>;
    /// Forgets it; whether there was one.
    fn forget(&self, name: &str) -> Result<bool, String>;
}

/// This machine's keyring.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

/// Where it is and how long it keeps, as people say it.
pub const WHERE: &str = if cfg!(target_os = "linux") {
    "the kernel's keyring, until this machine restarts or you have not used it for some days"
} else if cfg!(target_os = "macos") {
    "your login keychain"
} else {
    "the Credential Manager"
};

/// What is said of a keyring that does not do what it should.
pub fn unusable(why: String) -> Trouble {
    let instead = "name another place in the playbook: env, file, command or prompt";
    if why == ABSENT {
        return Trouble::new("keyring-absent", Outcome::Usage, "There is no keyring")
            .because(why)
            .then(format!("build with the feature `keyring`, or {instead}"));
    }
    Trouble::new("keyring-unusable", Outcome::Failed, "The keyring cannot be used")
        .because(why)
        .then(format!("see whether it is locked or forbidden to this session, or {instead}"))
}

const ABSENT: &str = "this build of ippactl has no keyring";

#[cfg(feature = "keyring")]
mod store {
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Entry, Error};
    use secrecy::{ExposeSecret as _, SecretString};

    use super::{Keyring, System};

    /// What the entries of ippactl have in common.
    const SERVICE: &str = "ippactl";

    #[cfg(target_os = "linux")]
    fn store() -> Result<Arc<CredentialStore>, String> {
        let store =
            linux_keyutils_keyring_store::Store::new().map_err(|error| error.to_string())?;
        let store: Arc<CredentialStore> = store;
        // A process without a session, of cron or of a container, gets one with the first entry, which still belongs to
        // none: only what comes after it sees what is kept for the user.
        drop(Entry::new_in_store(&store, SERVICE, "-"));
        Ok(store)
    }

    #[cfg(target_os = "macos")]
    fn store() -> Result<Arc<CredentialStore>, String> {
        Ok(apple_native_keyring_store::keychain::Store::new().map_err(|error| error.to_string())?)
    }

    #[cfg(windows)]
    fn store() -> Result<Arc<CredentialStore>, String> {
        Ok(windows_native_keyring_store::Store::new().map_err(|error| error.to_string())?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    fn store() -> Result<Arc<CredentialStore>, String> {
        Err(super::ABSENT.to_owned())
    }

    fn entry(name: &str) -> Result<Entry, String> {
        Entry::new_in_store(&store()?, SERVICE, name).map_err(|error| told(&error))
    }

    /// What went wrong. What was found is not quoted: it is a secret, in whatever form.
    fn told(error: &Error) -> String {
        if matches!(error, Error::BadEncoding(_) | Error::BadDataFormat(..)) {
            return "what is kept there is not text".to_owned();
        }
        error.to_string()
    }

    impl Keyring for System {
        fn find(&self, name: &str) -> Result<Option<SecretString>, String> {
            match entry(name)?.get_password() {
                Ok(secret) => Ok(Some(SecretString::from(secret))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(told(&error)),
            }
        }

        fn keep(&self, name: &str, secret: &SecretString) -> Result<(), String> {
            entry(name)?.set_password(secret.expose_secret()).map_err(|error| told(&error))
        }

        fn forget(&self, name: &str) -> Result<bool, String> {
            match entry(name)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(Error::NoEntry) => Ok(false),
                Err(error) => Err(told(&error)),
            }
        }
    }
}

#[cfg(not(feature = "keyring"))]
impl Keyring for System {
    fn find(&self, _: &str) -> Result<Option<SecretString>, String> {
        Err(ABSENT.to_owned())
    }

    fn keep(&self, _: &str, _: &SecretString) -> Result<(), String> {
        Err(ABSENT.to_owned())
    }

    fn forget(&self, _: &str) -> Result<bool, String> {
        Err(ABSENT.to_owned())
    }
}

/// Keyrings of tests: in memory, or one that is locked.
#[cfg(test)]
pub mod samples {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use secrecy::{ExposeSecret as _, SecretString};

    use super::Keyring;

    /// In memory; `None` is locked.
    #[derive(Debug)]
    pub struct Memory(RefCell<Option<BTreeMap<String, String>>>);

    impl Memory {
        /// An open one with these secrets.
        pub fn with(secrets: &[(&str, &str)]) -> Self {
            let owned = |(name, secret): &(&str, &str)| ((*name).to_owned(), (*secret).to_owned());
            Self(RefCell::new(Some(secrets.iter().map(owned).collect())))
        }

        /// One that cannot be opened.
        pub fn locked() -> Self {
            Self(RefCell::new(None))
        }

        fn open<T>(
            &self,
            work: impl FnOnce(&mut BTreeMap<String, String>) -> T,
        ) -> Result<T, String> {
            self.0.borrow_mut().as_mut().map(work).ok_or_else(|| "it is locked".to_owned())
        }
    }

    impl Keyring for Memory {
        fn find(&self, name: &str) -> Result<Option<SecretString>, String> {
            self.open(|kept| kept.get(name).map(|secret| SecretString::from(secret.clone())))
        }

        fn keep(&self, name: &str, secret: &SecretString) -> Result<(), String> {
            self.open(|kept| drop(kept.insert(name.to_owned(), secret.expose_secret().to_owned())))
        }

        fn forget(&self, name: &str) -> Result<bool, String> {
            self.open(|kept| kept.remove(name).is_some())
        }
    }
}
