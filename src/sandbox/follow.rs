//! What changes in the database when a setting does: a site whose words or numbers are others looks otherwise.

use rusqlite::{Connection, params};
use serde_json::Value;

use super::axl::Fault;
use super::menus;
use super::operator::{self, Element, Scope};
use super::patch::changed;
use super::settings::{
    HttpsOnlyReference, SelfCareValue, Settings, SubscriptionNeeds, UrlSeparator,
};
use super::site::Site;
use super::state::seed::{REFERENCE_PHONE, SECOND_REFERENCE_PHONE};

/// Changes the settings named and leaves the others; the database follows.
///
/// # Errors
/// A sentence when a setting is unknown or its value is not one, or when the database cannot follow.
pub fn change(site: &Site, changes: Value) -> Result<(), String> {
    let (before, after) = {
        let mut front = site.front();
        let before = front.settings.clone();
        front.settings = changed(&before, changes)?;
        (before, front.settings.clone())
    };
    let db = site.database();
    let transaction = db.unchecked_transaction().map_err(|error| error.to_string())?;
    settings(&transaction, &before, &after).map_err(|fault| fault.text)?;
    transaction.commit().map_err(|error| error.to_string())
}

/// Lets the database follow a change of settings.
///
/// # Errors
/// The database's fault.
fn settings(db: &Connection, before: &Settings, after: &Settings) -> Result<(), Fault> {
    if before.self_care_parameter != after.self_care_parameter {
        db.execute(
            "update processconfig set paramname = ?2 where paramname = ?1",
            [&before.self_care_parameter, &after.self_care_parameter],
        )?;
    }
    if before.second_self_care_parameter != after.second_self_care_parameter {
        second_parameter(db, after.second_self_care_parameter)?;
    }
    if before.self_care_value != after.self_care_value {
        somebody_chose_a_server(db, after)?;
    }
    let numbers = |own: &Settings| (own.https_only_value.clone(), own.https_only_reference);
    if numbers(before) != numbers(after) {
        https_only(db, after)?;
    }
    if before.url_separator != after.url_separator {
        separator(db, after.url_separator)?;
    }
    if before.profile_association != after.profile_association {
        profile_association(db, before.profile_association, after.profile_association)?;
    }
    if before.subscription_needs != after.subscription_needs {
        db.execute("delete from sandbox_menu", [])?;
        if after.subscription_needs != SubscriptionNeeds::Nothing {
            menus::read_all(db)?;
        }
    }
    Ok(())
}

const ENTERPRISE: &str = "00000000-1111-0000-0000-000000000000";

fn second_parameter(db: &Connection, there: bool) -> Result<(), Fault> {
    let name = "SelfCareLegacyServer";
    db.execute("delete from processconfig where paramname = ?1", [name])?;
    if there {
        db.execute(
            "insert into processconfig (paramname, paramvalue, fkprocessnode, tkservice) values (?1, '', ?2, 11)",
            [name, ENTERPRISE],
        )?;
    }
    Ok(())
}

/// A form can be told only from a value that somebody has chosen: here, the subscriber.
fn somebody_chose_a_server(db: &Connection, after: &Settings) -> Result<(), Fault> {
    if after.self_care_value == SelfCareValue::Address {
        db.execute(
            "update processnode set name = '192.0.2.' || (case description when 'Publisher' then 11 else 12 end)
               where name <> 'EnterpriseWideData'",
            [],
        )?;
    }
    let value = match after.self_care_value {
        SelfCareValue::Name => String::new(),
        SelfCareValue::Address => "192.0.2.12".to_owned(),
        SelfCareValue::Key => operator::self_care_value(db, after, "cucm-sub1.example.com")?,
    };
    operator::enterprise_parameter(db, &after.self_care_parameter, &value)
}

fn https_only(db: &Connection, after: &Settings) -> Result<(), Fault> {
    let own = Some(after.https_only_value.clone());
    let (first, second) = match after.https_only_reference {
        HttpsOnlyReference::ByHand => (own, None),
        HttpsOnlyReference::Nobody => (None, None),
        HttpsOnlyReference::Differs => (own, Some("7".to_owned())),
    };
    for (phone, value) in [(REFERENCE_PHONE, first), (SECOND_REFERENCE_PHONE, second)] {
        let element = Element {
            scope: Scope::Phone,
            name: phone.to_owned(),
            element: "webProtocol".to_owned(),
            value,
            apply: true,
        };
        operator::vendor_config(db, &element)?;
    }
    Ok(())
}

/// Subscriptions whose URL is their template and values are joined the other way.
fn separator(db: &Connection, after: UrlSeparator) -> Result<(), Fault> {
    let (old, new) = match after {
        UrlSeparator::Usual => ("&", "?"),
        UrlSeparator::Ampersand => ("?", "&"),
    };
    for (url, template) in
        [("serviceurl", "urltemplate"), ("secureserviceurl", "secureurltemplate")]
    {
        db.execute(
            &format!(
                "update telecastersubscribedservice set {url} = (select t.{template} || ?2 || substr({url}, length(t.{template}) + 2)
                   from telecasterservice t where t.pkid = fktelecasterservice)
                   where exists (select 1 from telecasterservice t where t.pkid = fktelecasterservice and instr(t.{template}, '?') = 0
                     and length(t.{template}) > 0 and substr({url}, 1, length(t.{template}) + 1) = t.{template} || ?1)"
            ),
            [old, new],
        )?;
    }
    Ok(())
}

/// The number of a controlled profile, and its name in the type table, change places with another's.
fn profile_association(db: &Connection, before: i64, after: i64) -> Result<(), Fault> {
    let name = |number: i64| -> rusqlite::Result<(String, String)> {
        let sql = "select name, moniker from typeuserassociation where enum = ?1";
        db.query_row(sql, [number], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    let (own, other) = (name(before)?, name(after)?);
    // A name stands once in the table.
    let nobody = ("-".to_owned(), String::new());
    for (number, (name, moniker)) in [(before, nobody), (after, own), (before, other)] {
        let sql = "update typeuserassociation set name = ?2, moniker = ?3 where enum = ?1";
        db.execute(sql, params![number, name, moniker])?;
    }
    let sql =
        "update applicationuserdevicemap set tkuserassociation = ?2 where tkuserassociation = ?1";
    db.execute(sql, [before, after])?;
    Ok(())
}
