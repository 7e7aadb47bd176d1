//! One SOAP exchange: the envelope around a request, and what an answer means.

use secrecy::{ExposeSecret, SecretString};

use super::fault::{Fault, censor};
use super::{AxlError, FaultKind, version};
use crate::clients::http::HttpReply;
use crate::clients::xml::{Body, Element, Rows};

/// The longest text of a fault that is kept, in characters.
const LONGEST: usize = 4000;

/// The operation that reads by SQL.
pub(super) const QUERY: &str = "executeSQLQuery";

/// What an answer is read into.
pub(super) trait Answered: Sized {
    /// Reads an answer to this operation; anything else is an error.
    fn read(request: &Request, reply: HttpReply) -> Result<Self, AxlError>;
}

/// The `return` element.
impl Answered for Element {
    fn read(request: &Request, reply: HttpReply) -> Result<Self, AxlError> {
        answer(request, &reply, |body| Ok((Self::parse(body)?, ()))).map(|(returned, ())| returned)
    }
}

/// The rows in the `return` element.
impl Answered for Rows {
    fn read(request: &Request, reply: HttpReply) -> Result<Self, AxlError> {
        rows(request, &reply)
    }
}

/// The rows of an answer.
pub(super) fn rows(request: &Request, reply: &HttpReply) -> Result<Rows, AxlError> {
    let response = response(request.operation);
    answer(request, reply, |body| Element::with_rows(body, &response)).map(|(_, rows)| rows)
}

/// A call of one operation.
pub(super) struct Request {
    pub(super) operation: &'static str,
    /// The operation element's children.
    pub(super) children: SecretString,
    pub(super) write: bool,
    /// A read whose answer may be large: only one at a time.
    pub(super) large: bool,
    /// What must not come back in an error's text.
    pub(super) secrets: Vec<SecretString>,
    /// An element of the answer whose text is wanted as it came.
    pub(super) keep: Option<&'static str>,
}

impl Request {
    /// A small read.
    pub(super) fn read(operation: &'static str, body: Body) -> Result<Self, AxlError> {
        let children = body.finish().map_err(|element| AxlError::Refused {
            why: format!("{operation}: the value of {element} holds a control character"),
        })?;
        Ok(Self {
            operation,
            children: children.into(),
            write: false,
            large: false,
            secrets: Vec::new(),
            keep: None,
        })
    }

    /// A large read.
    pub(super) fn large(operation: &'static str, body: Body) -> Result<Self, AxlError> {
        Ok(Self { large: true, ..Self::read(operation, body)? })
    }

    /// The same, keeping the text of an element of the answer.
    pub(super) fn keeping(self, element: &'static str) -> Self {
        Self { keep: Some(element), ..self }
    }

    /// A write.
    pub(super) fn write(
        operation: &'static str,
        body: Body,
        secrets: Vec<SecretString>,
    ) -> Result<Self, AxlError> {
        Ok(Self { write: true, secrets, ..Self::read(operation, body)? })
    }
}

/// SOAP 1.1; the operation in AXL's namespace, its children in none.
pub(super) fn envelope(version: &str, request: &Request) -> String {
    let Request { operation, children, .. } = request;
    let children = children.expose_secret();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:ns=\"http://www.cisco.com/AXL/API/{version}\"><soapenv:Header/><soapenv:Body>\
         <ns:{operation}>{children}</ns:{operation}></soapenv:Body></soapenv:Envelope>"
    )
}

/// The `return` element, and what was read beside the tree.
fn answer<T>(
    request: &Request,
    reply: &HttpReply,
    parse: impl FnOnce(&[u8]) -> Result<(Element, T), String>,
) -> Result<(Element, T), AxlError> {
    let operation = request.operation;
    let status = reply.status;
    let unexpected = |why: String| AxlError::Unexpected { operation, status, why };
    match status {
        200 | 500 => {}
        300..=399 => return Err(unexpected("a redirect, which is not followed".to_owned())),
        404 => return Err(unexpected("there is no AXL at this address".to_owned())),
        599 => {
            let text = String::from_utf8_lossy(&reply.body);
            return Err(AxlError::VersionUnsupported { supported: version::offered(&text) });
        }
        _ => return Err(unexpected("not a status of AXL".to_owned())),
    }
    let (mut envelope, beside) = parse(&reply.body).map_err(|why| {
        if reply.web_page() { unexpected("a web page".to_owned()) } else { unexpected(why) }
    })?;
    if envelope.name != "Envelope" {
        return Err(if envelope.name.eq_ignore_ascii_case("html") {
            unexpected("a web page".to_owned())
        } else {
            unexpected("not a SOAP envelope".to_owned())
        });
    }
    if let Some(fault) = Fault::read(operation, &envelope) {
        return Err(from_fault(request, status, &fault));
    }
    if status != 200 {
        return Err(unexpected("an error without a SOAP fault".to_owned()));
    }
    if let Some(element) = request.keep {
        envelope
            .keep(element, &reply.body)
            .map_err(|why| unexpected(format!("{element}: {why}")))?;
    }
    let wanted = response(operation);
    take(&mut envelope, "Body")
        .and_then(|mut body| take(&mut body, &wanted))
        .and_then(|mut response| take(&mut response, "return"))
        .map(|returned| (returned, beside))
        .ok_or_else(|| unexpected(format!("no {wanted} with a return element")))
}

/// The element of an answer.
pub(super) fn response(operation: &str) -> String {
    format!("{operation}Response")
}

fn take(parent: &mut Element, name: &str) -> Option<Element> {
    let index = parent.children.iter().position(|child| child.name == name)?;
    Some(parent.children.swap_remove(index))
}

fn from_fault(request: &Request, status: u16, fault: &Fault) -> AxlError {
    // only a proper 500 may ever mean that an object is absent
    let kind = if fault.kind == FaultKind::NotFound && status != 500 {
        FaultKind::Other
    } else {
        fault.kind
    };
    let secrets = request.secrets.iter().map(ExposeSecret::expose_secret);
    // Only now is it made short: a secret that was cut in two would not be found.
    let text = censor(&fault.text, secrets).chars().take(LONGEST).collect();
    AxlError::Fault { operation: request.operation, code: fault.code, text, kind }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{Answered as _, Request};
    use crate::clients::axl::{AxlError, FaultKind};
    use crate::clients::http::HttpReply;
    use crate::clients::xml::{Body, Element};

    fn judged(status: u16, body: &str) -> AxlError {
        let request = Request::read("getUser", Body::new()).unwrap();
        let reply = HttpReply { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() };
        Element::read(&request, reply).err().unwrap()
    }

    #[test]
    fn nothing_but_the_right_element_is_an_answer() {
        let other =
            "<Envelope><Body><getPhoneResponse><return/></getPhoneResponse></Body></Envelope>";
        for (status, body) in [
            (200, other),
            (200, "<html><body>login</body></html>"),
            (200, "<!DOCTYPE html><html><br></html>"),
            (200, "<Envelope><Body/></Envelope>"),
            (200, "<Envelope><Body><getUserResponse><return>"),
            (200, ""),
            (302, ""),
            (500, "<html/>"),
            (502, "bad gateway"),
            (404, ""),
        ] {
            let error = judged(status, body);
            assert!(
                matches!(error, AxlError::Unexpected { status: s, .. } if s == status),
                "{error}"
            );
        }
    }

    #[test]
    fn only_a_500_may_mean_absent() {
        let body = "<Envelope><Body><Fault><detail><axlError><axlcode>5007</axlcode>\
                    <axlmessage>user was not found</axlmessage></axlError></detail></Fault></Body></Envelope>";
        assert_eq!(judged(500, body).fault_kind(), Some(FaultKind::NotFound));
        assert_eq!(judged(200, body).fault_kind(), Some(FaultKind::Other));
    }

    #[test]
    fn the_bracket_of_599_is_told() {
        let AxlError::VersionUnsupported { supported } =
            judged(599, "Supported axl versions: [12.5,14]")
        else {
            panic!("not a version error");
        };
        assert_eq!(supported, ["12.5", "14.0"]);
    }
}
