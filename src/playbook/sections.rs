//! The sections that say what shall be in CUCM: `application_user`, `phone_services`, `one_button_sign_in`,
//! `self_care`; and `dialect`, `limits`.

use super::decode::{self, Keys, Value};
use super::deployment::{
    ApplicationUser, Dialect, FilledBy, Limits, OneButtonSignIn, Parameter, PasswordChange,
    PhoneServices, ServiceName, SqlWrites, SubscriptionKind,
};
use super::diagnostic::shown;
use super::endpoint;
use super::location::Location;
use super::product::Product;
use super::provisioning::{Rmcm, RmcmDevices, SelfCare};
use super::reading::{Mistake, Reading};
use super::secret::secret;

/// `application_user`; `product` is Finesse's, where that is known.
pub fn application_user(
    reading: &mut Reading,
    value: &Value<'_>,
    product: Option<Product>,
) -> Option<ApplicationUser> {
    let keys =
        Keys { known: &["id", "password", "password_change", "shared", "uccx_rmcm"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let id = section.need(reading, "id").and_then(|value| decode::text(reading, &value));
    let password = section.need(reading, "password").and_then(|value| secret(reading, &value));
    let changes = [("refuse", PasswordChange::Refuse), ("rotate", PasswordChange::Rotate)];
    let password_change = section
        .get("password_change")
        .and_then(|value| decode::word(reading, &value, &changes))
        .unwrap_or(PasswordChange::Refuse);
    let shared = section.get("shared").and_then(|value| decode::flag(reading, &value));
    let uccx_rmcm = section.get("uccx_rmcm").and_then(|value| uccx_rmcm(reading, &value, product));
    Some(ApplicationUser {
        id: id?,
        password: password?,
        password_change,
        shared: shared.unwrap_or(false),
        uccx_rmcm,
        at: reading.locate(section.at.start),
    })
}

fn uccx_rmcm(reading: &mut Reading, value: &Value<'_>, product: Option<Product>) -> Option<Rmcm> {
    if let Some(product) = product.filter(|product| *product != Product::Uccx) {
        let message = format!("`{}` does not exist on {}", value.path, product.word());
        reading.report(
            Mistake::new("bad-value", value.key, message)
                .then("only UCCX has an RMCM user: leave it out, or write `product: uccx`"),
        );
    }
    let section =
        decode::section(reading, value, Keys { known: &["user", "devices"], later: &[] })?;
    let user = section.need(reading, "user").and_then(|value| decode::text(reading, &value));
    let words = [("verify", RmcmDevices::Verify), ("add", RmcmDevices::Add)];
    let devices = section
        .get("devices")
        .and_then(|value| decode::word(reading, &value, &words))
        .unwrap_or(RmcmDevices::Verify);
    Some(Rmcm { user: user?, devices, at: reading.locate(section.at.start) })
}

/// `phone_services`; `nodes` says whether `finesse.secondary` is declared, where that is known.
pub fn phone_services(
    reading: &mut Reading,
    value: &Value<'_>,
    two_nodes: Option<bool>,
) -> Option<PhoneServices> {
    let keys = Keys {
        known: &["subscription", "primary", "secondary", "retire", "sql_writes"],
        later: &[],
    };
    let section = decode::section(reading, value, keys)?;
    let kinds = [
        ("manual", SubscriptionKind::Manual),
        ("enterprise", SubscriptionKind::Enterprise),
        ("self-care", SubscriptionKind::SelfCare),
    ];
    let subscription = section
        .get("subscription")
        .and_then(|value| decode::word(reading, &value, &kinds))
        .unwrap_or(SubscriptionKind::Manual);
    let primary = section.need(reading, "primary").and_then(|value| service(reading, &value));
    let second = section.get("secondary");
    let secondary = second.as_ref().and_then(|value| service(reading, value));
    match (&second, two_nodes) {
        (None, Some(true)) => reading.report(
            Mistake::new("missing-key", section.at, "`phone_services.secondary` is missing").then(
                "there are two Finesse nodes; a service does not fail over, so each has its own",
            ),
        ),
        (Some(value), Some(false)) => reading.report(
            Mistake::new(
                "bad-value",
                value.key,
                "`phone_services.secondary` has no node: `finesse.secondary` is missing",
            )
            .then("declare the second node, or leave this service out"),
        ),
        _ => {}
    }
    let retire = section.get("retire").and_then(|value| decode::texts(reading, &value));
    let writes =
        [("never", SqlWrites::Never), ("ask", SqlWrites::Ask), ("allow", SqlWrites::Allow)];
    let sql_writes = section
        .get("sql_writes")
        .and_then(|value| decode::word(reading, &value, &writes))
        .unwrap_or(SqlWrites::Ask);
    let located = |(name, span): (String, super::reading::Span)| (name, reading.locate(span.start));
    Some(PhoneServices {
        subscription,
        primary: primary?,
        secondary,
        retire: retire.unwrap_or_default().into_iter().map(located).collect(),
        sql_writes,
        at: reading.locate(section.at.start),
    })
}

fn service(reading: &mut Reading, value: &Value<'_>) -> Option<ServiceName> {
    let section = decode::section(reading, value, Keys { known: &["name", "adopt"], later: &[] })?;
    let name = section.need(reading, "name").and_then(|value| decode::text(reading, &value));
    let adopt = section.get("adopt").and_then(|value| decode::text(reading, &value));
    Some(ServiceName { name: name?, adopt, at: reading.locate(section.at.start) })
}

/// `one_button_sign_in`; without the section everything is typed at sign-in.
pub fn one_button_sign_in(
    reading: &mut Reading,
    value: Option<&Value<'_>>,
    otherwise_at: Location,
) -> Option<OneButtonSignIn> {
    let none = FilledBy::SignIn;
    let Some(value) = value else {
        return Some(OneButtonSignIn {
            id: none,
            extension: none,
            password: none,
            at: otherwise_at,
        });
    };
    let keys = Keys { known: &["id", "extension", "password"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let words = [
        ("administrator", FilledBy::Administrator),
        ("agent", FilledBy::Agent),
        ("sign-in", FilledBy::SignIn),
    ];
    let mut filled_by = |parameter: Parameter| match section.get(parameter.name()) {
        Some(value) => decode::word(reading, &value, &words),
        None => Some(none),
    };
    let id = filled_by(Parameter::Id);
    let extension = filled_by(Parameter::Extension);
    let password = filled_by(Parameter::Password);
    let (id, extension, password) = (id?, extension?, password?);
    if password == FilledBy::Administrator && id != FilledBy::Administrator {
        let point = section.get("password").map_or(section.at, |value| value.point());
        reading.report(
            Mistake::new(
                "bad-value",
                point,
                "the administrator can fill in `password` only together with `id`",
            )
            .then(
                "passwords are found by the agent id of the roster: write `id: administrator` too",
            ),
        );
        return None;
    }
    Some(OneButtonSignIn { id, extension, password, at: reading.locate(section.at.start) })
}

/// `self_care`.
pub fn self_care(reading: &mut Reading, value: &Value<'_>) -> Option<SelfCare> {
    let keys = Keys { known: &["default_server"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut default_server = None;
    if let Some(value) = section.get("default_server") {
        endpoint::host(reading, &value)?;
        // As written: CUCM compares what it stores letter by letter.
        default_server = decode::text(reading, &value);
    }
    Some(SelfCare { default_server, at: reading.locate(section.at.start) })
}

/// `dialect`.
pub fn dialect(reading: &mut Reading, value: &Value<'_>) -> Option<Dialect> {
    let keys =
        Keys { known: &["url_separator", "https_only_value", "self_care_parameter"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let words = [("auto", None), ("?", Some('?')), ("&", Some('&'))];
    let url_separator = section
        .get("url_separator")
        .and_then(|value| decode::word(reading, &value, &words))
        .flatten();
    let mut learned = |key, most, what| {
        let value = section.get(key)?;
        let text = decode::text(reading, &value)?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if text.len() > most || !text.bytes().all(plain) {
            let message = format!("`{}` is not {what} for `{}`", shown(&text), value.path);
            reading.report(Mistake::new("bad-value", value.point(), message).then(format!(
                "`auto`, or up to {most} letters, digits, dots, underscores and hyphens"
            )));
            return None;
        }
        (text != "auto").then_some(text)
    };
    let https_only_value = learned("https_only_value", 32, "a value");
    let self_care_parameter = learned("self_care_parameter", 128, "a name");
    Some(Dialect { url_separator, https_only_value, self_care_parameter })
}

/// `limits`.
pub fn limits(reading: &mut Reading, value: &Value<'_>) -> Option<Limits> {
    let known = &["concurrency", "max_altered_percent", "max_removals", "writes_per_minute"];
    let keys = Keys { known, later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut limits = Limits::default();
    if let Some(value) = section.get("concurrency") {
        let number = decode::number(reading, &value, 1..=256)?;
        limits.concurrency = u16::try_from(number).unwrap_or(limits.concurrency);
    }
    if let Some(value) = section.get("max_altered_percent") {
        let number = decode::number(reading, &value, 0..=100)?;
        limits.max_altered_percent = u8::try_from(number).unwrap_or(limits.max_altered_percent);
    }
    if let Some(value) = section.get("max_removals") {
        limits.max_removals = decode::number(reading, &value, 0..=u32::MAX)?;
    }
    if let Some(value) = section.get("writes_per_minute") {
        limits.writes_per_minute = Some(decode::number(reading, &value, 1..=60_000)?);
    }
    Some(limits)
}
