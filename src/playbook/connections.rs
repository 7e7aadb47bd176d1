//! The sections that say where to connect and with what: `cucm`, `finesse`, `credentials`, `tls`, `ssh`.

use std::collections::BTreeMap;

use super::account::{Credential, Credentials};
use super::certificates;
use super::decode::{self, Keys, Value};
use super::deployment::{Cucm, Endpoint, Finesse, FinesseNode, Tls};
use super::diagnostic::{nearest, shown};
use super::endpoint;
use super::product::Product;
use super::provisioning::Ssh;
use super::reading::{Mistake, Reading};
use super::release;
use super::secret::secret;
use super::tree::NodeKind;

/// AXL port of a publisher.
const AXL: u16 = 8443;
/// HTTPS port of a Finesse node.
const API: u16 = 8445;
/// Port of a platform shell.
const SSH: u16 = 22;
/// Web services of a platform.
const PLATFORM: u16 = 443;
const PRODUCTS: [(&str, Product); 3] =
    [("uccx", Product::Uccx), ("ucce", Product::Ucce), ("pcce", Product::Pcce)];
/// AXL versions with a schema of their own; servers answer all up to their own.
const AXL_VERSIONS: [&str; 5] = ["11.5", "12.0", "12.5", "14.0", "15.0"];

/// `cucm`.
pub fn cucm(reading: &mut Reading, value: &Value<'_>) -> Option<Cucm> {
    let keys = Keys {
        known: &["publisher", "axl_version", "platform_ssh", "platform_port", "nodes"],
        later: &[],
    };
    let section = decode::section(reading, value, keys)?;
    let publisher = section
        .need(reading, "publisher")
        .and_then(|value| endpoint::endpoint(reading, &value, AXL));
    let axl_version = section.get("axl_version").and_then(|value| axl_version(reading, &value));
    let platform_ssh =
        section.get("platform_ssh").and_then(|value| endpoint::endpoint(reading, &value, SSH));
    let platform_port = match section.get("platform_port") {
        Some(value) => port(reading, Some(&value)),
        None => Some(PLATFORM),
    };
    let nodes = section.get("nodes");
    let nodes = nodes.map(|value| certificates::nodes(reading, &value, publisher.as_ref()));
    let at = reading.locate(section.at.start);
    Some(Cucm {
        publisher: publisher?,
        axl_version,
        platform_ssh,
        platform_port: platform_port?,
        nodes: nodes.unwrap_or_default(),
        at,
    })
}

fn axl_version(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let version = decode::text(reading, value)?;
    if AXL_VERSIONS.contains(&version.as_str()) {
        return Some(version);
    }
    let with_minor = format!("{version}.0");
    let near = AXL_VERSIONS.into_iter().find(|known| *known == with_minor);
    let message = format!("`{}` is not an AXL version", shown(&version));
    reading.report(
        Mistake::new("unknown-word", value.point(), message)
            .near(near)
            .then(format!("one of: {}", AXL_VERSIONS.join(", "))),
    );
    None
}

fn port(reading: &mut Reading, value: Option<&Value<'_>>) -> Option<u16> {
    let number = decode::number(reading, value?, 1..=65_535)?;
    u16::try_from(number).ok()
}

/// `finesse`.
pub fn finesse(reading: &mut Reading, value: &Value<'_>) -> Option<Finesse> {
    let keys = Keys {
        known: &["product", "release", "language_packs", "primary", "secondary"],
        later: &[],
    };
    let section = decode::section(reading, value, keys)?;
    let product =
        section.need(reading, "product").and_then(|value| decode::word(reading, &value, &PRODUCTS));
    let release =
        section.need(reading, "release").and_then(|value| finesse_release(reading, &value));
    let language_packs = section.get("language_packs").map(|packs| locales(reading, &packs));
    let primary = section.need(reading, "primary").and_then(|value| node(reading, &value));
    let declared = section.get("secondary");
    let secondary = declared.as_ref().and_then(|value| node(reading, value));
    if declared.is_some() && secondary.is_none() {
        return None;
    }
    let (product, release, primary) = (product?, release?, primary?);
    Some(Finesse { product, release, language_packs, primary, secondary })
}

/// The product of a `finesse` section, also of one that has other mistakes.
pub fn product(value: &Value<'_>) -> Option<Product> {
    let NodeKind::Map(entries) = &value.node.kind else { return None };
    let (_, node) = entries.iter().find(|(key, _)| key.text == "product")?;
    let NodeKind::Scalar { text, .. } = &node.kind else { return None };
    PRODUCTS.iter().find(|(word, _)| word == text).map(|(_, product)| *product)
}

fn finesse_release(reading: &mut Reading, value: &Value<'_>) -> Option<String> {
    let text = decode::text(reading, value)?;
    match release::parse(&text) {
        None => {
            let message = format!("`{}` is not a Finesse release", shown(&text));
            reading.report(
                Mistake::new("bad-value", value.point(), message)
                    .then("written like 12.5(1)SU3, 12.6(2) or 15.0(1)"),
            );
            None
        }
        Some(number) if number < release::FIRST => {
            let message = format!(
                "Finesse {} serves the IP Phone Agent over HTTP only; HTTPS came with 12.5(1)",
                shown(&text)
            );
            reading.report(
                Mistake::new("service-http-only-release", value.point(), message)
                    .then("upgrade Finesse, or keep operating this release by hand"),
            );
            None
        }
        Some(_) => Some(text),
    }
}

fn locales(reading: &mut Reading, packs: &Value<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for item in decode::list(reading, packs).unwrap_or_default() {
        let Some(text) = decode::text(reading, &item) else { continue };
        let like_a_locale = text.split_once('_').is_some_and(|(language, country)| {
            (2..=3).contains(&language.len())
                && language.bytes().all(|b| b.is_ascii_lowercase())
                && country.len() == 2
                && country.bytes().all(|b| b.is_ascii_uppercase())
        });
        if like_a_locale {
            all.push(text);
        } else {
            let message = format!("`{}` is not a locale", shown(&text));
            reading.report(
                Mistake::new("bad-value", item.point(), message).then("written like cs_CZ"),
            );
        }
    }
    all
}

fn node(reading: &mut Reading, value: &Value<'_>) -> Option<FinesseNode> {
    let at = reading.locate(value.key.start);
    if matches!(value.node.kind, NodeKind::Scalar { .. }) {
        let api = endpoint::endpoint(reading, value, API)?;
        let ssh = Endpoint { host: api.host.clone(), port: SSH };
        let platform = Endpoint { host: api.host.clone(), port: PLATFORM };
        return Some(FinesseNode { service_host: api.host.clone(), api, ssh, platform, at });
    }
    let keys = Keys {
        known: &["host", "api_port", "platform_port", "ssh_port", "service_host"],
        later: &[],
    };
    let section = decode::section(reading, value, keys)?;
    let host = section.need(reading, "host").and_then(|value| endpoint::host(reading, &value));
    let api_port = section.get("api_port");
    let number = match &api_port {
        Some(value) => port(reading, Some(value)),
        None => Some(API),
    };
    let platform_port = match section.get("platform_port") {
        Some(value) => port(reading, Some(&value)),
        None => Some(PLATFORM),
    };
    let ssh_port = match section.get("ssh_port") {
        Some(value) => port(reading, Some(&value)),
        None => Some(SSH),
    };
    let declared = section.get("service_host");
    let service_host = match &declared {
        Some(value) => endpoint::host(reading, value),
        None => host.clone(),
    };
    let api = Endpoint { host: host?, port: number? };
    let ssh = Endpoint { host: api.host.clone(), port: ssh_port? };
    let platform = Endpoint { host: api.host.clone(), port: platform_port? };
    Some(FinesseNode { api, ssh, platform, service_host: service_host?, at })
}

/// `credentials`.
pub fn credentials(reading: &mut Reading, value: &Value<'_>) -> Option<Credentials> {
    let keys = Keys {
        known: &["axl", "finesse", "finesse_platform", "cucm_platform", "serviceability"],
        later: &[],
    };
    let section = decode::section(reading, value, keys)?;
    let axl = section.need(reading, "axl").and_then(|value| credential(reading, &value));
    let mut other = |key| section.get(key).and_then(|value| credential(reading, &value));
    let (finesse, finesse_platform) = (other("finesse"), other("finesse_platform"));
    let (cucm_platform, serviceability) = (other("cucm_platform"), other("serviceability"));
    Some(Credentials { axl: axl?, finesse, finesse_platform, cucm_platform, serviceability })
}

fn credential(reading: &mut Reading, value: &Value<'_>) -> Option<Credential> {
    let keys = Keys { known: &["user", "password"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let user = section.need(reading, "user").and_then(|value| decode::text(reading, &value));
    let password = section.need(reading, "password").and_then(|value| secret(reading, &value));
    let at = reading.locate(value.key.start);
    Some(Credential { user: user?, password: password?, at })
}

/// `tls`.
pub fn tls(reading: &mut Reading, value: &Value<'_>) -> Option<Tls> {
    let keys = Keys { known: &["ca_files", "pins"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut tls = Tls::default();
    if let Some(files) = section.get("ca_files") {
        for (path, span) in decode::texts(reading, &files).unwrap_or_default() {
            let path = super::joined(reading.file(), &path);
            tls.ca_files.push((path, reading.locate(span.start)));
        }
    }
    if let Some(pins) = section.get("pins") {
        tls.pins = self::pins(reading, &pins);
    }
    Some(tls)
}

/// `ssh`.
pub fn ssh(reading: &mut Reading, value: &Value<'_>) -> Option<Ssh> {
    let section = decode::section(reading, value, Keys { known: &["known_hosts"], later: &[] })?;
    let mut ssh = Ssh::default();
    if let Some(value) = section.get("known_hosts") {
        let path = decode::text(reading, &value)?;
        let path = super::joined(reading.file(), &path);
        ssh.known_hosts = Some((path, reading.locate(value.point().start)));
    }
    Some(ssh)
}

fn pins(reading: &mut Reading, value: &Value<'_>) -> BTreeMap<Endpoint, Vec<[u8; 32]>> {
    let mut pins: BTreeMap<Endpoint, Vec<[u8; 32]>> = BTreeMap::new();
    let Some(section) = decode::mapping(reading, value) else { return pins };
    for (key, value) in section.all() {
        let name = Value { key: key.span, ..value.clone() };
        let endpoint = endpoint::with_port(reading, &name, &key.text);
        let mut prints = Vec::new();
        for (text, span) in decode::texts(reading, &value).unwrap_or_default() {
            match fingerprint(&text) {
                Some(print) => prints.push(print),
                None => reading.report(
                    Mistake::new(
                        "bad-value",
                        span,
                        format!("`{}` is not a fingerprint", shown(&text)),
                    )
                    .near(
                        nearest(text.split(':').next().unwrap_or_default(), &["sha256"])
                            .filter(|_| !text.starts_with("sha256:")),
                    )
                    .then(
                        "written `sha256:` and 64 hexadecimal digits, colons between them allowed",
                    ),
                ),
            }
        }
        if let Some(endpoint) = endpoint {
            pins.entry(endpoint).or_default().extend(prints);
        }
    }
    pins
}

fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits = text.strip_prefix("sha256:").or_else(|| text.strip_prefix("SHA256:"))?;
    let digits: Vec<u8> = digits.bytes().filter(|b| *b != b':').collect();
    let mut print = [0_u8; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in print.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        // from_str_radix takes a sign too.
        if pair.starts_with('+') {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(print)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_with_and_without_colons() {
        let plain = format!("sha256:{}", "0a".repeat(32));
        let colons = format!("sha256:{}0A", "0A:".repeat(31));
        assert_eq!(fingerprint(&plain), Some([10; 32]));
        assert_eq!(fingerprint(&colons), Some([10; 32]));
        assert_eq!(fingerprint("sha256:0a"), None);
        assert_eq!(fingerprint(&format!("sha256:{}", "+a".repeat(32))), None);
        assert_eq!(fingerprint(&"0a".repeat(32)), None);
    }
}
