//! `/platformcom/api/v1/certmgr/config/…`.
//!
//! Source: facts/vos.md section 4. The form of `options` is in no source.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Reply, Request, level};
use crate::sandbox::platform::Station;
use crate::sandbox::platform::certificates::{self, Certificate, PHONE_TRUST, store, stores};
use crate::sandbox::platform::trust::{self, Nodes};
use crate::sandbox::platform::web::knobs::TrustAnswer;
use crate::sandbox::site::Site;

#[derive(Deserialize)]
struct Import {
    /// An array here, a string for identities.
    service: Vec<String>,
    certificates: Vec<String>,
}

/// Answers a request below the prefix.
pub fn answer(site: &Site, station: &Station, request: &Request<'_>, rest: &str) -> Reply {
    let Some(level) = level(site, station, request) else {
        return Reply::challenge("CMPlatform Realm");
    };
    let phone = site.front().shells.knobs(&station.host).web.phone_trust;
    let service = request.query.split('&').find_map(|pair| pair.strip_prefix("service="));
    let answered = match (request.method, rest) {
        ("GET", "snapshot/server") => snapshot(site, station, phone.as_deref()),
        ("GET", "options" | "snapshot/options") => Ok(json!({
            "identity": { "services": ["tomcat"] },
            "trust": { "services": services(station, phone.as_deref()) },
        })),
        ("GET", "identity/certificate" | "identity/certificates") => match service {
            Some("tomcat") => {
                own(site, station).map(|pem| json!({ "service": "tomcat", "certificates": [pem] }))
            }
            _ => Err(error(400, "Invalid service")),
        },
        ("GET", "trust/certificate" | "trust/certificates") => {
            trusted(site, station, service.unwrap_or_default(), phone.as_deref())
        }
        ("DELETE", rest) if rest.starts_with("trust/certificates/") && level == 0 => {
            Err(error(403, "Forbidden"))
        }
        ("DELETE", rest) => {
            let file = rest.strip_prefix("trust/certificates/").unwrap_or_default();
            delete(site, station, (service.unwrap_or_default(), file), phone.as_deref())
        }
        ("POST", "trust/certificates") if level == 0 => Err(error(403, "Forbidden")),
        ("POST", "trust/certificates") => import(site, station, request.body, phone.as_deref()),
        _ => Err(error(404, "Not Found")),
    };
    let status = if request.method == "POST" { 201 } else { 200 };
    match answered {
        Ok(value) => json_reply(status, &value),
        Err(reply) => reply,
    }
}

fn json_reply(status: u16, value: &Value) -> Reply {
    Reply { status, media: "application/json", body: value.to_string(), realm: "" }
}

fn tracking() -> String {
    format!("UC_{}", crate::sandbox::state::new_pkid())
}

fn error(status: u16, message: &str) -> Reply {
    let body = json!({ "key": status, "messages": [message], "trackingId": tracking() });
    json_reply(status, &body)
}

/// What a store holds on this node.
fn held(site: &Site, station: &Station, store: &str) -> Result<Vec<Certificate>, Reply> {
    let held = trust::held(&site.database(), &station.host, store);
    held.map_err(|wrong| error(500, &wrong.to_string()))
}

fn own(site: &Site, station: &Station) -> Result<String, Reply> {
    let own = certificates::tomcat(site, station);
    own.map(|own| own.pem).map_err(|trouble| error(500, &trouble.to_string()))
}

/// The stores with their names here: without `-trust`, and Phone-trust under the name that was set.
fn named<'a>(
    station: &'a Station,
    phone: Option<&'a str>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    stores(station).iter().filter_map(move |store| match *store {
        PHONE_TRUST => phone.map(|name| (*store, name)),
        other => other.strip_suffix("-trust").map(|name| (*store, name)),
    })
}

fn services<'a>(station: &'a Station, phone: Option<&'a str>) -> Vec<&'a str> {
    named(station, phone).map(|(_, name)| name).collect()
}

fn snapshot(site: &Site, station: &Station, phone: Option<&str>) -> Result<Value, Reply> {
    let own = own(site, station)?;
    let mut trusts = Vec::new();
    for (store, name) in named(station, phone) {
        let data: Vec<Value> = held(site, station, store)?
            .iter()
            .map(|one| json!({ "filename": one.file(), "certificate": one.pem }))
            .collect();
        trusts.push(json!({ "service": name, "certificate_data": data }));
    }
    Ok(json!({
        "trackingId": tracking(),
        "server": station.host,
        "identities": [{ "service": "tomcat", "certificate": own, "csr": "" }],
        "trusts": trusts,
        "revokedCertificates": [],
    }))
}

fn trusted(
    site: &Site,
    station: &Station,
    service: &str,
    phone: Option<&str>,
) -> Result<Value, Reply> {
    let store = store(station, service, phone).ok_or_else(|| error(400, "Invalid service"))?;
    let held = held(site, station, store)?;
    let list: Vec<Value> = held.iter().map(|one| json!({ "certificate": one.pem })).collect();
    Ok(match site.front().shells.knobs(&station.host).web.trust_answer {
        TrustAnswer::Array => Value::Array(list),
        TrustAnswer::Object => json!({ "certificates": list }),
    })
}

/// Its form is an invention, as its being there is.
fn delete(
    site: &Site,
    station: &Station,
    (service, file): (&str, &str),
    phone: Option<&str>,
) -> Result<Value, Reply> {
    if !site.front().shells.knobs(&station.host).web.certificate_delete {
        return Err(error(404, "Not Found"));
    }
    let store = store(station, service, phone).ok_or_else(|| error(400, "Invalid service"))?;
    let nodes = Nodes::of(site, &station.host);
    match trust::delete(&site.database(), &nodes, (&station.host, store), file) {
        Ok(true) => {}
        Ok(false) => return Err(error(404, "Not Found")),
        Err(wrong) => return Err(error(500, &wrong.to_string())),
    }
    Ok(json!({ "trackingId": tracking(), "messages": ["OK"] }))
}

fn import(
    site: &Site,
    station: &Station,
    body: &[u8],
    phone: Option<&str>,
) -> Result<Value, Reply> {
    let import: Import =
        serde_json::from_slice(body).map_err(|_| error(400, "Invalid JSON Format"))?;
    let mut targets = Vec::new();
    for name in &import.service {
        targets.push(store(station, name, phone).ok_or_else(|| error(400, "Invalid service"))?);
    }
    let read: Result<Vec<Certificate>, _> =
        import.certificates.iter().map(|pem| Certificate::read(pem)).collect();
    let read = read.map_err(|why| error(400, why))?;
    if targets.is_empty() || read.is_empty() {
        return Err(error(400, "Invalid JSON Format"));
    }
    let nodes = Nodes::of(site, &station.host);
    for store in &targets {
        for certificate in &read {
            let place = (station.host.as_str(), *store);
            let imported = trust::import(&site.database(), &nodes, place, certificate);
            imported.map_err(|why| error(400, &why))?;
        }
        let fields = json!({ "node": station.host, "store": store, "by": "rest" });
        site.tell("certificate-imported", fields);
    }
    Ok(json!({ "trackingId": tracking(), "messages": ["OK"] }))
}
