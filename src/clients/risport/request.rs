//! The one request: devices by exact names.

use super::{MOST_DEVICES, RisPortError};
use crate::clients::http::HttpRequest;
use crate::clients::serviceability;
use crate::clients::xml::Body;
use crate::playbook::Endpoint;

const PATH: &str = "/realtimeservice2/services/RISService70";

/// The SOAP envelope around these names.
pub(super) fn envelope(names: &[String]) -> Result<String, RisPortError> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    for name in names {
        if name.is_empty() || name.len() > 128 || !name.chars().all(letter) {
            let shown: String = name.chars().take(40).collect();
            return Err(RisPortError::Refused { why: format!("{shown:?} is not a device name") });
        }
    }
    let mut body = Body::new();
    body.nest("a:selectCmDeviceExt", |call| {
        call.empty("a:StateInfo").nest("a:CmSelectionCriteria", |criteria| {
            criteria
                .text("a:MaxReturnedDevices", &MOST_DEVICES.to_string())
                .text("a:DeviceClass", "Phone")
                // any model
                .text("a:Model", "255")
                .text("a:Status", "Any")
                .empty("a:NodeName")
                .text("a:SelectBy", "Name")
                .nest("a:SelectItems", |items| {
                    for name in names {
                        items.nest("a:item", |item| {
                            item.text("a:Item", name);
                        });
                    }
                })
                .text("a:Protocol", "Any")
                .text("a:DownloadStatus", "Any");
        });
    });
    serviceability::envelope(body).map_err(|why| RisPortError::Refused { why })
}

pub(super) fn post(endpoint: Endpoint, envelope: &str) -> HttpRequest {
    serviceability::post(endpoint, PATH, "\"selectCmDeviceExt\"", envelope)
}

#[cfg(test)]
mod tests {
    use super::envelope;
    use crate::clients::xml::Element;

    #[test]
    fn names_stand_one_by_one() {
        let names = ["SEP001122334455".to_owned(), "SEP66".to_owned()];
        let root = Element::parse(envelope(&names).unwrap().as_bytes()).unwrap();
        let criteria = root.at(&["Body", "selectCmDeviceExt", "CmSelectionCriteria"]).unwrap();
        assert_eq!(criteria.text_of("MaxReturnedDevices"), Some("1000"));
        assert_eq!(criteria.exact("NodeName"), Some(""));
        let items = criteria.child("SelectItems").unwrap();
        let found: Vec<_> = items.all("item").filter_map(|item| item.text_of("Item")).collect();
        assert_eq!(found, names);
    }

    #[test]
    fn wildcards_and_lists_are_no_names() {
        for name in ["", "SEP*", "SEP%", "SEP1,SEP2", "SEP1 ", "é", "a\u{1}"] {
            assert!(envelope(&[name.to_owned()]).is_err(), "{name}");
        }
    }
}
