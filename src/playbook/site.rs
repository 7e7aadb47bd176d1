//! Where a site is, out of a playbook that need not be whole: what it declares of the estate is not looked at, and what it
//! does not say of Finesse is filled in, because no interface of CUCM tells it.

use super::reading::{Reading, Span};
use super::tree::{self, Key, Node, NodeKind};
use super::{Deployment, Diagnostic, Files, parsed};

/// Sections that say what shall be on the cluster, and when and how it gets there.
const ESTATE: [&str; 15] = [
    "application_user",
    "phone_settings",
    "phone_apply",
    "phone_services",
    "one_button_sign_in",
    "agents",
    "finesse_settings",
    "self_care",
    "certificates",
    "restart",
    "windows",
    "dialect",
    "checks",
    "journal",
    "sso",
];

/// What stands in the place of what is not said. The release is the first that IP Phone Agent speaks HTTPS with.
const NODES: &str = "{ primary: fin-a.example.com, secondary: fin-b.example.com }";
const PRODUCT: &str = "{ product: uccx, release: 12.5(1) }";
const REST: &str = "{ application_user: { id: ippa, password: { prompt: true } }, phone_services: { primary: { name: a } } }";
const SECOND: &str = "{ secondary: { name: b } }";

/// Where a site is.
#[derive(Debug)]
pub struct Site {
    /// As a deployment; what it says of the estate is made up.
    pub deployment: Deployment,
    /// Whether the Finesse nodes are said.
    pub nodes: bool,
    /// Whether product and release are.
    pub release: bool,
}

/// Reads it from a playbook, or from a document of its sections.
///
/// # Errors
/// Every mistake in the sections that say where the site is.
pub fn site(file: &str, text: &str, files: &dyn Files) -> Result<Site, Vec<Diagnostic>> {
    let (mut nodes, mut release) = (false, false);
    let deployment = parsed(file, text, files, |root| {
        let NodeKind::Map(sections) = &mut root.kind else { return };
        sections.retain(|(key, _)| !ESTATE.contains(&key.text.as_str()));
        if !has(sections, "finesse") {
            sections.extend(entries("{ finesse: {} }"));
        }
        let finesse = sections.iter_mut().find(|(key, _)| key.text == "finesse");
        let mut two = true;
        if let Some((_, Node { kind: NodeKind::Map(finesse), .. })) = finesse {
            nodes = has(finesse, "primary");
            if !nodes {
                finesse.extend(entries(NODES));
            }
            two = has(finesse, "secondary");
            release = has(finesse, "product") && has(finesse, "release");
            let missing = entries(PRODUCT).into_iter().filter(|(key, _)| !has(finesse, &key.text));
            finesse.extend(missing.collect::<Vec<_>>());
        }
        sections.extend(entries(REST));
        let services = sections.iter_mut().find(|(key, _)| key.text == "phone_services");
        if let Some((_, Node { kind: NodeKind::Map(services), .. })) = services.filter(|_| two) {
            services.extend(entries(SECOND));
        }
    })?;
    Ok(Site { deployment, nodes, release })
}

fn has(entries: &[(Key, Node)], key: &str) -> bool {
    entries.iter().any(|(own, _)| own.text == key)
}

/// The entries of a mapping of ours. They stand nowhere in the text, so their place is its beginning.
fn entries(text: &str) -> Vec<(Key, Node)> {
    let mut reading = Reading::new("", text);
    let Some(mut root) = tree::read(&mut reading) else { return Vec::new() };
    placeless(&mut root);
    match root.kind {
        NodeKind::Map(entries) => entries,
        NodeKind::Scalar { .. } | NodeKind::List(_) => Vec::new(),
    }
}

fn placeless(node: &mut Node) {
    node.span = Span::default();
    match &mut node.kind {
        NodeKind::Scalar { .. } => {}
        NodeKind::List(items) => items.iter_mut().for_each(placeless),
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                key.span = Span::default();
                placeless(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Product;

    struct Nothing;

    impl Files for Nothing {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            Err(format!("{path} was asked for"))
        }
    }

    fn read(text: &str) -> Result<Site, String> {
        site("site.yaml", text, &Nothing)
            .map_err(|all| all.iter().map(|one| one.render(false)).collect())
    }

    const SMALL: &str = "version: 1\ndeployment: emea\ncucm: { publisher: pub.example.com }\n\
                         credentials: { axl: { user: a, password: { env: A } } }\n";

    #[test]
    fn what_is_said_of_the_estate_is_not_looked_at() {
        let text = format!(
            "{SMALL}finesse: {{ product: ucce, release: 12.6(2), primary: fin-x.example.com }}\n\
             application_user: nonsense\nagents: {{ roster: gone.csv }}\nlimits: {{ concurrency: 3 }}\n"
        );
        let site = read(&text).unwrap();
        assert!(site.nodes && site.release);
        assert_eq!(site.deployment.finesse.product, Product::Ucce);
        assert_eq!(site.deployment.limits.concurrency, 3);
        assert!(site.deployment.phone_services.secondary.is_none());
    }

    #[test]
    fn what_nobody_says_of_finesse_is_filled_in() {
        let site = read(SMALL).unwrap();
        assert!(!site.nodes && !site.release);
        assert!(site.deployment.finesse.secondary.is_some());
        let nodes = format!("{SMALL}finesse: {{ primary: fin-x.example.com }}\n");
        let site = read(&nodes).unwrap();
        assert!(site.nodes && !site.release && site.deployment.finesse.secondary.is_none());
    }

    #[test]
    fn mistakes_in_the_site_are_told() {
        let told = read(&SMALL.replace("publisher", "publishr")).unwrap_err();
        assert!(told.contains("publisher") && told.contains("site.yaml:3"), "{told}");
        assert!(read(&format!("{SMALL}fines: {{}}\n")).is_err());
    }

    #[test]
    fn the_sections_that_are_left_out_are_those_of_a_playbook() {
        let all = include_str!("../../playbooks/reference.yaml");
        let site =
            ["version", "deployment", "cucm", "finesse", "credentials", "tls", "ssh", "limits"];
        let keys = all.lines().filter_map(|line| line.split_once(':').map(|(key, _)| key));
        let keys = keys.filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        for key in keys {
            assert!(ESTATE.contains(&key) != site.contains(&key), "{key}");
        }
    }
}
