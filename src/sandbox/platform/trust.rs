//! Trust stores of the nodes, and CUCM's certificate tables, which are the same thing seen by SQL.
//!
//! Source: facts/vos.md sections 6.1 to 6.5. What a node's console, commands and certificate REST show is its file
//! system (`sandbox_certificate_file`); SQL shows the database of all CUCM nodes. An upload goes into the node's files and
//! into the database; whether other nodes get the file is a setting. Finesse has stores of its own and no SQL.

use rusqlite::{Connection, OptionalExtension, params};
use time::OffsetDateTime;

use super::certificates::{Certificate, PHONE_TRUST, TOMCAT_TRUST};
use crate::sandbox::settings::CertificateSpread;
use crate::sandbox::site::Site;

/// The cluster that a node belongs to: its nodes share a database.
#[derive(Debug, Clone)]
pub struct Nodes {
    /// Names of the nodes.
    pub hosts: Vec<String>,
    /// CUCM: the database can be asked by SQL.
    pub cucm: bool,
    /// Which files come to the other nodes by themselves.
    pub spread: CertificateSpread,
}

impl Nodes {
    /// The cluster of this node.
    pub fn of(site: &Site, host: &str) -> Self {
        let spread = site.front().settings.certificate_spread;
        let cucm: Vec<String> = site.options.cucm_hosts().map(str::to_owned).collect();
        if cucm.iter().any(|own| own == host) {
            return Self { hosts: cucm, cucm: true, spread };
        }
        let finesse = &site.options.finesse;
        let hosts = std::iter::once(&finesse.primary).chain(&finesse.secondary);
        Self { hosts: hosts.map(|node| node.host.clone()).collect(), cucm: false, spread }
    }
}

/// Stores whose files Certificate Change Notification writes on the other nodes; Phone-trust is not among them.
const SPREAD: [&str; 3] = [TOMCAT_TRUST, "CallManager-trust", "directory-trust"];

/// What the file system of a node holds in a store.
///
/// # Errors
/// The database's own.
pub fn held(db: &Connection, host: &str, store: &str) -> rusqlite::Result<Vec<Certificate>> {
    let mut all = db.prepare_cached(
        "select ifnull(c.certificate, f.pem) from sandbox_certificate_file f left join certificate c on c.pkid = f.fkcertificate
           where f.host = ?1 and f.store = ?2 order by f.rowid",
    )?;
    let found = all.query_map([host, store], |row| row.get::<_, String>(0))?;
    let texts = found.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(texts.iter().filter_map(|pem| Certificate::read(pem).ok()).collect())
}

/// What a store holds, with the keys of the certificates: CUCM's database, or a Finesse node's files.
fn known(
    db: &Connection,
    nodes: &Nodes,
    (host, store): (&str, &str),
) -> rusqlite::Result<Vec<(Option<String>, Certificate)>> {
    if !nodes.cucm {
        return Ok(held(db, host, store)?.into_iter().map(|own| (None, own)).collect());
    }
    let mut all = db.prepare_cached(
        "select c.pkid, c.certificate from certificate c join certificateservicecertificatemap m on m.fkcertificate = c.pkid
           join typecertificateservice t on t.enum = m.tkcertificateservice where t.name = ?1",
    )?;
    let found = all.query_map([store], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let found = found.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    let read = |(key, pem): (String, String)| Some((Some(key), Certificate::read(&pem).ok()?));
    Ok(found.into_iter().filter_map(read).collect())
}

/// What CUCM's database holds in a store.
///
/// # Errors
/// The database's own.
pub fn database(db: &Connection, store: &str) -> rusqlite::Result<Vec<Certificate>> {
    let cucm = Nodes { hosts: Vec::new(), cucm: true, spread: CertificateSpread::Nowhere };
    Ok(known(db, &cucm, ("", store))?.into_iter().map(|(_, own)| own).collect())
}

/// Uploads a certificate on a node. One of the same common name in the store gives way only to one that begins later;
/// otherwise nothing changes, and nobody is told.
///
/// # Errors
/// That it has expired, or the database's own words.
pub fn import(
    db: &Connection,
    nodes: &Nodes,
    (host, store): (&str, &str),
    new: &Certificate,
) -> Result<(), String> {
    if new.not_after < OffsetDateTime::now_utc().unix_timestamp() {
        return Err("the certificate has expired".to_owned());
    }
    put(db, nodes, (host, store), new).map_err(|error| error.to_string())
}

fn put(
    db: &Connection,
    nodes: &Nodes,
    (host, store): (&str, &str),
    new: &Certificate,
) -> rusqlite::Result<()> {
    for (key, own) in known(db, nodes, (host, store))? {
        if own.common_name != new.common_name || own.pem == new.pem {
            continue;
        }
        if new.not_before <= own.not_before {
            return Ok(());
        }
        take_out(db, nodes, (host, store), (key, &own))?;
    }
    let key = nodes.cucm.then(|| row(db, store, new)).transpose()?;
    let wide = match nodes.spread {
        CertificateSpread::Nowhere => false,
        CertificateSpread::AsDocumented => SPREAD.contains(&store),
        CertificateSpread::Everywhere => true,
    };
    for node in nodes.hosts.iter().filter(|node| wide || *node == host) {
        if let Some(key) = &key {
            at(db, key, node)?;
        }
        file(db, (node, store), key.as_deref(), new)?;
    }
    Ok(())
}

/// A file in a node's store, unless it is there.
fn file(
    db: &Connection,
    (host, store): (&str, &str),
    key: Option<&str>,
    new: &Certificate,
) -> rusqlite::Result<()> {
    if held(db, host, store)?.iter().any(|own| own.pem == new.pem) {
        return Ok(());
    }
    let pem = key.is_none().then_some(&new.pem);
    let sql = "insert into sandbox_certificate_file (host, store, fkcertificate, pem) values (?1, ?2, ?3, ?4)";
    db.execute(sql, params![host, store, key, pem]).map(drop)
}

/// The database's row of a certificate, counted to a store.
fn row(db: &Connection, store: &str, new: &Certificate) -> rusqlite::Result<String> {
    let sql = "select pkid from certificate where certificate = ?1";
    let found: Option<String> = db.query_row(sql, [&new.pem], |row| row.get(0)).optional()?;
    let key = if let Some(key) = found {
        key
    } else {
        let key = crate::sandbox::state::new_pkid();
        db.execute(
            "insert into certificate (pkid, subjectname, issuername, serialnumber, certificate, servername) values (?1, ?2, ?3, ?4, ?5, ?6)",
            params![key, new.subject, new.issuer, new.serial, new.pem, new.common_name],
        )?;
        key
    };
    db.execute(
        "insert or ignore into certificateservicecertificatemap (fkcertificate, tkcertificateservice)
           select ?1, enum from typecertificateservice where name = ?2",
        [&key, store],
    )?;
    Ok(key)
}

/// Notes the node on which a certificate lies.
fn at(db: &Connection, key: &str, host: &str) -> rusqlite::Result<()> {
    db.execute(
        "insert or ignore into certificateprocessnodemap (fkcertificate, fkprocessnode, servername)
           select ?1, pkid, ?2 from processnode where name = ?2",
        [key, host],
    )
    .map(drop)
}

fn take_out(
    db: &Connection,
    nodes: &Nodes,
    (host, store): (&str, &str),
    (key, old): (Option<String>, &Certificate),
) -> rusqlite::Result<()> {
    let Some(key) = key else {
        let sql =
            "delete from sandbox_certificate_file where host = ?1 and store = ?2 and pem = ?3";
        return db.execute(sql, [host, store, &old.pem]).map(drop);
    };
    for node in &nodes.hosts {
        let sql = "delete from sandbox_certificate_file where host = ?1 and store = ?2 and fkcertificate = ?3";
        db.execute(sql, [node, store, &key])?;
    }
    db.execute(
        "delete from certificateservicecertificatemap where fkcertificate = ?1
           and tkcertificateservice in (select enum from typecertificateservice where name = ?2)",
        [&key, store],
    )?;
    let sql = "delete from certificate where pkid = ?1 and not exists (select 1 from certificateservicecertificatemap where fkcertificate = ?1)";
    db.execute(sql, [&key]).map(drop)
}

/// Takes a certificate out by the name of its file on this node; whether it was there. CUCM takes it out everywhere.
///
/// # Errors
/// The database's own.
pub fn delete(
    db: &Connection,
    nodes: &Nodes,
    (host, store): (&str, &str),
    named: &str,
) -> rusqlite::Result<bool> {
    let here = held(db, host, store)?;
    let Some(own) = here.iter().find(|own| own.file() == named) else { return Ok(false) };
    let sql = "select f.fkcertificate from sandbox_certificate_file f join certificate c on c.pkid = f.fkcertificate
                 where f.host = ?1 and f.store = ?2 and c.certificate = ?3";
    let key = db.query_row(sql, [host, store, &own.pem], |row| row.get(0)).optional()?;
    take_out(db, nodes, (host, store), (key, own))?;
    Ok(true)
}

/// Empties a node's store.
///
/// # Errors
/// The database's own.
pub fn clear(db: &Connection, nodes: &Nodes, (host, store): (&str, &str)) -> rusqlite::Result<()> {
    for (key, own) in known(db, nodes, (host, store))? {
        take_out(db, nodes, (host, store), (key, &own))?;
    }
    Ok(())
}

/// Notes the certificate that a CUCM node shows as its own, in place of an older one. `also`: one more unit that it
/// stands for. The platform puts it into tomcat-trust of all nodes by itself.
///
/// # Errors
/// The database's own.
pub fn own(
    db: &Connection,
    nodes: &Nodes,
    (host, own): (&str, &Certificate),
    also: Option<&str>,
) -> rusqlite::Result<()> {
    let identity = "select m.fkcertificate from certificateservicecertificatemap m join typecertificateservice t on t.enum = m.tkcertificateservice
                      join certificate c on c.pkid = m.fkcertificate where t.name in ('tomcat', 'tomcat-ECDSA') and c.servername = ?1";
    db.execute(
        &format!("delete from certificate where pkid in ({identity}) and certificate <> ?2"),
        [host, &own.pem],
    )?;
    let mut key = String::new();
    for unit in std::iter::once("tomcat").chain(also).chain([TOMCAT_TRUST]) {
        key = row(db, unit, own)?;
    }
    db.execute("update certificate set servername = ?2 where pkid = ?1", [&key, host])?;
    at(db, &key, host)?;
    for node in &nodes.hosts {
        file(db, (node, TOMCAT_TRUST), Some(&key), own)?;
    }
    Ok(())
}

/// Exchanges certificates as the guide wants it: Finesse's in Phone-trust of every CUCM node, CUCM's and the other Finesse
/// node's in every Finesse node's tomcat-trust. Nothing that has expired gets in.
///
/// # Errors
/// The database's own.
pub fn exchange(
    db: &Connection,
    (cucm, finesse): (&Nodes, &Nodes),
    own: &[(String, Certificate)],
) -> rusqlite::Result<()> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    for (from, certificate) in own.iter().filter(|(_, one)| one.not_after >= now) {
        for host in &finesse.hosts {
            put(db, finesse, (host, TOMCAT_TRUST), certificate)?;
        }
        for host in cucm.hosts.iter().filter(|_| finesse.hosts.contains(from)) {
            put(db, cucm, (host, PHONE_TRUST), certificate)?;
        }
    }
    Ok(())
}
