//! `/ccmcip/authenticate.jsp`: whether a user may push to a device (facts/finesse.md section 12.2).

use rusqlite::OptionalExtension;

use super::from::told::verdict;
use super::ledger::Ledger;
use super::sha256_hex;
use super::site::Site;

/// Where it is.
pub const PATH: &str = "/ccmcip/authenticate.jsp";

/// What planned faults call it.
pub const OPERATION: &str = "authenticate.jsp";

/// Answers the form `UserID`, `Password`, `devicename`.
pub fn answer(site: &Site, form: &str) -> (u16, &'static str) {
    let field = |name: &str| {
        form.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| decoded(value))
        })
    };
    let user = field("UserID").unwrap_or_default();
    let password = field("Password").unwrap_or_default();
    let device = field("devicename").unwrap_or_default();
    let all_devices = site.front().settings.control_all_authorises;
    let (told, result) = {
        let db = site.database();
        (verdict(&db, &user, &device), check(&db, &user, &password, &device, all_devices))
    };
    let mut front = site.front();
    front.ledger.authenticate_requests += 1;
    if let Ok(Some(told)) = told {
        return told;
    }
    let word = match result {
        Ok(Verdict::Authorized) => "AUTHORIZED",
        Ok(Verdict::NotAssociated) => "UN-AUTHORIZED",
        Ok(Verdict::Wrong) => {
            Ledger::count(&mut front.ledger.authenticate_failures, &user);
            "UN-AUTHORIZED"
        }
        Err(_) => "ERROR",
    };
    (200, word)
}

enum Verdict {
    Authorized,
    NotAssociated,
    Wrong,
}

fn check(
    db: &rusqlite::Connection,
    user: &str,
    password: &str,
    device: &str,
    all_devices: bool,
) -> rusqlite::Result<Verdict> {
    let found: Option<String> = db
        .prepare_cached("select u.pkid from applicationuser u, sandbox_password p where p.fkapplicationuser = u.pkid and u.name = ?1 and p.sha256 = ?2")?
        .query_row([user, &sha256_hex(password.as_bytes())], |row| row.get(0))
        .optional()?;
    let Some(pkid) = found else { return Ok(Verdict::Wrong) };
    let associated: bool = db
        .prepare_cached(
            "select exists (select 1 from applicationuserdevicemap m, device d where m.fkdevice = d.pkid and m.fkapplicationuser = ?1
               and m.tkuserassociation = 1 and d.name = ?2)",
        )?
        .query_row([&pkid, device], |row| row.get(0))?;
    let controls_all: bool = db
        .prepare_cached(
            "select exists (select 1 from applicationuserdirgroupmap m, dirgroup g where m.fkdirgroup = g.pkid and m.fkapplicationuser = ?1
               and g.name = 'Standard CTI Allow Control of All Devices')",
        )?
        .query_row([&pkid], |row| row.get(0))?;
    let known: bool = db
        .prepare_cached("select exists (select 1 from device where name = ?1)")?
        .query_row([device], |row| row.get(0))?;
    Ok(if associated || (all_devices && controls_all && known) {
        Verdict::Authorized
    } else {
        Verdict::NotAssociated
    })
}

/// A form value without `+` and percent signs.
pub(super) fn decoded(value: &str) -> String {
    let spaced = value.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
