//! Answers of a Finesse node: XML, errors, and what the web proxy says in Finesse's place.
//!
//! Source: facts/finesse.md section 3.

use std::time::Duration;

use super::knobs::ErrorOrder;
use crate::sandbox::crafted::Crafted;
use crate::sandbox::soap::Node;

/// What goes back.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status; 0 closes the connection without an answer.
    pub status: u16,
    /// Media type; none for an empty body.
    pub media: &'static str,
    /// Body.
    pub body: String,
    /// Target of a redirect.
    pub location: Option<String>,
    /// The credentials are wanted or wrong: how to give them.
    pub challenge: Option<&'static str>,
    /// Cookies with their attributes.
    pub cookies: Vec<String>,
    /// Wait first.
    pub wait: Duration,
    /// Sent in place of status and body.
    pub crafted: Option<Box<Crafted>>,
}

/// How credentials are given to the API.
pub const BASIC: &str = "Basic realm=\"Cisco Finesse\"";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

impl Reply {
    /// An object.
    pub fn xml(node: &Node) -> Self {
        Self {
            status: 200,
            media: "application/xml;charset=UTF-8",
            body: format!("{DECLARATION}{}", node.xml()),
            ..Self::default()
        }
    }

    /// A phone's page.
    pub fn phone(node: &Node) -> Self {
        Self { media: "text/xml;charset=UTF-8", ..Self::xml(node) }
    }

    /// A write that was accepted.
    pub fn accepted() -> Self {
        Self { status: 202, ..Self::default() }
    }

    /// JSON.
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        let media = "application/json;charset=UTF-8";
        Self { status, media, body: value.to_string(), ..Self::default() }
    }

    /// A redirect.
    pub fn moved(target: String) -> Self {
        Self { status: 302, location: Some(target), ..Self::default() }
    }

    /// A page of HTML as it is.
    pub fn page(status: u16, body: String) -> Self {
        Self { status, media: "text/html;charset=UTF-8", body, ..Self::default() }
    }

    /// A page of the web proxy's.
    pub fn html(status: u16, title: &str) -> Self {
        Self {
            status,
            media: "text/html",
            body: format!(
                "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
            ),
            ..Self::default()
        }
    }

    /// Nothing behind the web proxy answers.
    pub fn bad_gateway() -> Self {
        Self::html(502, "502 Bad Gateway")
    }
}

/// One error of the API.
#[derive(Debug, Clone, Copy)]
pub struct ApiError<'a> {
    /// HTTP status.
    pub status: u16,
    /// `ErrorType`.
    pub kind: &'a str,
    /// `ErrorMessage`.
    pub message: &'a str,
    /// `ErrorData`.
    pub data: &'a str,
}

impl ApiError<'_> {
    /// As an answer.
    pub fn reply(self, order: ErrorOrder) -> Reply {
        let kind = Node::leaf("ErrorType", self.kind);
        let message = Node::leaf("ErrorMessage", self.message);
        let data = Node::leaf("ErrorData", self.data);
        let parts = match order {
            ErrorOrder::TypeMessageData => vec![kind, message, data],
            ErrorOrder::DataMessageType => vec![data, message, kind],
            ErrorOrder::TypeDataMessage => vec![kind, data, message],
            ErrorOrder::WithoutData => vec![kind, message],
        };
        let error = Node::new("ApiError").with_all(parts);
        Reply {
            status: self.status,
            challenge: (self.status == 401).then_some(BASIC),
            ..Reply::xml(&Node::new("ApiErrors").with(error))
        }
    }
}
