//! *IP Phone Agent Settings* of Finesse: which user and password Finesse shows phones. No public interface sets them, and
//! what is stored can be read only where the site has found out how.

use crate::plan::{Basis, Change, Finding, Object, OperatorStep, SecretNote, Severity, Shown};
use crate::playbook::{Deployment, FinesseSettings, Product, SettingsMode};

/// What is said of the setting where it cannot be read.
pub const SUBJECT: &str = "IP Phone Agent Settings of Finesse";
/// The id of the step by which a person makes the settings.
pub const SETTINGS: &str = "finesse-settings";

const CHECK: &str = "ippa-settings-differ";

/// What the read-back path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredUser {
    /// The user name; empty when none is stored.
    Known(String),
    /// No interface tells it, and why.
    CannotTell(String),
    /// There is nothing at the site's path that could tell it, and why.
    WrongPath(String),
    /// The interface that tells it did not, this time, and why.
    NotRead(String),
}

impl Default for StoredUser {
    fn default() -> Self {
        Self::CannotTell("it was not read".to_owned())
    }
}

/// What is known of the setting.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What is stored.
    pub user: &'a StoredUser,
    /// For which user a person has attested it.
    pub attested: Option<&'a str>,
    /// Whether the declared password is the one that was last written or attested; `None` when none was.
    pub same_password: Option<bool>,
    /// The password is to be written again.
    pub rewrite: bool,
}

/// What has to change, and what that rests on; `None` when nothing is known to.
pub fn compare(
    settings: &FinesseSettings,
    user: &str,
    known: Known<'_>,
) -> Option<(Vec<Change>, Basis)> {
    let change = |field: &str, before, after| Change {
        field: field.to_owned(),
        before,
        after,
        check: CHECK,
        declared: settings.at.clone(),
    };
    let password = || {
        let told = known.same_password.is_some();
        let note = if told { SecretNote::Changes } else { SecretNote::Set };
        change("password", Shown::Secret(SecretNote::CannotTell), Shown::Secret(note))
    };
    let both = || {
        let before = Shown::text("cannot tell");
        vec![change("user name", before, Shown::text(user)), password()]
    };
    let rewrite = known.rewrite || known.same_password == Some(false);
    match (&settings.mode, known.user) {
        // A failed read is no ground for a write.
        (SettingsMode::Elsewhere, _) | (SettingsMode::Rest(_), StoredUser::NotRead(_)) => None,
        (SettingsMode::Rest(_), StoredUser::Known(found)) if found != user => {
            let before = if found.is_empty() { Shown::Absent } else { Shown::text(found) };
            let changes = vec![change("user name", before, Shown::text(user)), password()];
            Some((changes, Basis::Observed))
        }
        (SettingsMode::Rest(_), StoredUser::Known(_)) => {
            rewrite.then(|| (vec![password()], Basis::Remembered))
        }
        (SettingsMode::Rest(_), StoredUser::CannotTell(_) | StoredUser::WrongPath(_)) => {
            let written = known.same_password == Some(true) && !known.rewrite;
            (!written).then(|| (both(), Basis::Remembered))
        }
        (SettingsMode::Operator, _) => {
            let attested = known.attested == Some(user) && !rewrite;
            (!attested).then(|| (both(), Basis::Remembered))
        }
    }
}

/// The secondary node has another user than the primary, which has the right one: it was never replicated.
pub fn not_replicated(
    settings: &FinesseSettings,
    secondary: Object,
    user: &str,
    found: &str,
) -> Option<Finding> {
    (found != user).then(|| Finding {
        check: CHECK,
        severity: Severity::Error,
        object: secondary,
        field: "user name".to_owned(),
        expected: Shown::text(user),
        found: Shown::text(found),
        declared: Some(settings.at.clone()),
    })
}

/// What was not told this time, and why.
pub fn not_read(settings: &FinesseSettings, user: &StoredUser) -> Option<(String, String)> {
    match (&settings.mode, user) {
        (SettingsMode::Rest(_), StoredUser::NotRead(why)) => {
            Some((SUBJECT.to_owned(), why.clone()))
        }
        _ => None,
    }
}

/// What no interface tells, and why; `None` when another playbook makes the settings.
pub fn not_checkable(settings: &FinesseSettings, user: &StoredUser) -> Option<(String, String)> {
    match (&settings.mode, user) {
        (SettingsMode::Elsewhere, _) | (SettingsMode::Rest(_), StoredUser::NotRead(_)) => None,
        (SettingsMode::Operator, _) => {
            Some((SUBJECT.to_owned(), "no interface tells what a person has entered".to_owned()))
        }
        (SettingsMode::Rest(_), StoredUser::CannotTell(why) | StoredUser::WrongPath(why)) => {
            Some((SUBJECT.to_owned(), why.clone()))
        }
        (SettingsMode::Rest(_), StoredUser::Known(_)) => {
            Some((format!("password in {SUBJECT}"), "Finesse never tells it".to_owned()))
        }
    }
}

/// What a person does at the console (Finesse Administration Guide, Manage Finesse IP Phone Agent; for PCCE its own
/// administration guide).
pub fn by_hand(deployment: &Deployment, settings: &FinesseSettings) -> OperatorStep {
    let primary = &deployment.finesse.primary.api;
    let console = match deployment.finesse.product {
        Product::Uccx | Product::Ucce => format!(
            "https://{primary}/cfadmin > Settings > IP Phone Agent Settings > Phone URL Authentication Settings"
        ),
        Product::Pcce => format!(
            "Unified CCE Administration > Overview > Infrastructure Settings > Device Configuration > Finesse \
             ({}) > IP Phone Agent Settings > site {}",
            primary.host,
            settings.site.as_deref().unwrap_or("Main")
        ),
    };
    let user = &deployment.application_user;
    OperatorStep {
        id: SETTINGS.to_owned(),
        console,
        entries: vec![
            format!("Username: {}", user.id),
            format!("Password: the secret of application_user.password ({})", user.password.at),
            "then Save; do not restart anything, ippactl does that in order".to_owned(),
        ],
        checked_by: "nothing: no interface tells what Finesse has stored".to_owned(),
        token: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playbook::{Location, SettingsMethod, SettingsRequest};

    fn settings(rest: bool) -> FinesseSettings {
        let request = SettingsRequest {
            method: SettingsMethod::Put,
            path: "/x".to_owned(),
            body: String::new(),
            read_back: None,
        };
        FinesseSettings {
            mode: if rest { SettingsMode::Rest(request) } else { SettingsMode::Operator },
            site: None,
            at: Location { file: Arc::from("emea.yaml"), line: 1, column: 1 },
        }
    }

    fn compared(
        rest: bool,
        user: &StoredUser,
        attested: Option<&str>,
        same: Option<bool>,
    ) -> Option<(usize, Basis)> {
        let known = Known { user, attested, same_password: same, rewrite: false };
        compare(&settings(rest), "ippa", known).map(|(changes, basis)| (changes.len(), basis))
    }

    #[test]
    fn only_what_was_read_is_drift() {
        let (right, wrong) = (StoredUser::Known("ippa".into()), StoredUser::Known("old".into()));
        assert_eq!(compared(true, &wrong, None, None), Some((2, Basis::Observed)));
        assert_eq!(compared(true, &right, None, None), None);
        assert_eq!(compared(true, &right, None, Some(true)), None);
        assert_eq!(compared(true, &right, None, Some(false)), Some((1, Basis::Remembered)));
    }

    #[test]
    fn what_cannot_be_read_is_made_once() {
        let unknown = StoredUser::default();
        assert_eq!(compared(true, &unknown, None, None), Some((2, Basis::Remembered)));
        assert_eq!(compared(true, &unknown, None, Some(true)), None);
        let not_read = StoredUser::NotRead("HTTP 503".to_owned());
        assert_eq!(compared(true, &not_read, None, None), None, "no ground for a write");
        assert_eq!(compared(false, &unknown, None, None), Some((2, Basis::Remembered)));
        assert_eq!(compared(false, &unknown, Some("ippa"), Some(true)), None);
        assert_eq!(compared(false, &unknown, Some("ippa"), None), None);
        assert!(compared(false, &unknown, Some("other"), None).is_some());
        assert!(compared(false, &unknown, Some("ippa"), Some(false)).is_some());
    }
}
