//! From the flags that say where a site is to the sections that a playbook would say it in.

use serde_json::{Map, Value, json};

use crate::outcome::Outcome;
use crate::plan::OneShot;
use crate::playbook::SecretSource;
use crate::trouble::Trouble;

use super::args::{Alone, Asked, Place, Services, Site};
use super::connect;

impl Site {
    /// Whether any of them is given.
    pub fn given(&self) -> bool {
        // Each field by name: a flag that is added later cannot be forgotten here.
        let Self {
            publisher,
            deployment,
            axl_user,
            axl_password,
            finesse,
            finesse_secondary,
            product,
            release,
            finesse_user,
            finesse_password,
            finesse_os_user,
            finesse_os_password,
            cucm_os_user,
            cucm_os_password,
            pin,
            ca_file,
        } = self;
        let words =
            [deployment, axl_user, product, release, finesse_user, finesse_os_user, cucm_os_user];
        let places = [axl_password, finesse_password, finesse_os_password, cucm_os_password];
        words.into_iter().any(Option::is_some)
            || places.into_iter().any(Option::is_some)
            || [publisher, finesse, finesse_secondary].into_iter().any(Option::is_some)
            || !pin.is_empty()
            || !ca_file.is_empty()
    }

    /// `version`, `deployment`, `cucm`, `credentials`, `tls`, and `finesse` where it is said.
    ///
    /// # Errors
    /// `usage` where the publisher or its account is not said, or a password's place is none.
    pub fn sections(&self) -> Result<Map<String, Value>, Trouble> {
        let publisher = self.publisher.as_ref().ok_or_else(|| missing("--publisher"))?;
        let axl_user = self.axl_user.as_ref().ok_or_else(|| missing("--axl-user"))?;
        let name = self.name().unwrap_or_default();
        let mut credentials = Map::new();
        let accounts = [
            ("axl", Some(axl_user), &self.axl_password, "AXL_PASSWORD"),
            ("finesse", self.finesse_user.as_ref(), &self.finesse_password, "FINESSE_PASSWORD"),
            (
                "finesse_platform",
                self.finesse_os_user.as_ref(),
                &self.finesse_os_password,
                "FINESSE_OS_PASSWORD",
            ),
            (
                "cucm_platform",
                self.cucm_os_user.as_ref(),
                &self.cucm_os_password,
                "CUCM_OS_PASSWORD",
            ),
        ];
        for (account, user, place, variable) in accounts {
            let Some(user) = user else { continue };
            let password = password(account, place.as_ref(), variable)?;
            credentials.insert(account.to_owned(), json!({ "user": user, "password": password }));
        }
        let mut sections = Map::new();
        sections.insert("version".to_owned(), json!(1));
        sections.insert("deployment".to_owned(), json!(name));
        sections.insert("cucm".to_owned(), json!({ "publisher": publisher.to_string() }));
        sections.extend(self.nodes().map(|finesse| ("finesse".to_owned(), finesse)));
        sections.insert("credentials".to_owned(), Value::Object(credentials));
        sections.extend(self.tls().map(|tls| ("tls".to_owned(), tls)));
        Ok(sections)
    }

    /// The name of the deployment.
    pub fn name(&self) -> Option<String> {
        let publisher = self.publisher.as_ref();
        self.deployment.clone().or_else(|| publisher.map(|one| short_name(&one.host)))
    }

    fn nodes(&self) -> Option<Value> {
        let mut finesse = Map::new();
        let words = [
            ("product", self.product.clone()),
            ("release", self.release.clone()),
            ("primary", self.finesse.as_ref().map(ToString::to_string)),
            ("secondary", self.finesse_secondary.as_ref().map(ToString::to_string)),
        ];
        for (key, word) in words {
            finesse.extend(word.map(|word| (key.to_owned(), Value::String(word))));
        }
        self.finesse.is_some().then_some(Value::Object(finesse))
    }

    fn tls(&self) -> Option<Value> {
        let mut pins: Map<String, Value> = Map::new();
        for (server, fingerprint) in &self.pin {
            let known = pins.entry(server.to_string()).or_insert_with(|| json!([]));
            if let Value::Array(known) = known {
                known.push(json!(fingerprint));
            }
        }
        let said = !pins.is_empty() || !self.ca_file.is_empty();
        said.then(|| json!({ "ca_files": self.ca_file, "pins": pins }))
    }
}

/// The playbook that the flags of a command make which does one part alone. What the part has nothing to do with is filled
/// in with the guide's own words.
///
/// # Errors
/// `usage` where a flag is missing, `inline-secret` where one holds a password.
pub fn playbook(one_shot: OneShot, asked: &Asked, roster: Option<&str>) -> Result<String, Trouble> {
    let Asked { alone: Alone { site, .. }, services, user, .. } = asked;
    let mut document = site.sections()?;
    for (given, flag) in [
        (site.finesse.is_some(), "--finesse"),
        (site.product.is_some(), "--product"),
        (site.release.is_some(), "--release"),
    ] {
        if !given {
            return Err(missing(flag));
        }
    }
    if matches!(one_shot, OneShot::AppUser | OneShot::FinesseSettings) && user.app_user.is_none() {
        return Err(missing("--app-user"));
    }
    let password = password("app-user", user.app_user_password.as_ref(), "IPPA_PASSWORD")?;
    let id = user.app_user.as_deref().unwrap_or("ippa");
    let name =
        |said: &Option<String>, usual: &str| json!({ "name": said.as_deref().unwrap_or(usual) });
    let mut declared = Map::new();
    declared.insert("primary".to_owned(), name(&services.service, "Cisco Finesse"));
    if site.finesse_secondary.is_some() {
        let second = name(&services.secondary_service, "Cisco Finesse Secondary");
        declared.insert("secondary".to_owned(), second);
    }
    declared.extend(services.sql_writes.iter().map(|when| ("sql_writes".to_owned(), json!(when))));
    let change = if asked.rewrite_secrets { "rotate" } else { "refuse" };
    let user = json!({ "id": id, "password": password, "password_change": change });
    document.insert("application_user".to_owned(), user);
    // A service that is not named is not taken away.
    if one_shot == OneShot::Unsubscribe
        && services.service.is_some()
        && services.secondary_service.is_none()
    {
        declared.remove("secondary");
        if let Some(Value::Object(finesse)) = document.get_mut("finesse") {
            finesse.remove("secondary");
        }
    }
    let filled = filled(one_shot, asked, roster)?;
    document.extend(filled.map(|who| ("one_button_sign_in".to_owned(), who)));
    document.insert("phone_services".to_owned(), Value::Object(declared));
    let section = match one_shot {
        OneShot::PhoneSettings => Some(("phone_settings", json!({}))),
        OneShot::Certificates => Some(("certificates", json!({}))),
        OneShot::FinesseSettings => Some(("finesse_settings", json!({ "mode": "operator" }))),
        OneShot::SelfCare => Some((
            "self_care",
            asked
                .default_server
                .as_ref()
                .map_or(json!({}), |host| json!({ "default_server": host })),
        )),
        OneShot::Subscribe | OneShot::Unsubscribe => {
            Some(("phone_apply", json!({ "when": "after-change" })))
        }
        OneShot::AppUser | OneShot::PhoneService | OneShot::Restart => None,
    };
    document.extend(section.map(|(key, value)| (key.to_owned(), value)));
    // JSON is YAML, and quoted as it has to be.
    serde_json::to_string_pretty(&document)
        .map_err(|error| Trouble::new("usage", Outcome::Usage, error.to_string()))
}

/// Who fills what in: as it is said, and whatever is given for a device. A subscription's other values stay as they are.
fn filled(
    one_shot: OneShot,
    asked: &Asked,
    roster: Option<&str>,
) -> Result<Option<Value>, Trouble> {
    let Services { administrator_fills, agent_fills, .. } = &asked.services;
    let mut who = Map::new();
    if matches!(one_shot, OneShot::Subscribe) {
        for value in ["id", "extension", "password"] {
            who.insert(value.to_owned(), json!("agent"));
        }
    }
    let header = roster.and_then(|text| text.trim_start_matches('\u{feff}').lines().next());
    let columns: Vec<&str> = header.unwrap_or_default().split(',').map(str::trim).collect();
    let given = [("id", asked.id.is_some()), ("extension", asked.extension.is_some())];
    let given = given.into_iter().filter(|(value, given)| *given || columns.contains(value));
    let given = given.map(|(value, _)| value);
    for value in agent_fills {
        who.insert(value.clone(), json!("agent"));
    }
    for value in administrator_fills.iter().map(String::as_str).chain(given) {
        if agent_fills.iter().any(|own| own == value) {
            let what = format!("{value} is given, and --agent-fills leaves it to agents");
            return Err(Trouble::new("usage", Outcome::Usage, what).then("say one of the two"));
        }
        who.insert(value.to_owned(), json!("administrator"));
    }
    Ok((!who.is_empty()).then_some(Value::Object(who)))
}

/// A flag that is missing where there is no playbook either.
pub fn missing(flag: &str) -> Trouble {
    Trouble::new("usage", Outcome::Usage, format!("{flag} is needed where no playbook is given"))
        .then("name a playbook, or say where the site is by flags; --help lists them")
}

/// The first part of a host's name, as the name of a deployment.
pub fn short_name(host: &str) -> String {
    let address = host.parse::<std::net::IpAddr>().is_ok();
    let first = if address { host } else { host.split('.').next().unwrap_or(host) };
    let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = first.chars().map(fits).take(63).collect();
    name.trim_matches('-').to_owned()
}

/// Where an account's password is, as a playbook says it.
fn password(account: &str, place: Option<&Place>, variable: &str) -> Result<Value, Trouble> {
    let source = match place {
        Some(Place(Some(source))) => source.clone(),
        Some(Place(None)) => {
            let flag = format!("--{}-password", account.replace("_platform", "-os"));
            let what = format!("{flag} does not say where the password is");
            return Err(Trouble::new("inline-secret", Outcome::Usage, what)
                .because("a password on the command line is seen by every user of this machine")
                .then("env:NAME, file:PATH, keyring:NAME, command:'PROGRAM …' or prompt"));
        }
        None if connect::variable(variable).is_some() => SecretSource::Env(variable.to_owned()),
        None => SecretSource::Prompt,
    };
    Ok(match source {
        SecretSource::Env(name) => json!({ "env": name }),
        SecretSource::File(path) => json!({ "file": path }),
        SecretSource::Command(words) => json!({ "command": words }),
        SecretSource::Keyring(name) => json!({ "keyring": name }),
        SecretSource::Prompt => json!({ "prompt": true }),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::short_name;
    use crate::cli::args::Site;
    use crate::cli::endpoint::{axl, finesse};

    #[test]
    fn flags_say_what_a_playbook_says() {
        let site = Site {
            publisher: Some(axl("Pub.example.com").unwrap()),
            axl_user: Some("axladmin".to_owned()),
            finesse: Some(finesse("fin-a.example.com").unwrap()),
            product: Some("uccx".to_owned()),
            pin: vec![(axl("pub.example.com").unwrap(), "sha256:ab".to_owned())],
            ..Site::default()
        };
        let said = serde_json::Value::Object(site.sections().unwrap());
        assert_eq!(said["deployment"], "pub");
        assert_eq!(said["cucm"], json!({ "publisher": "pub.example.com:8443" }));
        assert_eq!(
            said["finesse"],
            json!({ "product": "uccx", "primary": "fin-a.example.com:8445" })
        );
        assert_eq!(
            said["tls"],
            json!({ "ca_files": [], "pins": { "pub.example.com:8443": ["sha256:ab"] } })
        );
        assert!(Site::default().sections().is_err());
    }

    #[test]
    fn a_host_gives_a_deployment_its_name() {
        assert_eq!(short_name("cucm-pub.example.com"), "cucm-pub");
        assert_eq!(short_name("10.0.0.1"), "10-0-0-1");
        assert_eq!(short_name("2001:db8::1"), "2001-db8--1");
    }
}
