//! `login`: keeps a secret in the system's keyring under the name that playbooks have. It is not tried anywhere: a wrong
//! password that is tried counts.

use secrecy::{ExposeSecret as _, SecretString};

use crate::outcome::Outcome;
use crate::report::keyring::KeyringTold;
use crate::trouble::Trouble;

use super::Call;
use super::connect::keyring::{Keyring, System, WHERE, unusable};
use super::connect::terminal;
use super::interrupt::unwritten;

/// Asks for the secret, or takes it from standard input, and keeps it.
pub fn login(call: &Call, name: &str) -> Result<(String, KeyringTold), Trouble> {
    let secret = super::runtime()?.block_on(unwritten(async { given(call, name) }))?;
    kept(&System, name, &secret)
}

fn kept(
    keyring: &dyn Keyring,
    name: &str,
    secret: &SecretString,
) -> Result<(String, KeyringTold), Trouble> {
    if secret.expose_secret().is_empty() {
        return Err(nothing(name, "what was given is empty"));
    }
    let before = keyring.find(name).map_err(unusable)?.is_some();
    keyring.keep(name, secret).map_err(unusable)?;
    let word = if before { "replaced" } else { "kept" };
    let text = format!("{word}: {name} in {WHERE}\nin a playbook: {{ keyring: {name} }}\n");
    Ok((text, KeyringTold::of(name, true, before)))
}

fn given(call: &Call, name: &str) -> Result<SecretString, Trouble> {
    if terminal::is_piped() {
        let read = terminal::handed_over();
        return read.map_err(|error| nothing(name, &error.to_string()));
    }
    if !call.interactive {
        return Err(nothing(name, "nobody is to be asked, and nothing comes on standard input"));
    }
    terminal::password(&format!("Secret to keep as {name}")).map_err(|error| {
        if error.kind() == std::io::ErrorKind::Interrupted {
            return Trouble::new(
                "interrupted",
                Outcome::Interrupted,
                "Interrupted at the question",
            );
        }
        nothing(name, &error.to_string())
    })
}

fn nothing(name: &str, why: &str) -> Trouble {
    Trouble::new("secret-unavailable", Outcome::Usage, format!("No secret to keep as {name}"))
        .because(why)
        .then(format!(
            "run at a terminal without --no-input, or: printf %s \"$SECRET\" | ippactl login {name}"
        ))
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret as _, SecretString};

    use super::kept;
    use crate::cli::connect::keyring::Keyring as _;
    use crate::cli::connect::keyring::samples::Memory;

    #[test]
    fn a_secret_is_kept_replaced_and_never_told() {
        let keyring = Memory::with(&[]);
        let secret = |text: &str| SecretString::from(text.to_owned());
        let (text, fields) = kept(&keyring, "axl", &secret("hunter2")).unwrap();
        assert!(text.starts_with("kept: axl in ") && text.contains("{ keyring: axl }"), "{text}");
        assert!(!fields.keyring.before);
        let (text, fields) = kept(&keyring, "axl", &secret("hunter3")).unwrap();
        assert!(text.starts_with("replaced: axl"), "{text}");
        assert!(fields.keyring.before);
        assert!(!format!("{text}{fields:?}").contains("hunter"));
        assert_eq!(keyring.find("axl").unwrap().unwrap().expose_secret(), "hunter3");
        assert_eq!(kept(&keyring, "axl", &secret("")).unwrap_err().code, "secret-unavailable");
        let locked = kept(&Memory::locked(), "axl", &secret("hunter4")).unwrap_err();
        assert_eq!(locked.code, "keyring-unusable");
        assert!(!format!("{locked:?}").contains("hunter"));
    }
}
