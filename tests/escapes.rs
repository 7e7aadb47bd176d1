//! Nothing that a server or a file says can command a terminal: escape sequences, control characters of C0 and C1, and what
//! turns or hides text, in every place that foreign text comes from, in text, JSON and logs of the real binary.

use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::lab::{Lab, Ran};
use crate::restarts::{REST, lab_with};
use crate::wire::{answer, envelope};

/// What XML can carry: CSI and OSC in C1, backspace's picture aside, DEL, carriage return, bidi, marks, tags.
const IN_XML: &str = "Zq\u{9b}2J\u{9d}52;c;eA==\u{9c}\u{7f}\u{85}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{feff}\u{e0041}q";
/// What JSON, YAML and a shell can carry as well.
const ANY: &str = "Zq\u{1b}[2J\u{1b}]8;;http://x.example\u{7}\u{1b}]52;c;eA==\u{7}\u{8}\u{8}\r\0\u{9b}31m\u{202e}q";
/// What has to be seen of them, harmless.
const SEEN: &str = "Zq";
const MORE: [&[&str]; 3] = [&["--full"], &["-vvv"], &["--output", "json", "-vvv"]];

/// Whether a terminal would do anything but show it.
fn commands(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(u32::from(c), 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f)
        || matches!(u32::from(c), 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe007f)
}

#[track_caller]
fn harmless(what: &str, ran: &Ran) {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let bad = text.char_indices().find(|(_, c)| commands(*c));
        assert!(bad.is_none(), "{what}: {stream} has {bad:?}: {text:?}");
    }
}

/// Runs the command in each form. What is foreign is shown in all of them, or in none where `shown` is false.
#[track_caller]
fn each(lab: &Lab, what: &str, words: &[&str], shown: bool) {
    for more in MORE {
        let ran = lab.run(&[words, more].concat());
        harmless(&format!("{what} {words:?} {more:?}"), &ran);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!shown || all.contains(SEEN), "{what} {more:?} does not show it: {all}");
        if more.contains(&"json") {
            ran.json();
        }
    }
}

#[test]
fn what_cucm_says() {
    let lab = crate::trouble::lab();
    lab.sql(&format!("update device set description = '{IN_XML}' where name = 'SEP001122330001'"));
    lab.sql(&format!(
        "update telecastersubscribedservice set servicename = '{IN_XML}', urllabel = '{IN_XML}'"
    ));
    lab.sql(&format!("update telecasterservice set description = '{IN_XML}', vendor = '{IN_XML}'"));
    for command in ["plan", "verify"] {
        each(&lab, "the database", &[command, "two-node-uccx.yaml"], false);
        // A plan need not show what it leaves alone; the trace shows every answer.
        let traced = lab.run(&[command, "two-node-uccx.yaml", "-vvv"]);
        harmless("the trace", &traced);
        assert!(traced.stderr.contains(SEEN), "{}", traced.stderr);
    }
    let fault = json!({"operation": "read", "skip": 2, "times": 99, "kind": "fault", "code": -1, "text": IN_XML});
    lab.control("POST", "/faults", &fault);
    each(&lab, "a fault", &["verify", "two-node-uccx.yaml"], true);
    // XML cannot hold these at all: then it is none, and nothing of it is shown.
    for text in [ANY.to_owned(), envelope(ANY), format!("<html>{ANY}</html>"), format!("<{ANY}/>")]
    {
        lab.control("DELETE", "/faults", &Value::Null);
        let mut fault = answer(500, &text);
        fault["operation"] = json!("read");
        fault["times"] = json!(99);
        lab.control("POST", "/faults", &fault);
        each(&lab, "no XML", &["verify", "two-node-uccx.yaml"], false);
    }
}

#[test]
fn what_finesse_says() {
    let lab = lab_with(&[], REST);
    let error = json!({"apiErrors": {"errorType": ANY, "errorMessage": ANY, "errorData": ANY}});
    let xml =
        format!("<ApiErrors><ApiError><ErrorType>{IN_XML}</ErrorType></ApiError></ApiErrors>");
    let status = format!(
        "<SystemInfo><status>{IN_XML}</status><deploymentType>{IN_XML}</deploymentType></SystemInfo>"
    );
    for (code, text, shown) in [
        (400, error.to_string(), true),
        (400, xml, true),
        (200, status, true),
        (200, ANY.to_owned(), false),
    ] {
        lab.control("DELETE", "/finesse/faults", &Value::Null);
        let mut fault = answer(code, &text);
        fault["method"] = json!("GET");
        fault["path"] = json!("/finesse/api/SystemInfo");
        fault["times"] = json!(99);
        lab.control("POST", "/finesse/faults", &fault);
        each(&lab, "Finesse", &["verify", "site.yaml"], shown);
    }
    // A type of content, which is shown where it is not XML.
    lab.control("DELETE", "/finesse/faults", &Value::Null);
    let typed = json!({"method": "GET", "path": "/finesse/api/SystemInfo", "times": 99, "kind": "answer",
        "answer": {"status": 200, "headers": {"content-type": "zq/x\u{80}\u{9b}"}, "text": "x"}});
    lab.control("POST", "/finesse/faults", &typed);
    each(&lab, "Finesse", &["verify", "site.yaml"], false);
}

#[test]
fn what_a_shell_says() {
    let lab = lab_with(&[], REST);
    let raw = IN_XML.replace('\u{feff}', "");
    let line = format!("Zq {raw} \\e[2J\\e]8;;x\\e\\\\\\e]52;c;eA==\\e\\\\ q");
    let transcript = format!(
        ">>> (begin)\n%raw {line}\\r\\n\n%prompt\n>>> set cli pagination off\n{line}\n%prompt\n>>> utils service list\n%raw {line}\\r\\n\n%prompt\n\
         >>> show status\n{line}\n%prompt\n>>> utils dbreplication runtimestate\n{line}\n%prompt\n>>> show version active\n{line}\n%prompt\n"
    );
    for node in ["fin-a.example.com", "fin-b.example.com"] {
        lab.control("POST", "/ssh", &json!({"node": node, "knobs": {"transcript": transcript}}));
    }
    each(&lab, "a shell", &["doctor", "site.yaml"], true);
    each(&lab, "a shell", &["verify", "site.yaml"], false);
}

#[test]
fn what_a_certificate_says() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["zq.example.com".to_owned()]).unwrap();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, ANY);
    parameters.distinguished_name.push(rcgen::DnType::OrganizationName, IN_XML);
    let certificate = parameters.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            drop(acceptor.accept(tcp).await);
        }
    });
    let lab = lab_with(&[], REST);
    each(&lab, "a certificate", &["trust", "show", &format!("127.0.0.1:{port}")], true);
    // Met in the middle of a run.
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let elsewhere = text.replace("publisher: cucm-pub.example.com", "publisher: zq.example.com");
    lab.write("elsewhere.yaml", &elsewhere);
    let mapped = format!("zq.example.com:8443=127.0.0.1:{port}");
    each(&lab, "a certificate", &["verify", "elsewhere.yaml", "--connect-to", &mapped], true);
}

#[test]
fn what_files_say() {
    let lab = lab_with(&[], "");
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let raw = IN_XML.replace(['\u{feff}', '\u{85}', '\u{2028}'], "");
    let escaped = "\"Zq\\e[2J\\e]52;c;eA==\\a\\b\\r\\0\\x9b\\u202e\\L\"";
    let roster =
        "[{ device: SEP001122330020 }, { device: SEP001122330021 }, { device: SEP001122330022 }]";
    let cases = [
        text.replace("deployment: site", &format!("deployment: {raw}")),
        text.replace("deployment: site", &format!("deployment: {escaped}")),
        text.replace("name: Desk A", &format!("name: {escaped}")),
        text.replace("name: Desk A", &format!("name: {raw}")),
        text.replace("product: uccx", &format!("{escaped}: uccx")),
        text.replace("product: uccx", &format!("{raw}: uccx")),
        text.replace("publisher: cucm-pub", &format!("publisher: {raw}")),
        text.replace(roster, &format!("[{{ device: {escaped} }}]")),
        format!("{text}\n\t{raw} : [\n"),
        format!("{text}\n{ANY}\n"),
    ];
    for (number, case) in cases.iter().enumerate() {
        assert_ne!(case, &text, "case {number}");
        lab.write("bad.yaml", case);
        for words in [&["validate", "bad.yaml"][..], &["plan", "bad.yaml"]] {
            each(&lab, &format!("playbook {number}"), words, false);
        }
        // The line is shown with colours, too; only ours are left then.
        let colored = lab.run(&["validate", "bad.yaml", "--color", "always"]);
        let plain = colored.stderr + &colored.stdout;
        let parts: Vec<&str> = plain.split("\u{1b}[").collect();
        assert!(
            parts
                .iter()
                .skip(1)
                .all(|part| part.starts_with(|c: char| c.is_ascii_digit()) && part.contains('m'))
        );
        let without: String = plain.replace('\u{1b}', "");
        assert!(!without.chars().any(commands), "{without:?}");
    }
    for cell in [IN_XML, ANY] {
        let cell = cell.replace(['\r', '\u{feff}'], "");
        for file in [
            format!("device,id\n{cell},1001\n"),
            format!("device,{cell}\nSEP001122330020,1\n"),
            format!("{}\n", cell.replace(';', "")),
        ] {
            lab.write("bad.csv", &file);
            lab.write("bad.yaml", &text.replace(roster, "bad.csv"));
            each(&lab, "a roster", &["validate", "bad.yaml"], true);
        }
    }
}

#[cfg(unix)]
#[test]
fn what_names_of_files_say() {
    let lab = lab_with(&[], "");
    let text = std::fs::read_to_string(lab.path("site.yaml")).unwrap();
    let name = ANY.replace(['\0', '/'], "") + ".yaml";
    each(&lab, "a name", &["validate", &name], true);
    lab.write(&name, "version: 2\n");
    each(&lab, "a name", &["validate", &name], true);
    lab.write(&name, &text);
    let folder = format!("none{name}/x.json");
    each(&lab, "a report", &["validate", &name, "--report", &format!("json={folder}")], true);
    each(&lab, "a capture", &["capture", &name, "--out", &name], true);
    each(&lab, "a capture", &["sandbox", "--from", &name], true);
    for words in [
        &["validate", "--nothing\u{1b}[2J\u{9b}Zq"][..],
        &["explain", "Zq\u{1b}[2J\u{202e}"],
        &["trust", "show", "Zq\u{1b}[2J:1"],
    ] {
        let ran = lab.run(words);
        harmless("an argument", &ran);
        assert!(ran.stderr.contains(SEEN), "{words:?}: {}", ran.stderr);
    }
}
