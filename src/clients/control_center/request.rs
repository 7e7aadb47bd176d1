//! The one request: the states of some services.

use super::ControlCenterError;
use crate::clients::http::HttpRequest;
use crate::clients::serviceability;
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
    serviceability::envelope(body).map_err(|why| ControlCenterError::Refused { why })
}

pub(super) fn post(endpoint: Endpoint, envelope: &str) -> HttpRequest {
    serviceability::post(endpoint, PATH, "\"soapGetServiceStatus\"", envelope)
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
