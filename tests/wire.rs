//! Odd answers on the wire as the sandbox is asked to give them, and a host that nobody may call.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Lab, Ran};

/// An answer word for word.
pub(crate) fn answer(status: u16, text: &str) -> Value {
    json!({"kind": "answer", "answer": {"status": status, "text": text}})
}

/// A well-formed answer with this inside the operation's response, or whatever else a body holds.
pub(crate) fn envelope(inside: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8'?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>{inside}</soapenv:Body></soapenv:Envelope>"
    )
}

/// A SOAP fault as AXL writes it, `axlError` spelt like this.
pub(crate) fn fault(element: &str, code: i64, text: &str) -> String {
    let close = element.split(' ').next().unwrap_or_default();
    envelope(&format!(
        "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>{text}</faultstring><detail><{element}><axlcode>{code}</axlcode><axlmessage>{text}</axlmessage><request>x</request></{close}></detail></soapenv:Fault>"
    ))
}

/// A page as a proxy or a sign-in portal shows it.
pub(crate) const PAGE: &str =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>unclosed<br></body></html>";

/// A long answer made of one piece again and again.
pub(crate) fn long(text: &str, filler: &str, times: u64, ending: &str) -> Value {
    json!({"kind": "answer", "answer": {
        "text": text, "filler": filler, "filler_times": times, "ending": ending,
    }})
}

/// Entities that would grow to gigabytes.
pub(crate) fn bomb() -> String {
    let level = |level: u32| {
        let below = format!("&e{level};").repeat(10);
        format!("<!ENTITY e{} \"{below}\">", level + 1)
    };
    let entities: Vec<String> =
        std::iter::once("<!ENTITY e0 \"ha\">".to_owned()).chain((0..19).map(level)).collect();
    let entities = entities.concat();
    format!("<!DOCTYPE x [{entities}]>{}", envelope("<x>&e19;</x>"))
}

/// Adds what every planned fault needs.
pub(crate) fn with(mut fault: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        fault[key] = value.clone();
    }
    fault
}

/// A host that an answer leads to and nobody may call.
pub(crate) struct Elsewhere {
    listener: TcpListener,
    pub(crate) address: String,
}

impl Elsewhere {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { listener, address }
    }

    pub(crate) fn was_called(&self) -> bool {
        self.listener.accept().is_ok()
    }
}

/// What a run under a fault has to show.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) fault: Value,
    pub(crate) code: i32,
    /// Words of its message.
    pub(crate) says: &'static [&'static str],
}

/// One case.
pub(crate) fn case(
    name: &'static str,
    fault: Value,
    code: i32,
    says: &'static [&'static str],
) -> Case {
    Case { name, fault, code, says }
}

/// The run ended with the case's code and words, in time, with a complete message, and did not call anything right.
pub(crate) fn judge(case: &Case, words: &[&str], ran: &Ran, began: Instant) {
    let name = case.name;
    let shown = format!("{name} {words:?}\n{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, case.code, "{shown}");
    assert!(began.elapsed() < Duration::from_secs(30), "{shown}");
    let all = format!("{}{}", ran.stdout, ran.stderr);
    for says in case.says {
        assert!(all.contains(says), "no {says:?}: {shown}");
    }
    assert!(!all.contains("in sync") && !all.contains("panicked"), "{shown}");
}

/// The message has all its parts.
pub(crate) fn complete(case: &Case, ran: &Ran) {
    for part in ["error[", "\n  where ", "\n  why ", "\n  next "] {
        assert!(ran.stderr.contains(part), "{}: no {part:?}: {}", case.name, ran.stderr);
    }
}

/// Nothing was written since the last reset, not even tried.
pub(crate) fn nothing_written(lab: &Lab, what: &str) {
    let requests = lab.requests();
    assert_eq!(requests["writes"], json!(0), "{what}: {requests:#}");
    assert_eq!(requests["performed_writes"], json!(0), "{what}");
    assert_eq!(requests["finesse"]["writes"], json!(0), "{what}");
}
