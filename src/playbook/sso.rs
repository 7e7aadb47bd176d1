//! `sso`: the hosts that may see a sign-in, and how a token is refreshed.

use super::decode::{self, Keys, Value};
use super::deployment::Endpoint;
use super::endpoint;
use super::location::Location;
use super::reading::Reading;
use super::tree::NodeKind;

/// Port of an identity service.
const IDS: u16 = 8553;
/// Port of an identity provider.
const IDP: u16 = 443;

/// `sso`.
#[derive(Debug, Clone)]
pub struct Sso {
    /// `ids`: the identity service, or its nodes; port 8553 when none is given.
    pub ids: Vec<Endpoint>,
    /// `idp`: hosts of the identity provider, the only ones that may see a password; port 443 when none is given.
    pub idp: Vec<Endpoint>,
    /// `refresh`.
    pub refresh: RefreshForm,
    /// Where `refresh` stands, or the section.
    pub refresh_at: Location,
    /// Where the section stands.
    pub at: Location,
}

/// `sso.refresh`: how a token is refreshed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefreshForm {
    /// The documented form (default).
    #[default]
    Post,
    /// The form of a tech-note: the refresh token stands in the URL, and so in access logs.
    Get,
}

/// Reads `sso`.
pub fn sso(reading: &mut Reading, value: &Value<'_>) -> Option<Sso> {
    let keys = Keys { known: &["ids", "idp", "refresh"], later: &[] };
    let section = decode::section(reading, value, keys)?;
    let mut hosts = |key, port| match section.get(key) {
        Some(value) => hosts(reading, &value, port),
        None => Some(Vec::new()),
    };
    let (ids, idp) = (hosts("ids", IDS), hosts("idp", IDP));
    let declared = section.get("refresh");
    let words = [("post", RefreshForm::Post), ("get", RefreshForm::Get)];
    let refresh = match &declared {
        Some(value) => decode::word(reading, value, &words),
        None => Some(RefreshForm::default()),
    };
    let at = reading.locate(section.at.start);
    let refresh_at = declared.map_or_else(|| at.clone(), |value| reading.locate(value.key.start));
    Some(Sso { ids: ids?, idp: idp?, refresh: refresh?, refresh_at, at })
}

/// One host, or a list of them.
fn hosts(reading: &mut Reading, value: &Value<'_>, port: u16) -> Option<Vec<Endpoint>> {
    if matches!(value.node.kind, NodeKind::Scalar { .. }) {
        return Some(vec![endpoint::endpoint(reading, value, port)?]);
    }
    let items = decode::list(reading, value)?;
    items.iter().map(|item| endpoint::endpoint(reading, item, port)).collect()
}
