//! Bodies as they may be traced: values hidden by what they mean, not by where they happen to stand.

use super::fault;
use crate::clients::xml::Element;

/// A body for the trace log.
pub(super) fn shown(body: &[u8]) -> String {
    match Element::parse(body) {
        Ok(root) => {
            let mut text = String::new();
            write(&root, &mut text);
            text
        }
        Err(why) => format!("({} bytes: {why})", body.len()),
    }
}

fn write(element: &Element, text: &mut String) {
    text.push('<');
    text.push_str(&element.name);
    text.push('>');
    // A configuration may hold anything.
    let config = element.name == "vendorConfig" && !element.children.is_empty();
    if config {
        text.push_str("(elements)");
    } else if element.children.is_empty() {
        text.push_str(&value(&element.name, &element.text));
    }
    for child in element.children.iter().filter(|_| !config) {
        write(child, text);
    }
    text.push_str("</");
    text.push_str(&element.name);
    text.push('>');
}

fn value(name: &str, text: &str) -> String {
    let name = name.to_ascii_lowercase();
    let secret =
        ["password", "pin", "value", "default", "digestcredentials", "attendeesaccesscode"];
    if text.is_empty() {
        String::new()
    } else if name == "sql" {
        fault::literals(text)
    } else if secret.contains(&name.as_str())
        || ["password", "pwd", "passphrase"].iter().any(|word| name.contains(word))
    {
        "(secret)".to_owned()
    } else if name.starts_with("xml") {
        // A configuration as text, which may hold anything.
        format!("({} bytes)", text.len())
    } else if matches!(name.as_str(), "axlmessage" | "faultstring" | "request" | "message") {
        "(in the error)".to_owned()
    } else if name.contains("url") {
        query_hidden(text)
    } else {
        text.to_owned()
    }
}

/// A URL with every value of its query hidden, and what may be an account's password. `&` may begin the values too.
fn query_hidden(url: &str) -> String {
    if let Some((account, rest)) = url.split_once('@').filter(|(own, _)| own.contains("://")) {
        let scheme = account.split("://").next().unwrap_or_default();
        return format!("{scheme}://(secret)@{}", query_hidden(rest));
    }
    let Some(start) = url.find(['?', '&']) else { return url.to_owned() };
    let (template, query) = url.split_at(start);
    let mut shown = template.to_owned();
    for part in query.split_inclusive(['?', '&']) {
        match part.split_once('=') {
            Some((name, rest)) => {
                shown.push_str(name);
                shown.push_str("=(secret)");
                if rest.ends_with(['?', '&']) {
                    shown.push('&');
                }
            }
            None if part.len() == 1 => shown.push_str(part),
            None => shown.push_str("(secret)"),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn values_are_hidden_by_meaning() {
        let body = "<e><userid>ippa</userid><password>hunter2</password>\
                    <url>http://f/x/#DEVICENAME#?id=1001&amp;password=hunter2</url>\
                    <secureserviceurl>https://f/x&amp;id=1001</secureserviceurl><value>hunter2</value>\
                    <sql>update t set v = 'hunter2' where n = 'it''s 1001'</sql></e>";
        let text = shown(body.as_bytes());
        assert!(!text.contains("hunter2") && !text.contains("1001"), "{text}");
        assert!(text.contains("<userid>ippa</userid>"), "{text}");
        assert!(text.contains("http://f/x/#DEVICENAME#?id=(secret)&password=(secret)"), "{text}");
        assert!(text.contains("<secureserviceurl>https://f/x&id=(secret)<"), "{text}");
        assert!(text.contains("update t set v = "), "{text}");
    }

    #[test]
    fn what_is_not_xml_is_not_shown() {
        assert!(!shown(b"password=hunter2").contains("hunter2"));
    }
}
