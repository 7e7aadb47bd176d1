//! Questions about Finesse, its phone services, and the application user.

use crate::cli::args::Init;
use crate::cli::endpoint;
use crate::playbook::draft::{Draft, NodeDraft, ServiceDraft};
use crate::playbook::{Endpoint, Product};
use crate::report::style::count;
use crate::trouble::Trouble;

use super::found::{Found, Service};
use super::questions::{beside, place_of};
use super::wizard::{Question, Wizard, wrong};
use super::words;

/// The longest name of a phone service.
const LONGEST: usize = 32;

pub(super) async fn nodes(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
) -> Result<(), Trouble> {
    let sandbox = wizard.call.global.sandbox;
    let question = Question {
        flag: "--finesse",
        word: "primary node",
        about: "Finesse's primary node, as host or host:port\n\
                Its full name: phones find it in the URL of the service. REST answers on 8445.",
        // The sandbox has a service of a server that is gone.
        default: if sandbox {
            Some("fin-a.example.com".to_owned())
        } else {
            found.services.first().map(|service| service.host.clone())
        },
    };
    let put = |draft: &mut Draft, node: Endpoint| draft.finesse.primary = node_of(&node);
    let given = flags.site.finesse.clone();
    let primary = wizard.ask(question, given, endpoint::finesse, put).await?;
    let same =
        |service: &Service| primary.as_ref().is_some_and(|primary| primary.host == service.host);
    let known = found.services.first().is_some_and(same);
    let second = found.services.get(1).filter(|_| known).map(|service| service.host.clone());
    let second = if sandbox { Some("fin-b.example.com".to_owned()) } else { second };
    let question = Question {
        flag: "--finesse-secondary",
        word: "secondary node",
        about: "Finesse's secondary node, or none",
        default: Some(second.unwrap_or_else(|| "none".to_owned())),
    };
    let given = flags.site.finesse_secondary.clone().map(Some);
    let given = given.or(flags.single_node.then_some(None));
    let put = |draft: &mut Draft, node: Option<Endpoint>| {
        draft.finesse.secondary = node.as_ref().map(node_of);
        let name = second_name(&draft.phone_services.primary.name);
        draft.phone_services.secondary = node.map(|_| ServiceDraft { name, adopt: None });
    };
    wizard.ask(question, given, words::second, put).await.map(drop)
}

pub(super) async fn product(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
) -> Result<(), Trouble> {
    let sandbox = wizard.call.global.sandbox;
    let question = Question {
        flag: "--product",
        word: "product",
        about: "The product that Finesse belongs to: uccx, ucce or pcce\nNo interface tells it.",
        default: (sandbox || found.rmcm().is_some()).then(|| "uccx".to_owned()),
    };
    let given = flags.site.product.as_deref().map(words::product).transpose();
    let given = given.map_err(|why| wrong("--product", &why))?;
    let put = |draft: &mut Draft, product| draft.finesse.product = product;
    let product = wizard.ask(question, given, words::product, put).await?;
    let question = Question {
        flag: "--release",
        word: "release",
        about: "Finesse's release, as in 12.5(1)SU3 or 12.6(2)\nNo interface tells it.",
        default: sandbox.then(|| "12.5(1)SU3".to_owned()),
    };
    let put = |draft: &mut Draft, release| draft.finesse.release = release;
    wizard.ask(question, flags.site.release.clone(), words::text, put).await?;
    // What RMCM's user is called is told by the cluster or a flag; it is no question.
    let rmcm = flags.rmcm_user.clone().or_else(|| found.rmcm().map(str::to_owned));
    if let Some(user) = rmcm.filter(|_| product == Some(Product::Uccx) || flags.rmcm_user.is_some())
    {
        let put = |draft: &mut Draft, user| draft.application_user.uccx_rmcm = Some((user, None));
        wizard.take(user, put).map_err(|why| wrong("--rmcm-user", &why))?;
    }
    Ok(())
}

pub(super) async fn service(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
) -> Result<(), Trouble> {
    let known = found.services.first();
    let about = match known {
        Some(service) => format!(
            "The phone service of the primary node\n\
             `{}` is there, leads to {} and has {}. \
             This name takes it as it is called, another one renames it; its subscribers stay.",
            service.name,
            service.host,
            count(service.subscribers, "subscriber")
        ),
        None => "The phone service of the primary node, as phones show it\nAt most 32 characters."
            .to_owned(),
    };
    let default = known.map_or("Cisco Finesse", |service| &service.name);
    let question = Question {
        flag: "--service",
        word: "phone service",
        about: &about,
        default: Some(default.to_owned()),
    };
    let second = flags.service_secondary.clone();
    let put = |draft: &mut Draft, name: String| {
        let other = second.clone().or_else(|| {
            let kept = known.is_some_and(|service| service.name == name);
            found.services.get(1).filter(|_| kept).map(|service| service.name.clone())
        });
        let other = other.unwrap_or_else(|| second_name(&name));
        let services = &mut draft.phone_services;
        services.primary = adopting(name, known);
        let node = found.services.get(1);
        services.secondary = services.secondary.take().map(|_| adopting(other, node));
    };
    wizard.ask(question, flags.service.clone(), words::text, put).await.map(drop)
}

/// A service of this name, which takes the one over that was found under another.
fn adopting(name: String, found: Option<&Service>) -> ServiceDraft {
    let adopt = found.map(|service| service.name.clone()).filter(|known| *known != name);
    ServiceDraft { name, adopt }
}

pub(super) async fn application_user(
    wizard: &mut Wizard<'_>,
    flags: &Init,
    found: &Found,
) -> Result<(), Trouble> {
    let question = Question {
        flag: "--app-user",
        word: "application user",
        about: "The application user that Finesse pushes screens with\n\
                It controls the phones. One that is not there is made; an existing password is not changed.",
        default: Some(found.user().unwrap_or("ippa").to_owned()),
    };
    let put = |draft: &mut Draft, id| draft.application_user.id = id;
    wizard.ask(question, flags.app_user.clone(), words::text, put).await?;
    let given = place_of("--app-user-password", flags.app_user_password.as_ref())?;
    let place = given.unwrap_or_else(|| beside(&wizard.draft, "IPPA_PASSWORD", "ippa"));
    wizard.draft.application_user.password = place;
    Ok(())
}

fn node_of(node: &Endpoint) -> NodeDraft {
    let api_port = (node.port != 8445).then_some(node.port);
    NodeDraft { host: node.host.clone(), api_port, ..NodeDraft::default() }
}

/// The name of the second service.
fn second_name(first: &str) -> String {
    const SECOND: &str = " Secondary";
    let kept: String = first.chars().take(LONGEST - SECOND.len()).collect();
    format!("{}{SECOND}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::second_name;

    #[test]
    fn a_second_service_has_a_name_that_fits() {
        assert_eq!(second_name("Cisco Finesse"), "Cisco Finesse Secondary");
        let long = second_name(&"ä".repeat(32));
        assert_eq!((long.chars().count(), long.ends_with("ä Secondary")), (32, true));
        assert_eq!(
            second_name("A name of 22 letters.. and more"),
            "A name of 22 letters.. Secondary"
        );
    }
}
