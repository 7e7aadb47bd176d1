//! The flags that say where a site is, for commands that can do without a playbook.

use clap::Args;

use crate::playbook::{Endpoint, SecretSource, is_keyring_name};

use super::endpoint;

/// Where a site is, and who signs in: what a playbook says in `cucm`, `finesse`, `credentials` and `tls`.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Without a playbook")]
pub struct Site {
    /// CUCM's publisher; AXL on 8443 when no port is given
    #[arg(long, value_name = "HOST[:PORT]", value_parser = endpoint::axl)]
    pub publisher: Option<Endpoint>,
    /// The name of the deployment; default: the first part of the publisher's name
    #[arg(long, value_name = "NAME")]
    pub deployment: Option<String>,
    /// The account for AXL
    #[arg(long, value_name = "USER")]
    pub axl_user: Option<String>,
    /// Where its password is: `env:NAME`, `file:PATH`, `keyring:NAME`, `command:PROGRAM …` or `prompt`;
    /// default: `AXL_PASSWORD` of the environment when it is set, else prompt
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub axl_password: Option<Place>,
    /// Finesse's primary node; 8445 when no port is given
    #[arg(long, value_name = "HOST[:PORT]", value_parser = endpoint::finesse)]
    pub finesse: Option<Endpoint>,
    /// Finesse's secondary node, where there is one
    #[arg(long, value_name = "HOST[:PORT]", value_parser = endpoint::finesse, requires = "finesse")]
    pub finesse_secondary: Option<Endpoint>,
    /// uccx, ucce or pcce: no interface tells it
    #[arg(long, value_name = "PRODUCT", value_parser = ["uccx", "ucce", "pcce"])]
    pub product: Option<String>,
    /// Finesse's release, as in 12.5(1)SU3: no interface tells it
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Finesse's administrator
    #[arg(long, value_name = "USER")]
    pub finesse_user: Option<String>,
    /// Where its password is; default: `FINESSE_PASSWORD` of the environment when it is set, else prompt
    #[arg(long, value_name = "PLACE", value_parser = place, requires = "finesse_user")]
    pub finesse_password: Option<Place>,
    /// The administrator of the Finesse nodes' platform
    #[arg(long, value_name = "USER")]
    pub finesse_os_user: Option<String>,
    /// Where its password is; default: `FINESSE_OS_PASSWORD` of the environment when it is set, else prompt
    #[arg(long, value_name = "PLACE", value_parser = place, requires = "finesse_os_user")]
    pub finesse_os_password: Option<Place>,
    /// The administrator of the CUCM nodes' platform
    #[arg(long, value_name = "USER")]
    pub cucm_os_user: Option<String>,
    /// Where its password is; default: `CUCM_OS_PASSWORD` of the environment when it is set, else prompt
    #[arg(long, value_name = "PLACE", value_parser = place, requires = "cucm_os_user")]
    pub cucm_os_password: Option<Place>,
    /// A certificate that is trusted, as `trust show` prints it (repeatable)
    #[arg(long, value_name = "HOST:PORT=sha256:…", value_parser = pin)]
    pub pin: Vec<(Endpoint, String)>,
    /// Certificates that are trusted, in PEM (repeatable)
    #[arg(long, value_name = "FILE")]
    pub ca_file: Vec<String>,
}

/// The place of a secret, in one word of the command line: never the secret. `None` when the word names no place; as it
/// may be a password, it is not kept, and clap, which repeats what it refuses, does not refuse it.
#[derive(Debug, Clone)]
pub struct Place(pub Option<SecretSource>);

/// The value parser of a [`Place`].
pub fn place(text: &str) -> Result<Place, String> {
    if text == "prompt" {
        return Ok(Place(Some(SecretSource::Prompt)));
    }
    let Some((kind, rest)) = text.split_once(':') else { return Ok(Place(None)) };
    let rest = rest.trim();
    Ok(Place(match kind {
        _ if rest.is_empty() => None,
        "env" => Some(SecretSource::Env(rest.to_owned())),
        "file" => Some(SecretSource::File(rest.to_owned())),
        "keyring" if is_keyring_name(rest) => Some(SecretSource::Keyring(rest.to_owned())),
        "command" => {
            Some(SecretSource::Command(rest.split_whitespace().map(str::to_owned).collect()))
        }
        _ => None,
    }))
}

/// `HOST:PORT=sha256:…`; the playbook's parser looks at the fingerprint.
fn pin(text: &str) -> Result<(Endpoint, String), String> {
    let (server, fingerprint) = text.split_once('=').ok_or("expected HOST:PORT=sha256:…")?;
    Ok((endpoint::with_port(server)?, fingerprint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{pin, place};
    use crate::playbook::SecretSource;

    #[test]
    fn a_place_is_named_and_anything_else_is_not_kept() {
        let place = |text| place(text).unwrap().0;
        assert_eq!(place("prompt").unwrap(), SecretSource::Prompt);
        assert_eq!(place("env:AXL_PASSWORD").unwrap(), SecretSource::Env("AXL_PASSWORD".into()));
        let words = ["pass", "show", "voice/axl"].map(str::to_owned).to_vec();
        assert_eq!(place("command:pass show voice/axl").unwrap(), SecretSource::Command(words));
        assert_eq!(place("keyring:axl").unwrap(), SecretSource::Keyring("axl".into()));
        for wrong in ["hunter2", "env:", "secret:hunter2", "keyring:hunter 2"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_pin_has_a_server_and_a_fingerprint() {
        let (server, fingerprint) = pin("pub.example.com:8443=sha256:ab").unwrap();
        assert_eq!((server.port, fingerprint.as_str()), (8443, "sha256:ab"));
        assert!(pin("pub.example.com=sha256:ab").is_err());
    }
}
