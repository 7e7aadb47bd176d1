//! What one section needs of another: the accounts that Finesse's settings, imports of certificates and the restarts
//! behind them take.

use super::certificates::{Certificates, ImportWay, TrustMode};
use super::decode::{self, Value};
use super::provisioning::{FinesseSettings, Restart, RestartWhen, SettingsMode};
use super::reading::{Mistake, Reading, Span};

/// Reports accounts that `finesse_settings` needs, by itself or by the restart it causes, and that `credentials`
/// does not declare. `restart` is `None` where it could not be read.
pub fn accounts(
    reading: &mut Reading,
    credentials: Option<&Value<'_>>,
    (at, settings): (Span, &FinesseSettings),
    restart: Option<&Restart>,
) {
    let lacks = |account| credentials.and_then(|v| decode::has_key(v, account)) == Some(false);
    let rest = matches!(settings.mode, SettingsMode::Rest(_));
    if rest && lacks("finesse") {
        reading
            .report(Mistake::new("missing-key", at, "`credentials.finesse` is missing").then(
                "`mode: rest` signs in to Finesse as its administrator: declare the account",
            ));
    }
    let restarts = match settings.mode {
        SettingsMode::Operator | SettingsMode::Rest(_) => {
            restart.is_some_and(|restart| restart.finesse_tomcat == RestartWhen::WhenNeeded)
        }
        SettingsMode::Elsewhere => false,
    };
    if restarts && lacks("finesse_platform") {
        reading.report(
            Mistake::new("missing-key", at, "`credentials.finesse_platform` is missing").then(
                "the settings need a restart of Finesse Tomcat over the platform shell: declare the account, \
                 or write `restart: { finesse_tomcat: never }` and restart by hand",
            ),
        );
    }
}

/// Reports accounts that imports of certificates need and that `credentials` does not declare.
pub fn imports(
    reading: &mut Reading,
    credentials: Option<&Value<'_>>,
    (at, declared): (Span, &Certificates),
    restart: Option<&Restart>,
) {
    let lacks = |account| credentials.and_then(|v| decode::has_key(v, account)) == Some(false);
    let into_finesse = declared.finesse_tomcat_trust == TrustMode::Import;
    let into_cucm = declared.cucm_phone_trust == TrustMode::Import;
    let uses = |way| declared.via.contains(&way);
    let mut report = |account: &str, why: &str| {
        let message = format!("`credentials.{account}` is missing");
        reading.report(Mistake::new("missing-key", at, message).then(why.to_owned()));
    };
    let restarts = restart.is_some_and(|restart| restart.finesse_tomcat == RestartWhen::WhenNeeded);
    if into_finesse && lacks("finesse_platform") {
        if uses(ImportWay::Shell) {
            report(
                "finesse_platform",
                "`via: [shell]` signs in to the platform shell: declare the account",
            );
        } else if restarts {
            report(
                "finesse_platform",
                "an import needs a restart of Finesse Tomcat over the platform shell: declare the account, \
                 or write `restart: { finesse_tomcat: never }` and restart by hand",
            );
        }
    }
    if into_cucm && uses(ImportWay::Rest) && lacks("cucm_platform") {
        report(
            "cucm_platform",
            "`via: [rest]` signs in to the certificate interface of each CUCM node: declare the account, \
             or leave `rest` out",
        );
    }
}
