//! `phone_settings` and `phone_apply`: what is set on phones, which are left alone, and what follows a change.

use super::decode::{self, Keys, Value};
use super::diagnostic::shown;
use super::location::Location;
use super::provisioning::{
    ApplyHow, ApplyWhen, Busy, ExceptedPhones, Exception, Overrides, PhoneApply, PhoneSettings,
    Scope,
};
use super::reading::{Mistake, Reading};
use super::roster;

/// Phones applied a minute when nothing is written.
const PER_MINUTE: u32 = 60;

/// `phone_settings`.
pub fn phone_settings(reading: &mut Reading, value: &Value<'_>) -> Option<PhoneSettings> {
    let keys =
        Keys { known: &["scope", "web_access", "https_server", "overrides", "except"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let scopes = [
        ("phones", Scope::Phones),
        ("common-phone-profile", Scope::CommonPhoneProfile),
        ("enterprise", Scope::Enterprise),
    ];
    let scope = section
        .get("scope")
        .and_then(|value| decode::word(reading, &value, &scopes))
        .unwrap_or(Scope::Phones);
    // IP Phone Agent needs these two values; they are written out so that a playbook says what is set.
    for (key, only) in [("web_access", "enabled"), ("https_server", "https-only")] {
        if let Some(value) = section.get(key) {
            let _: Option<()> = decode::word(reading, &value, &[(only, ())]);
        }
    }
    let choices = [("report", Overrides::Report), ("fix", Overrides::Fix)];
    let overrides = section
        .get("overrides")
        .and_then(|value| decode::word(reading, &value, &choices))
        .unwrap_or(Overrides::Report);
    let except = section.get("except").and_then(|value| exceptions(reading, &value));
    Some(PhoneSettings {
        scope,
        overrides,
        except: except.unwrap_or_default(),
        at: reading.locate(section.at.start),
    })
}

fn exceptions(reading: &mut Reading, value: &Value<'_>) -> Option<Vec<Exception>> {
    let mut found: Vec<Exception> = Vec::new();
    for item in decode::list(reading, value)? {
        let Some(exception) = exception(reading, &item) else { continue };
        if let Some(before) = found.iter().find(|before| before.phones == exception.phones) {
            let before = before.at.clone();
            let message = format!("`{}` excepts the same phones again", item.path);
            reading.report(
                Mistake::new("duplicate-entry", item.point(), message)
                    .also(before, "first excepted"),
            );
            continue;
        }
        found.push(exception);
    }
    Some(found)
}

fn exception(reading: &mut Reading, value: &Value<'_>) -> Option<Exception> {
    let keys = Keys { known: &["model", "device", "reason"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let phones = match (section.get("model"), section.get("device")) {
        (Some(value), None) => model(reading, &value).map(ExceptedPhones::Model),
        (None, Some(value)) => device(reading, &value).map(ExceptedPhones::Device),
        (Some(_), Some(second)) => {
            let message = format!("`{}` has both `model` and `device`", value.path);
            reading.report(
                Mistake::new("bad-value", second.key, message)
                    .then("write two entries, each with its reason"),
            );
            None
        }
        (None, None) => {
            let message = format!("`{}` has neither `model` nor `device`", value.path);
            reading.report(
                Mistake::new("missing-key", section.at, message)
                    .then("name a model (8821) or one phone (SEP001122334455)"),
            );
            None
        }
    };
    let reason = section.need(reading, "reason").and_then(|value| decode::text(reading, &value));
    Some(Exception { phones: phones?, reason: reason?, at: reading.locate(section.at.start) })
}

/// A model as its number says it; CUCM calls the 8821 `Cisco 8821`.
fn model(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    let plain = |text: &str| {
        (2..=30).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if plain(&text) {
        return Some(text);
    }
    let near = text.split_whitespace().next_back().filter(|last| plain(last)).map(str::to_owned);
    let message = format!("`{}` is not a model", shown(&text));
    reading.report(
        Mistake::new("bad-value", value.point(), message)
            .near(near)
            .then("written as its number, like 8821"),
    );
    None
}

fn device(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    match roster::device_form(&text) {
        Ok(()) => Some(text),
        Err((why, near)) => {
            let message = format!("`{}` is not a device: {why}", shown(&text));
            reading.report(Mistake::new("bad-value", value.point(), message).near(near));
            None
        }
    }
}

/// `phone_apply`.
pub fn phone_apply(reading: &mut Reading, value: &Value<'_>) -> Option<PhoneApply> {
    let keys = Keys { known: &["when", "how", "busy", "per_minute"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut apply = unwritten(reading.locate(section.at.start));
    let whens = [("never", ApplyWhen::Never), ("after-change", ApplyWhen::AfterChange)];
    if let Some(value) = section.get("when") {
        apply.when = decode::word(reading, &value, &whens).unwrap_or(apply.when);
    }
    let hows = [ApplyHow::Apply, ApplyHow::Restart, ApplyHow::Reset].map(|how| (how.word(), how));
    if let Some(value) = section.get("how") {
        apply.how = decode::word(reading, &value, &hows).unwrap_or(apply.how);
    }
    let busies = [("defer", Busy::Defer), ("proceed", Busy::Proceed)];
    if let Some(value) = section.get("busy") {
        apply.busy = decode::word(reading, &value, &busies).unwrap_or(apply.busy);
    }
    if let Some(value) = section.get("per_minute") {
        apply.per_minute = decode::number(reading, &value, 1..=6000).unwrap_or(apply.per_minute);
    }
    Some(apply)
}

/// `phone_apply` where `phone_settings` is written and this is not.
pub fn unwritten(at: Location) -> PhoneApply {
    PhoneApply {
        when: ApplyWhen::AfterChange,
        how: ApplyHow::Apply,
        busy: Busy::Defer,
        per_minute: PER_MINUTE,
        at,
    }
}
