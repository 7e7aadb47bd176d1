//! Connections: the port, the certificate with its time, the server's clock, of every endpoint of the playbook.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::DATE;

use crate::checks::doctor::clocks::{certificate, skew};
use crate::checks::doctor::{Area, Line};
use crate::clients::http::{HttpError, HttpRequest};
use crate::clients::port;
use crate::clients::tls::peer_certificate;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

use super::Exam;

/// Longest wait for a port.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose endpoint it is: the check and the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Publisher,
    Finesse,
    Shell,
}

/// Looks at the endpoints of the playbook.
pub(super) async fn look(exam: &mut Exam<'_, '_>) -> Result<(), Trouble> {
    let deployment = exam.task.deployment;
    let mut all = vec![(deployment.cucm.publisher.clone(), Whose::Publisher)];
    let finesse = &deployment.finesse;
    let nodes = || std::iter::once(&finesse.primary).chain(&finesse.secondary);
    all.extend(nodes().map(|node| (node.api.clone(), Whose::Finesse)));
    // A shell that no account is named for is none that anything is asked of.
    if deployment.credentials.finesse_platform.is_some() {
        all.extend(nodes().map(|node| (node.ssh.clone(), Whose::Shell)));
    }
    if deployment.credentials.cucm_platform.is_some() {
        all.extend(deployment.cucm.platform_ssh.iter().map(|ssh| (ssh.clone(), Whose::Shell)));
    }
    for (endpoint, whose) in all {
        exam.begin(format!("connection to {endpoint}"))?;
        if opened(exam, &endpoint, whose).await && whose != Whose::Shell {
            server(exam, &endpoint).await;
        }
    }
    Ok(())
}

async fn opened(exam: &mut Exam<'_, '_>, endpoint: &Endpoint, whose: Whose) -> bool {
    let subject = format!("{endpoint} connection");
    let map = &exam.task.http.settings().connect_map;
    let limit = PATIENCE.min(exam.task.http.settings().timeout);
    match port::open(endpoint, map, limit).await {
        Ok(()) => {
            exam.add(Line::ok(Area::Network, subject, "open"));
            true
        }
        Err(why) => {
            let port = endpoint.port;
            let line = match whose {
                Whose::Publisher => Line::found(Area::Network, subject, "axl-unreachable", why).fix(format!(
                    "correct cucm.publisher or open port {port} in the firewall; on the node, Cisco Unified Serviceability > \
                     Tools > Control Center - Feature Services shows Cisco AXL Web Service"
                )),
                Whose::Finesse => Line::found(Area::Network, subject, "finesse-unreachable", why).fix(format!(
                    "correct host or api_port in the playbook or open port {port} in the firewall; utils service list in the \
                     node's platform shell shows whether Cisco Finesse Tomcat runs"
                )),
                Whose::Shell => Line::failed(Area::Network, subject, why).under("platform-unreachable").fix(format!(
                    "correct ssh_port or cucm.platform_ssh in the playbook or open port {port} in the firewall; utils service \
                     list at the node's own console shows System SSH"
                )),
            };
            exam.add(line);
            exam.blocked.insert(endpoint.clone(), format!("{endpoint} does not answer"));
            false
        }
    }
}

/// The certificate without trusting it, then whether it is trusted, and the clock.
async fn server(exam: &mut Exam<'_, '_>, endpoint: &Endpoint) {
    let settings = exam.task.http.settings();
    let shown = peer_certificate(endpoint, &settings.connect_map, settings.timeout).await;
    if let Ok(shown) = shown {
        let now = Timestamp::now();
        let place = endpoint.to_string();
        exam.add(certificate(&place, &shown.not_before, &shown.not_after, now));
    }
    let subject = format!("{endpoint} TLS");
    match exam.task.http.send(HttpRequest::get(endpoint.clone(), "/")).await {
        Ok(reply) => {
            exam.add(Line::ok(Area::Network, subject, "the certificate is trusted here"));
            let now = Timestamp::now();
            exam.add(skew(&endpoint.host, reply.header(DATE), now));
        }
        Err(error) => {
            let trouble = match &error {
                HttpError::Certificate(rejection) => Some(rejection.trouble()),
                HttpError::Handshake(refusal) => Some(refusal.trouble(endpoint.to_string())),
                HttpError::Unreachable(_)
                | HttpError::Timeout { .. }
                | HttpError::Lost(_)
                | HttpError::TooLarge
                | HttpError::Unusable(_) => None,
            };
            let why = match &trouble {
                Some(_) => format!("no trusted TLS connection to {endpoint} can be made"),
                None => format!("{endpoint} gives no answer"),
            };
            let line = match trouble {
                Some(trouble) => {
                    let fix = format!("{}; ippactl trust show {endpoint} shows what the server has", trouble.next);
                    Line::of(Area::Network, subject, &trouble).fix(fix)
                }
                None => Line::failed(Area::Network, subject, error.to_string()).fix(
                    "check that no proxy stands between; utils service list in the node's platform shell shows Cisco Tomcat",
                ),
            };
            exam.add(line);
            exam.blocked.insert(endpoint.clone(), why);
        }
    }
}
