//! The canonical dump: everything in the database as JSON, with names where the database has ids.
//!
//! Two clusters that hold the same give the same dump: lists are sorted, ids are left out, passwords are digests.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use super::menus;

/// The whole, without the parts named: `devices/SEP…`, `phone_services/Cisco Finesse`, `application_users`. What phones
/// run and what the Finesse nodes hold are sections apart from what is configured.
///
/// # Errors
/// The database's own.
pub fn dump(
    db: &Connection,
    (finesse, https_only): (Value, &str),
    without: &[&str],
) -> rusqlite::Result<Value> {
    let mut whole = json!({
        "application_users": application_users(db)?,
        "common_phone_profiles": named(db, "select p.name, p.description, p.tkphoneservicedisplay, (select xml from commonphoneconfigxml x where x.fkcommonphoneconfig = p.pkid) as vendor_config from commonphoneconfig p")?,
        "devices": devices(db)?,
        "common_device_configurations": named(db, "select c.name, (select name from typeipaddressingmode where enum = c.tkipaddressingmode) as ip_addressing_mode, (select name from typeuserlocale where enum = c.tkuserlocale) as user_locale from commondeviceconfig c")?,
        "line_groups": named(db, "select g.name, (select group_concat(n.dnorpattern, ' ') from linegroupnumplanmap m, numplan n where m.fklinegroup = g.pkid and n.pkid = m.fknumplan) as members from linegroup g")?,
        "numbers": named(db, "select n.dnorpattern || '/' || ifnull((select name from routepartition where pkid = n.fkroutepartition), ''), n.description, n.tkpatternusage, n.allowcticontrolflag from numplan n")?,
        "end_users": end_users(db)?,
        "enterprise_phone_configuration": rows(db, "select xml from enterprisephoneconfigxml order by xml")?,
        "finesse": finesse,
        "running_phones": running_phones(db, https_only)?,
        "groups": named(db, "select name, isstandard from dirgroup")?,
        "phone_services": phone_services(db)?,
        "process_nodes": named(db, "select name, description, isactive, nodeusage, processnoderole from processnode")?,
        "service_parameters": named(db, "select n.name || '/' || s.name || '/' || c.paramname, c.paramvalue from processconfig c, processnode n, typeservice s where c.fkprocessnode = n.pkid and c.tkservice = s.enum")?,
    });
    for path in without.iter().filter(|path| !path.is_empty()) {
        let (section, name) = path.split_once('/').unwrap_or((path, ""));
        if name.is_empty() {
            whole.as_object_mut().and_then(|whole| whole.remove(section));
        } else if let Some(section) = whole.get_mut(section).and_then(Value::as_object_mut) {
            section.remove(name);
        }
    }
    Ok(whole)
}

/// What each phone runs, by name.
fn running_phones(db: &Connection, https_only: &str) -> rusqlite::Result<Map<String, Value>> {
    let mut phones = named(
        db,
        "select d.name, p.webaccess as web_access, p.webprotocol as web_protocol, p.busy, p.registered, p.applied
           from sandbox_phone p, device d where p.fkdevice = d.pkid",
    )?;
    let stale = menus::stale(db)?;
    for (name, phone) in &mut phones {
        let Some(phone) = phone.as_object_mut() else { continue };
        phone.insert("stale_menu".to_owned(), json!(stale.contains(name)));
        let enabled = phone["web_access"] == "0";
        let only = phone["web_protocol"] == https_only;
        phone.insert("web".to_owned(), json!(if enabled { "enabled" } else { "disabled" }));
        phone.insert("https".to_owned(), json!(if only { "only" } else { "http-and-https" }));
    }
    Ok(phones)
}

fn cell(row: &Row<'_>, index: usize) -> rusqlite::Result<Value> {
    Ok(match row.get::<_, Cell>(index)? {
        Cell::Null | Cell::Blob(_) => Value::Null,
        Cell::Integer(number) => json!(number),
        Cell::Real(number) => json!(number),
        Cell::Text(text) => json!(text),
    })
}

/// All rows as objects by column name.
fn rows(db: &Connection, sql: &str) -> rusqlite::Result<Vec<Map<String, Value>>> {
    let mut statement = db.prepare(sql)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let found = statement.query_map([], |row| {
        names
            .iter()
            .enumerate()
            .map(|(index, name)| Ok((name.clone(), cell(row, index)?)))
            .collect()
    })?;
    found.collect()
}

/// All rows as one object; the first column is the key.
fn named(db: &Connection, sql: &str) -> rusqlite::Result<Map<String, Value>> {
    let mut statement = db.prepare(sql)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let found = statement.query_map([], |row| {
        let mut fields = Map::new();
        for (index, name) in names.iter().enumerate().skip(1) {
            fields.insert(name.clone(), cell(row, index)?);
        }
        Ok((row.get::<_, String>(0)?, Value::Object(fields)))
    })?;
    found.collect()
}

/// Puts the rows of `sql` (owner, name) as a sorted list `field` into their owners.
fn lists(
    db: &Connection,
    owners: &mut Map<String, Value>,
    field: &str,
    sql: &str,
) -> rusqlite::Result<()> {
    for owner in owners.values_mut().filter_map(Value::as_object_mut) {
        owner.insert(field.to_owned(), json!([]));
    }
    let mut statement = db.prepare(&format!("{sql} order by 1, 2"))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (owner, name) = (row.get::<_, String>(0)?, cell(row, 1)?);
        if let Some(list) = owners
            .get_mut(&owner)
            .and_then(|owner| owner.get_mut(field))
            .and_then(Value::as_array_mut)
        {
            list.push(name);
        }
    }
    Ok(())
}

fn application_users(db: &Connection) -> rusqlite::Result<Map<String, Value>> {
    let mut users = named(
        db,
        "select u.name, u.isstandard, u.userrank, u.presencegroup, u.acceptpresencesubscription, u.acceptoutofdialogrefer, u.acceptunsolicitednotification,
           u.allowreplaceheader, (select sha256 from sandbox_password p where p.fkapplicationuser = u.pkid) as password_sha256 from applicationuser u",
    )?;
    let profile = "(select enum from typeuserassociation where name = 'Cti Control Profile In')";
    for (field, association) in [("devices", "1"), ("profiles", profile)] {
        lists(
            db,
            &mut users,
            field,
            &format!(
                "select u.name, d.name from applicationuserdevicemap m, applicationuser u, device d where m.fkapplicationuser = u.pkid and m.fkdevice = d.pkid and m.tkuserassociation = {association}"
            ),
        )?;
    }
    lists(
        db,
        &mut users,
        "other_associations",
        &format!(
            "select u.name, d.name || ' ' || m.tkuserassociation from applicationuserdevicemap m, applicationuser u, device d
               where m.fkapplicationuser = u.pkid and m.fkdevice = d.pkid and m.tkuserassociation not in (1, {profile})"
        ),
    )?;
    lists(
        db,
        &mut users,
        "groups",
        "select u.name, g.name from applicationuserdirgroupmap m, applicationuser u, dirgroup g where m.fkapplicationuser = u.pkid and m.fkdirgroup = g.pkid",
    )?;
    Ok(users)
}

fn end_users(db: &Connection) -> rusqlite::Result<Map<String, Value>> {
    let mut users = named(
        db,
        "select u.userid, u.firstname, u.middlename, u.lastname, u.mailid, u.department, u.telephonenumber, u.allowcticontrolflag as enablecti, u.status, u.userrank,
           (select name from directorypluginconfig l where l.pkid = u.fkdirectorypluginconfig) as ldap from enduser u",
    )?;
    lists(
        db,
        &mut users,
        "groups",
        "select u.userid, g.name from enduserdirgroupmap m, enduser u, dirgroup g where m.fkenduser = u.pkid and m.fkdirgroup = g.pkid",
    )?;
    lists(
        db,
        &mut users,
        "devices",
        "select u.userid, d.name || ' ' || m.tkuserassociation || ' ' || m.defaultprofile from enduserdevicemap m, enduser u, device d where m.fkenduser = u.pkid and m.fkdevice = d.pkid",
    )?;
    lists(
        db,
        &mut users,
        "extensions",
        "select u.userid, n.dnorpattern || ' ' || m.tkdnusage from endusernumplanmap m, enduser u, numplan n where m.fkenduser = u.pkid and m.fknumplan = n.pkid",
    )?;
    Ok(users)
}

fn phone_services(db: &Connection) -> rusqlite::Result<Map<String, Value>> {
    let mut services = named(
        db,
        "select name, nameascii, description, urltemplate, secureurltemplate, tkphoneservice, tkphoneservicecategory, vendor, version, enabled,
           enterprisesubscription, priority from telecasterservice",
    )?;
    lists(db, &mut services, "parameters",
        "select t.name, json_object('name', p.name, 'displayname', p.displayname, 'default', p.defaultvalue, 'description', p.description,
           'required', p.paramrequired, 'password', p.parampassword) from telecasterserviceparameter p, telecasterservice t where p.fktelecasterservice = t.pkid")?;
    unwrap_json(&mut services, "parameters");
    Ok(services)
}

fn devices(db: &Connection) -> rusqlite::Result<Map<String, Value>> {
    let mut devices = named(
        db,
        "select d.name, d.description, (select name from typemodel where enum = d.tkmodel) as model, d.tkclass, d.tkdeviceprofile,
           (select userid from enduser where pkid = d.fkenduser) as owner, (select name from devicepool where pkid = d.fkdevicepool) as device_pool,
           (select name from commonphoneconfig where pkid = d.fkcommonphoneconfig) as common_phone_profile,
           (select name from phonetemplate where pkid = d.fkphonetemplate) as phone_template,
           (select name from device p where p.pkid = d.fkdevice_defaultprofile) as default_profile, d.tkphoneservicedisplay, d.allowhotelingflag, d.isactive,
           d.allowcticontrolflag, (select name from commondeviceconfig where pkid = d.fkcommondeviceconfig) as common_device_configuration,
           (select name from typeuserlocale where enum = d.tkuserlocale) as user_locale,
           coalesce((select xml from devicexml4k x where x.fkdevice = d.pkid), (select xml from devicexml8k x where x.fkdevice = d.pkid),
             (select xml from devicexml16k x where x.fkdevice = d.pkid), '') as vendor_config,
           (select userid from sandbox_login l where l.fkdevice = d.pkid) as logged_in from device d",
    )?;
    lists(db, &mut devices, "lines",
        "select d.name, m.numplanindex || ' ' || n.dnorpattern || ' ' || m.maxnumcalls || ' ' || m.busytrigger
           from devicenumplanmap m, device d, numplan n where m.fkdevice = d.pkid and m.fknumplan = n.pkid")?;
    lists(db, &mut devices, "subscriptions",
        "select d.name, json_object('service', t.name, 'name', s.servicename, 'nameascii', s.servicenameascii, 'url', s.serviceurl, 'secure_url', s.secureserviceurl,
           'button', s.urlbuttonindex, 'label', s.urllabel, 'labelascii', s.urllabelascii, 'priority', s.priority,
           'values', (select json_group_object(name, value) from (select p.name, v.value from telecastersubscribedparameter v, telecasterserviceparameter p
              where v.fktelecasterserviceparameter = p.pkid and v.fktelecastersubscribedservice = s.pkid order by p.name)))
           from telecastersubscribedservice s, device d, telecasterservice t where s.fkdevice = d.pkid and s.fktelecasterservice = t.pkid")?;
    unwrap_json(&mut devices, "subscriptions");
    Ok(devices)
}

/// SQLite hands JSON over as text: makes values of the texts in a list.
fn unwrap_json(owners: &mut Map<String, Value>, field: &str) {
    for owner in owners.values_mut() {
        let Some(list) = owner.get_mut(field).and_then(Value::as_array_mut) else { continue };
        for entry in list {
            if let Some(parsed) =
                entry.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
            {
                *entry = sorted(parsed);
            }
        }
    }
}

/// Values come nested as text in some library versions; objects are sorted by key either way.
fn sorted(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let mut pairs: Vec<(String, Value)> = fields.into_iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let nested = |name: &str, value: Value| {
        let text = value.as_str().filter(|_| name == "values");
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
    };
    Value::Object(
        pairs
            .into_iter()
            .map(|(name, value)| {
                let value = sorted(nested(&name, value));
                (name, value)
            })
            .collect(),
    )
}
