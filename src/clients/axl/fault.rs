//! SOAP faults: reading them and telling their kind by code and text together.

use super::FaultKind;
use crate::clients::xml::Element;

/// A fault as the server told it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: i64,
    pub(super) text: String,
    pub(super) kind: FaultKind,
}

impl Fault {
    /// The fault in an envelope; `None` when it holds none. `axlcode`, `axlmessage` stand in
    /// `detail/axlError`, plain or prefixed (AXL 14.0 schema, `AXLError`).
    pub(super) fn read(operation: &str, envelope: &Element) -> Option<Self> {
        let fault = envelope.at(&["Body", "Fault"])?;
        let detail = fault.child("detail").and_then(|detail| {
            detail.child("axlError").or_else(|| detail.child("Error")).or(Some(detail))
        });
        let of = |names: [&str; 2]| {
            detail.and_then(|detail| names.into_iter().find_map(|name| detail.text_of(name)))
        };
        let code = of(["axlcode", "code"]).and_then(|code| code.trim().parse().ok()).unwrap_or(-1);
        let text = of(["axlmessage", "message"])
            .or_else(|| fault.text_of("faultstring"))
            .unwrap_or("no reason given")
            .trim()
            .to_owned();
        Some(Self { code, kind: classify(operation, code, &text), text })
    }
}

/// The kind of a fault. Sources: axl.md section 5 and 11.6; a code that does not fit its text or its operation is
/// `Other`: 5003 says on an update that the object is not there, on anything else that the account may not.
pub(super) fn classify(operation: &str, code: i64, text: &str) -> FaultKind {
    let lower = text.to_ascii_lowercase();
    if lower.contains("cannot make changes to or delete a device while a user is logged in") {
        return FaultKind::UserLoggedIn;
    }
    let missing = lower.contains("not found");
    let update = operation.starts_with("update");
    match code {
        5007 if missing && !update => FaultKind::NotFound,
        5003 if missing && update => FaultKind::NotFound,
        -239 if lower.contains("duplicate value") => FaultKind::Duplicate,
        -691 => FaultKind::ForeignKey,
        -1 if lower.contains("query request too large") => {
            FaultKind::TooLarge { suggested: suggestion(&lower) }
        }
        -1 if lower.contains("maximum axl memory allocation consumed") => FaultKind::Memory,
        _ => FaultKind::Other,
    }
}

/// `Suggestive Row Fetch: less than 844 rows`, also `Suggested row fetch`.
fn suggestion(lower: &str) -> Option<u64> {
    let (_, rest) = lower.split_once("row fetch")?;
    let digits: String =
        rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Takes out of a server's text what it may echo of our request: every secret we sent, and every quoted literal.
pub(super) fn censor<'a>(text: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut clean = text.to_owned();
    for secret in secrets {
        clean = without(&clean, secret);
        clean = without(&clean, &secret.replace('\'', "''"));
        if let Some((_, query)) = secret.split_once(['?', '&']) {
            for (_, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                clean = without(&clean, value);
                let plain = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
                clean = without(&clean, &plain);
            }
        }
    }
    literals(&clean)
}

/// One or two characters are left to [`literals`]: taking them out anywhere would leave no readable word.
fn without(text: &str, secret: &str) -> String {
    if secret.len() < 3 { text.to_owned() } else { text.replace(secret, "(secret)") }
}

/// Replaces what stands between single quotes in what looks like an SQL statement.
pub(super) fn literals(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let sql = ["insert into", "update ", "delete from", "select "];
    if !sql.iter().any(|word| lower.contains(word)) {
        return text.to_owned();
    }
    let mut clean = String::new();
    let mut inside = false;
    for character in text.chars() {
        if character == '\'' {
            clean.push_str(if inside { "'" } else { "'…" });
            inside = !inside;
        } else if !inside {
            clean.push(character);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::{Fault, censor, classify};
    use crate::clients::axl::FaultKind;
    use crate::clients::xml::Element;

    #[test]
    fn kinds_need_code_and_text() {
        let cases = [
            (5007, "Item not valid: The specified ippa was not found", FaultKind::NotFound),
            (5003, "User rank of axladmin is lower: AppUser not found", FaultKind::Other),
            (5003, "refused by user rank", FaultKind::Other),
            (5007, "Item not valid", FaultKind::Other),
            (-1, "A required item was not found", FaultKind::Other),
            (
                -239,
                "Could not insert new row - duplicate value in a UNIQUE INDEX column (Unique Index:).",
                FaultKind::Duplicate,
            ),
            (
                -691,
                "Missing key in referenced table for referential constraint",
                FaultKind::ForeignKey,
            ),
            (
                -1,
                "Query request too large. Total rows matched: 2816 rows. Suggestive Row Fetch: less than 844 rows",
                FaultKind::TooLarge { suggested: Some(844) },
            ),
            (
                -1,
                "Query request too large. Total rows matched: 9 rows. Suggested row fetch: less than 3 rows",
                FaultKind::TooLarge { suggested: Some(3) },
            ),
            (
                -1,
                "Maximum AXL Memory Allocation Consumed. Please retry once requests in progress have completed",
                FaultKind::Memory,
            ),
            (
                -1,
                "Cannot make changes to OR delete a device while a user is logged in",
                FaultKind::UserLoggedIn,
            ),
            (-201, "A syntax error has occurred", FaultKind::Other),
        ];
        for (code, text, kind) in cases {
            assert_eq!(classify("getAppUser", code, text), kind, "{text}");
        }
        let updated = |code, text| classify("updateAppUser", code, text);
        assert_eq!(updated(5003, "Application user not found"), FaultKind::NotFound);
        assert_eq!(updated(5007, "The specified ippa was not found"), FaultKind::Other);
    }

    #[test]
    fn faults_are_read_with_any_prefix() {
        for (open, close) in
            [("axlError", "axlError"), ("ns2:axlError xmlns:ns2='x'", "ns2:axlError")]
        {
            let text = format!(
                "<e:Envelope xmlns:e='y'><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>Item</faultstring>\
                 <detail><{open}><axlcode>5007</axlcode><axlmessage>The specified x was not found</axlmessage>\
                 <request>getAppUser</request></{close}></detail></e:Fault></e:Body></e:Envelope>"
            );
            let fault =
                Fault::read("getAppUser", &Element::parse(text.as_bytes()).unwrap()).unwrap();
            assert_eq!((fault.code, fault.kind), (5007, FaultKind::NotFound));
        }
    }

    #[test]
    fn a_fault_without_detail_is_not_a_missing_object() {
        let text = "<Envelope><Body><Fault><faultstring>user was not found</faultstring></Fault></Body></Envelope>";
        let fault = Fault::read("getAppUser", &Element::parse(text.as_bytes()).unwrap()).unwrap();
        assert_eq!((fault.code, fault.kind), (-1, FaultKind::Other));
        assert_eq!(fault.text, "user was not found");
    }

    #[test]
    fn echoed_values_are_taken_out() {
        let secret = "https://f/x?id=1001&password=it%27s";
        let echoed = "Error in update t set u = 'https://f/x?id=1001&password=it%27s', p = 'it''s' near it's";
        let clean = censor(echoed, [secret, "it's"].into_iter());
        assert!(!clean.contains("1001") && !clean.contains("it'"), "{clean}");
        assert!(clean.starts_with("Error in update t set u = "), "{clean}");
        assert_eq!(censor("Item 'x' was not found", std::iter::empty()), "Item 'x' was not found");
    }
}
