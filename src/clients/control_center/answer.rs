//! What Control Center answers: one item per service, with its state and the reason for it.

use super::{ControlCenterError, OPERATION};
use crate::clients::decoders;
use crate::clients::http::HttpReply;
use crate::clients::xml::Element;

/// A service of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: ServiceState,
    /// Why, in the node's words; empty when it says nothing.
    pub reason: String,
}

/// State of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceState {
    /// It runs.
    Started,
    /// It does not.
    Stopped,
    /// On its way up.
    Starting,
    /// On its way down.
    Stopping,
    /// `Unknown`, or another word.
    Unknown(String),
}

impl ServiceState {
    fn read(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "started" => Self::Started,
            "stopped" => Self::Stopped,
            "starting" => Self::Starting,
            "stopping" => Self::Stopping,
            _ => Self::Unknown(word.to_owned()),
        }
    }

    /// The word for a person.
    pub fn word(&self) -> &str {
        match self {
            Self::Started => "Started",
            Self::Stopped => "Stopped",
            Self::Starting => "Starting",
            Self::Stopping => "Stopping",
            Self::Unknown(word) => word,
        }
    }
}

impl ServiceStatus {
    /// Whether the node says that nobody has activated it there: the words are the platform shell's too.
    pub fn not_activated(&self) -> bool {
        self.reason.to_ascii_lowercase().contains("not activated")
    }
}

/// Reads an answer; every status but 200 is an error.
pub(super) fn read(reply: &HttpReply) -> Result<Vec<ServiceStatus>, ControlCenterError> {
    let status = reply.status;
    let unexpected = |why: &str| ControlCenterError::Unexpected { status, why: why.to_owned() };
    match status {
        200 | 500 => {}
        401 => return Err(ControlCenterError::Denied),
        403 => return Err(ControlCenterError::NoRole),
        429 | 503 => return Err(ControlCenterError::Busy { status }),
        300..=399 => return Err(unexpected("a redirect, which is not followed")),
        404 => return Err(unexpected("there is no Control Center at this address")),
        _ => return Err(unexpected("not a status of Control Center")),
    }
    if reply.web_page() {
        return Err(unexpected("a web page"));
    }
    let root = Element::parse(&reply.body).map_err(|why| unexpected(&why))?;
    let body = root.loose("Body").ok_or_else(|| unexpected("not a SOAP envelope"))?;
    if let Some(fault) = body.loose("Fault") {
        let text = fault.loose_text("faultstring").unwrap_or("a fault without words");
        return Err(ControlCenterError::Fault { text: harmless(text) });
    }
    if status != 200 {
        return Err(unexpected("an error without a SOAP fault"));
    }
    let returned = body
        .loose("soapGetServiceStatusResponse")
        .and_then(|response| response.loose("soapGetServiceStatusReturn"))
        .ok_or_else(|| unexpected(&format!("no answer to {OPERATION}")))?;
    let list = returned.loose("ServiceInfoList").ok_or_else(|| unexpected("no ServiceInfoList"))?;
    let items = list.loose_all("item").filter_map(|item| {
        Some(ServiceStatus {
            name: harmless(item.loose_text("ServiceName")?),
            state: ServiceState::read(&harmless(item.loose_text("ServiceStatus").unwrap_or(""))),
            reason: harmless(item.loose_text("ReasonCodeString").unwrap_or("")),
        })
    });
    Ok(items.collect())
}

/// Reads an answer for a test that feeds it anything.
pub(in crate::clients) fn decode(body: &[u8]) {
    let status = if body.len().is_multiple_of(4) { 500 } else { 200 };
    if let Err(error) = read(&decoders::reply(status, body)) {
        drop(error.trouble("place"));
    }
}

fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{ServiceState, ServiceStatus, read};
    use crate::clients::control_center::ControlCenterError;
    use crate::clients::http::HttpReply;

    fn answered(status: u16, body: &str) -> Result<Vec<ServiceStatus>, ControlCenterError> {
        read(&HttpReply { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() })
    }

    fn list(items: &str) -> String {
        format!(
            "<e:Envelope xmlns:e='e'><e:Body><soapGetServiceStatusResponse><soapGetServiceStatusReturn><ReturnCode>0</ReturnCode>\
             <ServiceInfoList>{items}</ServiceInfoList></soapGetServiceStatusReturn></soapGetServiceStatusResponse></e:Body></e:Envelope>"
        )
    }

    #[test]
    fn states_and_reasons() {
        let items = "<item><ServiceName>Cisco CTIManager</ServiceName><ServiceStatus>Started</ServiceStatus>\
             <ReasonCode>-1</ReasonCode><ReasonCodeString> </ReasonCodeString></item>\
             <item><ServiceName>Cisco Tftp</ServiceName><ServiceStatus>Stopped</ServiceStatus>\
             <ReasonCodeString>Service Not Activated </ReasonCodeString></item>\
             <item><ServiceName>X</ServiceName><ServiceStatus>Unknown</ServiceStatus></item>";
        let found = answered(200, &list(items)).unwrap();
        assert_eq!(found[0].state, ServiceState::Started);
        assert!(!found[0].not_activated() && found[1].not_activated());
        assert_eq!(found[1].state, ServiceState::Stopped);
        assert_eq!(found[2].state, ServiceState::Unknown("Unknown".to_owned()));
        assert_eq!(answered(200, &list("")).unwrap(), []);
    }

    #[test]
    fn nothing_else_is_an_answer() {
        for (status, body) in [
            (200, "<html/>"),
            (200, "<Envelope><Body/></Envelope>"),
            (200, ""),
            (302, ""),
            (404, ""),
            (500, "<Envelope><Body/></Envelope>"),
        ] {
            let error = answered(status, body).unwrap_err();
            assert!(matches!(error, ControlCenterError::Unexpected { .. }), "{status} {body}");
        }
        assert!(matches!(answered(401, ""), Err(ControlCenterError::Denied)));
        assert!(matches!(answered(403, ""), Err(ControlCenterError::NoRole)));
        assert!(matches!(answered(503, ""), Err(ControlCenterError::Busy { .. })));
        let fault =
            "<Envelope><Body><Fault><faultstring>no\u{7f}</faultstring></Fault></Body></Envelope>";
        assert!(
            matches!(answered(500, fault), Err(ControlCenterError::Fault { text }) if text == "no")
        );
    }
}
