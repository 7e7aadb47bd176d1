//! `logout`: takes a secret out of the system's keyring.

use crate::report::keyring::KeyringTold;
use crate::trouble::Trouble;

use super::connect::keyring::{Keyring, System, unusable};

/// Forgets it, and says so when there was none.
pub fn logout(name: &str) -> Result<(String, KeyringTold), Trouble> {
    forgotten(&System, name)
}

fn forgotten(keyring: &dyn Keyring, name: &str) -> Result<(String, KeyringTold), Trouble> {
    let before = keyring.forget(name).map_err(unusable)?;
    let text = if before {
        format!("forgotten: {name}\n")
    } else {
        format!("nothing was kept as {name}\n")
    };
    Ok((text, KeyringTold::of(name, false, before)))
}

#[cfg(test)]
mod tests {
    use super::forgotten;
    use crate::cli::connect::keyring::samples::Memory;

    #[test]
    fn what_was_kept_is_forgotten_once() {
        let keyring = Memory::with(&[("axl", "hunter2")]);
        let (text, fields) = forgotten(&keyring, "axl").unwrap();
        assert_eq!((text.as_str(), fields.keyring.before), ("forgotten: axl\n", true));
        let (text, fields) = forgotten(&keyring, "axl").unwrap();
        assert_eq!((text.as_str(), fields.keyring.before), ("nothing was kept as axl\n", false));
        assert_eq!(forgotten(&Memory::locked(), "axl").unwrap_err().code, "keyring-unusable");
    }
}
