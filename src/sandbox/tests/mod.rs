//! Tests of the sandbox: a site in memory, asked directly or over the wire.

mod certificates;
mod cluster;
mod cluster_wire;
mod console;
mod desk;
mod faults;
mod finesse;
mod finesse_calls;
mod finesse_shell;
mod finesse_users;
mod lines;
mod lists;
mod objects;
mod pace;
mod phones;
mod platform_web;
mod reboot;
mod ris;
mod shell;
mod shell_commands;
mod shell_questions;
mod sso;
mod sso_provider;
mod sso_tokens;
mod sso_wire;
mod statements;
mod strictness;
mod trust;
mod visitor;
mod wire;

use axum::http::HeaderMap;
use base64::Engine as _;

use super::exchange::{self, Answer};
use super::site::Site;
use super::soap::{Node, open_envelope};
use super::{SandboxOptions, state};

/// A fresh site in memory.
fn site() -> Site {
    let options = SandboxOptions::default();
    let database = state::open(&options).unwrap();
    Site::new(options, database).unwrap()
}

/// A fresh site in memory with this Finesse.
fn site_like(finesse: super::FinesseOptions) -> Site {
    let options = SandboxOptions { finesse, ..SandboxOptions::default() };
    let database = state::open(&options).unwrap();
    Site::new(options, database).unwrap()
}

fn headers(user: &str, version: &str, operation: &str) -> HeaderMap {
    let token = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{user}-password"));
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Basic {token}").parse().unwrap());
    headers.insert("content-type", "text/xml; charset=UTF-8".parse().unwrap());
    headers.insert("soapaction", format!("\"CUCM:DB ver={version} {operation}\"").parse().unwrap());
    headers
}

fn envelope(version: &str, operation: &str, content: &str) -> String {
    format!(
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:ns=\"http://www.cisco.com/AXL/API/{version}\">\
         <soapenv:Body><ns:{operation}>{content}</ns:{operation}></soapenv:Body></soapenv:Envelope>"
    )
}

fn ask_as(site: &Site, user: &str, version: &str, operation: &str, content: &str) -> Answer {
    let body = envelope(version, operation, content);
    exchange::answer(site, &headers(user, version, operation), body.as_bytes())
}

/// The `return` element of an answer that has to be 200.
fn ask(site: &Site, operation: &str, content: &str) -> Node {
    let answer = ask_as(site, "axladmin", "14.0", operation, content);
    assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    open_envelope(&answer.body).unwrap().child("return").unwrap().clone()
}

/// Code and text of an answer that has to be a fault.
fn refused(site: &Site, operation: &str, content: &str) -> (i64, String) {
    let answer = ask_as(site, "axladmin", "14.0", operation, content);
    assert_eq!(answer.status, 500, "{operation} {content}: {}", answer.body);
    let fault = open_envelope(&answer.body).unwrap();
    let error = fault.child("detail").unwrap().child("axlError").unwrap();
    assert_eq!(error.value("request"), Some(operation));
    assert_eq!(error.value("axlmessage"), fault.value("faultstring"));
    (
        error.value("axlcode").unwrap().parse().unwrap(),
        error.value("axlmessage").unwrap().to_owned(),
    )
}

/// All rows of a query over AXL, cells joined by `|`.
fn rows(site: &Site, sql: &str) -> Vec<String> {
    let escaped = sql.replace('<', "&lt;");
    let cells = |row: &Node| {
        row.children.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>().join("|")
    };
    ask(site, "executeSQLQuery", &format!("<sql>{escaped}</sql>"))
        .children
        .iter()
        .map(cells)
        .collect()
}
