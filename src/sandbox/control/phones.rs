//! Control of phones: calls, registration, `RisPort`'s rate.

use axum::Json;
use axum::extract::State;
use rusqlite::{OptionalExtension, params};
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, Reply, Shared, done};
use crate::sandbox::phones;

/// A change of one phone; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Name.
    phone: String,
    /// A call is in progress.
    busy: Option<bool>,
    /// Registered. A phone that comes back reads its configuration.
    registered: Option<bool>,
    /// What `RisPort` says of it, whatever follows from the rest; an empty word: nothing any more.
    status: Option<String>,
    /// `Httpd`.
    httpd: Option<String>,
    /// `IsCtiControllable`.
    cti_controllable: Option<bool>,
    /// `ActiveLoadID`.
    load: Option<String>,
    /// The node that it is registered at.
    node: Option<String>,
    /// The phone's own Authentication URL.
    authentication_url: Option<String>,
    /// The phone's own Secure Authentication URL.
    secure_authentication_url: Option<String>,
}

pub(super) async fn change(State(site): Shared, Json(change): Json<Change>) -> Reply {
    {
        let db = site.database();
        let sql = "select pkid from device where name = ?1 and tkclass = 1";
        let found: Option<String> =
            db.query_row(sql, [&change.phone], |row| row.get(0)).optional()?;
        let phone = found.ok_or_else(|| Refusal(format!("phone {} not found", change.phone)))?;
        let before = phones::presence(&db, &phone)?;
        if change.registered == Some(true) && !before.registered {
            phones::read_configuration(&db, &phone)?;
        }
        let flag = |wanted: Option<bool>| wanted.map(|on| if on { "t" } else { "f" });
        db.execute(
            "update sandbox_phone set busy = ifnull(?2, busy), registered = ifnull(?3, registered) where fkdevice = ?1",
            params![phone, flag(change.busy), flag(change.registered)],
        )?;
        let cti = flag(change.cti_controllable).map(str::to_owned);
        for (column, value) in [
            ("status", &change.status),
            ("httpd", &change.httpd),
            ("cti", &cti),
            ("load", &change.load),
            ("node", &change.node),
        ] {
            let Some(value) = value else { continue };
            let sql =
                format!("update sandbox_phone set {column} = nullif(?2, '') where fkdevice = ?1");
            db.execute(&sql, params![phone, value])?;
        }
        if change.authentication_url.is_some() || change.secure_authentication_url.is_some() {
            db.execute("insert or ignore into sandbox_phone_url (fkdevice) values (?1)", [&phone])?;
            db.execute(
                "update sandbox_phone_url set authentication = ifnull(?2, authentication), secure = ifnull(?3, secure) where fkdevice = ?1",
                params![phone, change.authentication_url, change.secure_authentication_url],
            )?;
        }
    }
    let fields =
        json!({ "phone": change.phone, "busy": change.busy, "registered": change.registered });
    site.tell("phone-changed", fields);
    Ok(done())
}

pub(super) async fn forget_rate(State(site): Shared) -> Reply {
    site.front().ris.clear();
    Ok(done())
}
