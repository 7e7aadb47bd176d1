//! The questions, in the order in which they are put: those before the cluster is looked at, and those after it.

use crate::cli::args::{Init, Place};
use crate::cli::endpoint;
use crate::cli::site::short_name;
use crate::outcome::Outcome;
use crate::playbook::draft::Draft;
use crate::playbook::{Endpoint, SecretSource};
use crate::trouble::Trouble;

use super::found::Found;
use super::target::Target;
use super::wizard::{Question, Wizard};
use super::{agents, also, nodes, words};

/// Whom to look at, and who looks.
pub(super) async fn site(wizard: &mut Wizard<'_>, flags: &Init) -> Result<Target, Trouble> {
    let sandbox = wizard.call.global.sandbox;
    let demo = |text: &str| sandbox.then(|| text.to_owned());
    let question = Question {
        flag: "--publisher",
        word: "publisher",
        about: "CUCM's publisher, as host or host:port\nAXL answers on 8443 where no port is written.",
        default: demo("cucm-pub.example.com"),
    };
    let given = flags.site.publisher.clone();
    let put = |draft: &mut Draft, publisher: Endpoint| {
        draft.cucm.publisher = short(&publisher, 8443);
    };
    let publisher = wizard.ask(question, given, endpoint::axl, put).await?;
    let question = Question {
        flag: "--deployment",
        word: "deployment",
        about: "A name for what the playbook describes, and for its file\n\
                Lower-case letters, digits and hyphens.",
        // Without a publisher there is an error anyway, and this is no part of it.
        default: Some(publisher.map_or("site".to_owned(), |one| short_name(&one.host))),
    };
    let out = flags.out.as_deref();
    let asked = wizard.call.interactive;
    // At a terminal another name is asked for.
    let free = |name: &str| match Target::of(out, name).free() {
        Err(why) if asked => Err(why),
        _ => Ok(name.to_owned()),
    };
    let given = flags.site.deployment.clone();
    let put = |draft: &mut Draft, name| draft.deployment = name;
    let name = wizard.ask(question, given, free, put).await?;
    let name = name.unwrap_or_else(|| wizard.draft.deployment.clone());
    let target = Target::of(out, &name);
    target.free().map_err(taken)?;
    let question = Question {
        flag: "--axl-user",
        word: "AXL user",
        about: "The account for AXL\n\
                Its role is Standard AXL API Access; plan and verify make do with\n\
                Standard AXL Read Only API Access.",
        default: demo("axladmin"),
    };
    let put = |draft: &mut Draft, user| draft.credentials.axl.user = user;
    wizard.ask(question, flags.site.axl_user.clone(), words::text, put).await?;
    let question = Question {
        flag: "--axl-password",
        word: "its password",
        about: "Where its password is kept; it is never written into the playbook\n\
                \x20 env:NAME           an environment variable\n\
                \x20 file:PATH          a file that you alone can read, seen from the playbook's folder\n\
                \x20 keyring:NAME       this machine's keyring; `ippactl login NAME` puts it there\n\
                \x20 command:PROGRAM …  what a command prints, such as: command:pass show axl\n\
                \x20 prompt             asked for each time",
        default: Some("env:AXL_PASSWORD".to_owned()),
    };
    let given = place_of("--axl-password", flags.site.axl_password.as_ref())?;
    let put = |draft: &mut Draft, place| draft.credentials.axl.password = place;
    wizard.ask(question, given, words::source, put).await?;
    Ok(target)
}

/// What cannot be asked and has no default, so that one error names all of it.
pub(super) fn needed(wizard: &mut Wizard<'_>, flags: &Init) {
    if wizard.call.interactive || wizard.call.global.sandbox {
        return;
    }
    let needed = [
        ("--finesse", flags.site.finesse.is_none() && flags.offline),
        ("--product", flags.site.product.is_none()),
        ("--release", flags.site.release.is_none()),
    ];
    for (flag, _) in needed.into_iter().filter(|(_, missing)| *missing) {
        wizard.miss(flag);
    }
}

/// Everything else, with what was found as defaults.
pub(super) async fn rest(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &mut Found,
    target: &Target,
) -> Result<(), Trouble> {
    nodes::nodes(wizard, flags, found).await?;
    nodes::product(wizard, flags, found).await?;
    let finesse = &wizard.draft.finesse;
    let said = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    let said: Vec<String> = said.map(|node| node.host.clone()).collect();
    found.choose(&said, finesse.product);
    nodes::service(wizard, flags, found).await?;
    nodes::application_user(wizard, flags, found).await?;
    wizard.complete()?;
    let subscription = agents::subscription(wizard, flags, found).await?;
    agents::sign_in(wizard, flags, found, subscription).await?;
    agents::phone_settings(wizard, flags).await?;
    agents::roster(wizard, flags, found, target).await?;
    also::also(wizard, flags).await
}

/// Where a further password is: beside AXL's.
pub(super) fn beside(draft: &Draft, variable: &str, name: &str) -> SecretSource {
    match &draft.credentials.axl.password {
        SecretSource::File(path) => {
            let folder = std::path::Path::new(path).parent();
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            SecretSource::File(
                folder.map_or(name.into(), |folder| folder.join(name)).display().to_string(),
            )
        }
        SecretSource::Prompt => SecretSource::Prompt,
        SecretSource::Keyring(_) => SecretSource::Keyring(name.to_owned()),
        SecretSource::Env(_) | SecretSource::Command(_) => SecretSource::Env(variable.to_owned()),
    }
}

pub(super) fn place_of(
    flag: &'static str,
    place: Option<&Place>,
) -> Result<Option<SecretSource>, Trouble> {
    let named = place.cloned().map(words::named).transpose();
    named.map_err(|why| {
        Trouble::new(
            "inline-secret",
            Outcome::Usage,
            format!("{flag} does not say where the password is"),
        )
        .because("a password on the command line is seen by every user of this machine")
        .then(why)
    })
}

fn taken(why: String) -> Trouble {
    Trouble::new("file-exists", Outcome::Usage, "A file would be overwritten")
        .because(why)
        .then("take another name by --deployment or --out, or remove the file")
}

/// An endpoint without the port that goes without saying.
fn short(endpoint: &Endpoint, port: u16) -> String {
    let whole = endpoint.to_string();
    whole.strip_suffix(&format!(":{port}")).unwrap_or(&whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::short;
    use crate::cli::endpoint::axl;

    #[test]
    fn a_port_that_goes_without_saying_is_not_written() {
        assert_eq!(short(&axl("Pub.example.com").unwrap(), 8443), "pub.example.com");
        assert_eq!(short(&axl("pub.example.com:9443").unwrap(), 8443), "pub.example.com:9443");
    }
}
