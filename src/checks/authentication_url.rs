//! The address at which phones ask whether a credential may push to them: two enterprise parameters.
//!
//! Judged as far as the text goes. Whether the page works is tried with the application user's password, on the
//! publisher, elsewhere; another system's page is never given a password by us.

use crate::clients::axl::{EnterpriseParameter, ListedServer};
use crate::plan::{Finding, NotChecked, Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::resources::service_url::host;

use super::{Seen, finding};

/// CUCM's page.
const PAGE: &str = "/ccmcip/authenticate.jsp";

/// What was read.
#[derive(Debug, Default)]
pub struct ParametersSeen {
    /// All enterprise parameters.
    pub parameters: Vec<EnterpriseParameter>,
    /// The cluster's servers.
    pub servers: Vec<ListedServer>,
}

impl ParametersSeen {
    /// A parameter's value, by its internal name.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|one| one.name.eq_ignore_ascii_case(name))?;
        Some(found.value.as_str())
    }
}

/// Both parameters. Releases may name them differently, so words of the name decide.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    let Some(seen) = &seen.parameters else { return };
    let named = |parameter: &&EnterpriseParameter| {
        let name = parameter.name.to_ascii_lowercase();
        name.contains("authentication") && name.contains("url")
    };
    let mut parameters = seen.parameters.iter().filter(named).peekable();
    if parameters.peek().is_none() {
        plan.not_checked.push(NotChecked {
            subject: "the phones' Authentication URL".to_owned(),
            reason: "no enterprise parameter is named like it".to_owned(),
            not_checkable: true,
            attested: None,
        });
    }
    for parameter in parameters {
        match verdict(inputs, seen, &parameter.value) {
            Verdict::Fine => {}
            Verdict::Wrong(why) => plan.findings.push(wrong(inputs, parameter, &why)),
            Verdict::Elsewhere(host) => plan.not_checked.push(NotChecked {
                subject: format!("enterprise parameter {}", parameter.name),
                reason: format!(
                    "it leads to {host}, which is no server of this cluster: only a phone shows whether that system passes the question on"
                ),
                not_checkable: true,
                attested: None,
            }),
        }
    }
}

enum Verdict {
    Fine,
    Wrong(String),
    Elsewhere(String),
}

fn verdict(inputs: Inputs<'_>, seen: &ParametersSeen, url: &str) -> Verdict {
    let url = url.trim();
    if url.is_empty() {
        return Verdict::Wrong("empty".to_owned());
    }
    let scheme = ["http://", "https://"].into_iter().find(|scheme| starts_with(url, scheme));
    let (Some(scheme), Some(host)) = (scheme, host(url)) else {
        return Verdict::Wrong(format!("{url}: not an address of a page"));
    };
    let address = host.parse::<std::net::IpAddr>().is_ok();
    if !address && !host.trim_end_matches('.').contains('.') {
        return Verdict::Wrong(format!("{url}: a short name, which phones may not resolve"));
    }
    let publisher = &inputs.deployment.cucm.publisher.host;
    let ours = same(host, publisher) || seen.servers.iter().any(|server| same(host, &server.name));
    if !ours {
        return Verdict::Elsewhere(host.to_owned());
    }
    let path =
        url.get(scheme.len()..).and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)));
    if path != Some(PAGE) {
        return Verdict::Wrong(format!("{url}: not CUCM's page {PAGE}"));
    }
    Verdict::Fine
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// One host by its name, or by its short form.
fn same(host: &str, server: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    host.eq_ignore_ascii_case(server)
        || (!server.contains('.') && host.parse::<std::net::IpAddr>().is_err())
            && short(host) == short(server)
}

fn wrong(inputs: Inputs<'_>, parameter: &EnterpriseParameter, why: &str) -> Finding {
    let publisher = &inputs.deployment.cucm.publisher.host;
    finding(
        "authentication-url",
        Object::new(ObjectKind::EnterpriseParameter, &parameter.name),
        "value",
        format!("http://{publisher}:8080{PAGE} or https://{publisher}:8443{PAGE}"),
        why,
        Some(&inputs.deployment.cucm.at),
    )
}

#[cfg(test)]
mod tests {
    use super::ParametersSeen;
    use crate::checks::stage::Stage;
    use crate::clients::axl::{EnterpriseParameter, ListedServer};

    fn judged(name: &str, url: &str) -> (usize, usize) {
        let mut site = Stage::cucm(&[]);
        let parameter = EnterpriseParameter { name: name.to_owned(), value: url.to_owned() };
        let server = |name: &str| ListedServer { pkid: String::new(), name: name.to_owned() };
        site.seen.parameters = Some(ParametersSeen {
            parameters: vec![parameter],
            servers: vec![server("sub1.example.com"), server("sub2"), server("10.1.1.9")],
        });
        let plan = site.plan();
        assert!(plan.findings.iter().all(|found| found.check == "authentication-url"));
        (plan.findings.len(), plan.not_checked.len())
    }

    #[test]
    fn an_address_of_cucms_page_is_right() {
        for name in ["URLAuthentication", "SecureAuthenticationURL", "URLAuthenticationSecure"] {
            for host in ["pub.example.com", "SUB1.example.com", "sub2.example.com", "10.1.1.9"] {
                for (scheme, port) in [("http", 8080), ("https", 8443)] {
                    let url = format!("{scheme}://{host}:{port}/ccmcip/authenticate.jsp");
                    assert_eq!(judged(name, &url), (0, 0), "{url}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_work_is_found() {
        for url in [
            "",
            " ",
            "pub.example.com",
            "ftp://pub.example.com/",
            "http://pub:8080/ccmcip/authenticate.jsp",
            "http://pub.example.com:8080/ccmcip/authenticate.jsp/",
            "http://sub1.example.com:8080",
        ] {
            assert_eq!(judged("URLAuthentication", url), (1, 0), "{url}");
        }
    }

    #[test]
    fn what_the_text_does_not_tell_is_said_not_to_be_checkable() {
        assert_eq!(
            judged("URLAuthentication", "http://paging.example.com:8081/phone/auth"),
            (0, 1)
        );
        assert_eq!(judged("ClusterID", "x"), (0, 1));
        assert_eq!(Stage::cucm(&[]).plan().not_checked.len(), 0);
    }
}
