//! The flags of `login` and `logout`.

use clap::Args;

use crate::playbook::is_keyring_name;

/// `login` and `logout`.
#[derive(Debug, Args)]
pub struct KeyringName {
    /// The name that a playbook has in `{ keyring: NAME }`
    #[arg(value_name = "NAME", value_parser = name)]
    pub name: String,
}

fn name(text: &str) -> Result<String, String> {
    if is_keyring_name(text) {
        return Ok(text.to_owned());
    }
    Err("expected letters, digits and . _ - /, at most 64; the secret itself is asked for"
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_one_word() {
        assert_eq!(name("emea/axl").unwrap(), "emea/axl");
        for wrong in ["", "two words", "a@b", &"x".repeat(65)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
