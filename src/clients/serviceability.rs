//! The SOAP that RisPort and Control Center share: one envelope, one way to post it.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};

use super::http::HttpRequest;
use super::xml::Body;
use crate::playbook::Endpoint;

/// The envelope around a call, or why it cannot be sent.
pub(super) fn envelope(call: Body) -> Result<String, String> {
    let body = call
        .finish()
        .map_err(|element| format!("the value of {element} holds a control character"))?;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:a=\"http://schemas.cisco.com/ast/soap\"><soapenv:Header/><soapenv:Body>{body}\
         </soapenv:Body></soapenv:Envelope>"
    ))
}

/// The request. `action` is the operation in quotes.
pub(super) fn post(
    endpoint: Endpoint,
    path: &'static str,
    action: &'static str,
    envelope: &str,
) -> HttpRequest {
    HttpRequest::post(endpoint, path, envelope.as_bytes().to_vec())
        .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8"))
        .header(ACCEPT, HeaderValue::from_static("text/xml"))
        .header(HeaderName::from_static("soapaction"), HeaderValue::from_static(action))
}
