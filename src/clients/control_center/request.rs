//! The one request: the states of some services.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};

use super::ControlCenterError;
use crate::clients::http::HttpRequest;
use crate::clients::xml::Body;
use crate::playbook::Endpoint;

const PATH: &str = "/controlcenterservice2/services/ControlCenterServices";

/// The SOAP envelope around these names. `ServiceStatus` is repeated, one name in each.
pub(super) fn envelope(names: &[&str]) -> Result<String, ControlCenterError> {
    let mut body = Body::new();
    body.nest("a:soapGetServiceStatus", |call| {
        for name in names {
            call.text("a:ServiceStatus", name);
        }
    });
    let body = body.finish().map_err(|element| ControlCenterError::Refused {
        why: format!("the value of {element} holds a control character"),
    })?;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:a=\"http://schemas.cisco.com/ast/soap\"><soapenv:Header/><soapenv:Body>{body}\
         </soapenv:Body></soapenv:Envelope>"
    ))
}

pub(super) fn post(endpoint: Endpoint, envelope: &str) -> HttpRequest {
    HttpRequest::post(endpoint, PATH, envelope.as_bytes().to_vec())
        .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"))
        .header(ACCEPT, HeaderValue::from_static("text/xml"))
        .header(
            HeaderName::from_static("soapaction"),
            HeaderValue::from_static("\"soapGetServiceStatus\""),
        )
}

#[cfg(test)]
mod tests {
    use super::envelope;
    use crate::clients::xml::Element;

    #[test]
    fn names_stand_one_by_one() {
        let text = envelope(&["Cisco CTIManager", "A & B"]).unwrap();
        let root = Element::parse(text.as_bytes()).unwrap();
        let call = root.at(&["Body", "soapGetServiceStatus"]).unwrap();
        let names: Vec<_> = call.all("ServiceStatus").map(Element::value).collect();
        assert_eq!(names, ["Cisco CTIManager", "A & B"]);
    }

    #[test]
    fn a_control_character_is_refused() {
        assert!(envelope(&["a\u{1}"]).is_err());
    }
}
