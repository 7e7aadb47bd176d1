//! `validate`: offline, every playbook of the call. Of the secrets only those are looked at that the environment or a
//! file holds already.

use secrecy::{ExposeSecret as _, SecretString};

use crate::engine::Secrets as _;
use crate::lint;
use crate::outcome::Outcome;
use crate::plan::Severity;
use crate::playbook::{self, Deployment, Diagnostic, SecretRef, SecretSource};
use crate::report::{Report, Section, Subject};

use super::Call;
use super::connect::secrets::Vault;
use super::load::{Loaded, load, mistakes};

/// Judges the playbooks.
pub fn validate(call: &Call, playbooks: &[String]) -> Report {
    let color = call.console.result.color;
    let sections = playbooks.iter().map(|file| match load(file, color) {
        Ok(Loaded { deployment, warnings }) => {
            let mut section = Section::new(&deployment.name, Outcome::Done);
            section.mistakes = warnings;
            section.mistakes.extend(mistakes(&passwords(&deployment), color));
            if section.mistakes_of(Severity::Error) > 0 {
                section.outcome = Outcome::Usage;
            }
            section
        }
        Err(section) => *section,
    });
    Report::new(Subject::Validate, &call.started, sections.collect())
}

/// What is wrong with passwords, where they are at hand.
fn passwords(deployment: &Deployment) -> Vec<Diagnostic> {
    let user = &deployment.application_user;
    let mut wrong = Vec::new();
    if let Some((_, password)) = at_hand(&user.password) {
        for id in lint::password_rules(password.expose_secret()) {
            if let Some(check) = lint::check(id) {
                let place = user.password.at.clone();
                wrong.push(
                    Diagnostic::new(check.severity, check.id, place, check.title).then(check.fix),
                );
            }
        }
    }
    if let Some((name, text)) = deployment.agents.passwords.as_ref().and_then(at_hand) {
        wrong.extend(playbook::passwords(name, text.expose_secret()).err().unwrap_or_default());
    }
    wrong
}

/// A secret of the environment or a file, if it is there and may be read; its place and its text.
fn at_hand(secret: &SecretRef) -> Option<(&str, SecretString)> {
    let (SecretSource::Env(name) | SecretSource::File(name)) = &secret.source else { return None };
    // Nobody is asked, and no demo value is made up.
    let vault = Vault::new(false, false);
    if !vault.available(secret) {
        return None;
    }
    vault.resolve(secret).ok().map(|text| (name.as_str(), text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use secrecy::ExposeSecret as _;

    use super::at_hand;
    use crate::cli::connect::files::replace_private;
    use crate::playbook::{Location, SecretRef, SecretSource};

    #[test]
    fn only_what_is_there_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let secret = |source| {
            let at = Location { file: Arc::from("emea.yaml"), line: 1, column: 1 };
            SecretRef { source, purpose: "application_user.password".to_owned(), at }
        };
        let file = secret(SecretSource::File(path.display().to_string()));
        assert!(at_hand(&file).is_none());
        replace_private(&path, "abc\n").unwrap();
        assert_eq!(at_hand(&file).unwrap().1.expose_secret(), "abc");
        assert!(at_hand(&secret(SecretSource::Command(vec!["false".to_owned()]))).is_none());
        assert!(at_hand(&secret(SecretSource::Prompt)).is_none());
    }
}
