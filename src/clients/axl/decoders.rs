//! Every decoder of AXL's answers, one after the other, for tests that feed them anything, and pages for
//! benches.

use super::answers::{self, Answer};
use super::bulk::Decode;
use super::certificates::stored;
use super::exchange::{Answered as _, QUERY, Request};
use super::lines::{line, member};
use super::pages;
use super::redact;
use super::row::{self, Row, Texts};
use super::under_way::last_key;
use super::{AxlError, Subscription, SubscriptionValue};
use crate::clients::decoders::reply;
use crate::clients::xml::{Body, Element, Rows};

/// Operations whose answers have a decoder.
const OPERATIONS: [&str; 14] = [
    QUERY,
    "executeSQLUpdate",
    "getAppUser",
    "getCCMVersion",
    "getDeviceProfile",
    "getEnterprisePhoneConfig",
    "getIpPhoneServices",
    "getPhone",
    "listProcessNode",
    "listServiceParameter",
    "listUserGroup",
    "updatePhone",
    "getCommonPhoneConfig",
    "getUser",
];

/// A page of subscriptions, as a bulk read decodes it.
pub(in crate::clients) fn subscriptions(body: &[u8]) -> Result<Vec<Subscription>, AxlError> {
    page(body, answers::subscription)
}

/// A page of value rows, as a bulk read decodes it.
pub(in crate::clients) fn values(body: &[u8]) -> Result<Vec<SubscriptionValue>, AxlError> {
    page(body, answers::value)
}

fn page<T>(body: &[u8], decode: Decode<T>) -> Result<Vec<T>, AxlError> {
    let request = Request::read(QUERY, Body::new())?;
    let found = Rows::read(&request, reply(200, body))?;
    pages::taken(&found, decode).map(|taken| taken.rows)
}

/// Reads an answer as that of the operation it names, and as the trace log would show it.
pub(in crate::clients) fn decode(body: &[u8]) {
    if body.len().is_multiple_of(4) {
        drop(redact::shown(body));
    }
    let text = String::from_utf8_lossy(body);
    let named = |operation: &&str| text.contains(&format!("{operation}Response"));
    let operation = OPERATIONS.into_iter().find(named).unwrap_or("getPhone");
    let Ok(request) = Request::read(operation, Body::new()) else { return };
    let request = request.keeping("vendorConfig");
    let status = if text.contains("Fault>") { 500 } else { 200 };
    if text.contains("versions") {
        drop(Rows::read(&request, reply(599, body)).map_err(|error| error.trouble("place")));
    }
    if operation == QUERY {
        drop(last_key(body, 1));
        match Rows::read(&request, reply(status, body)) {
            Ok(found) => row::all(&found, &Texts::default()).for_each(every_column),
            Err(error) => drop(error.trouble("place")),
        }
    }
    match Element::read(&request, reply(status, body)) {
        Ok(found) => every(Answer::new(operation, &found)),
        Err(error) => drop(error.trouble("place")),
    }
}

fn every(answer: Answer<'_>) {
    drop(answers::release(answer));
    drop(answers::group_names(answer));
    drop(answers::rows_updated(answer));
    drop(answers::written(answer));
    drop(answer.object("appUser").and_then(answers::application_user));
    drop(answer.object("ipPhoneServices").and_then(answers::phone_service));
    for device in ["phone", "deviceProfile"] {
        drop(answer.object(device).and_then(answers::device_services));
        drop(answer.object(device).map(|device| device.kept("vendorConfig")));
    }
}

fn every_column(row: Row<'_>) {
    drop((row.integer_column("priority"), row.flag_column("allowcticontrolflag")));
    drop(answers::device(row));
    drop(answers::page_key(row));
    drop(answers::subscription(row));
    drop(answers::value(row));
    drop(answers::holder(row));
    drop(line(row));
    drop(member(row));
    drop(stored(row));
}
