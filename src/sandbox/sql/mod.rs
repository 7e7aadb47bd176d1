//! SQL as AXL offers it: the Informix dialect is checked and translated, then run on the same tables.

mod case;
pub mod refuse;
pub mod translate;
pub mod words;

use quick_xml::escape::escape;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use super::axl::Fault;
use super::settings::{ParameterColumns, Settings};
use super::soap::NIL;
use super::state::rules;

/// What a query found, as it goes into an answer: tens of thousands of cells are written once and not kept apart.
#[derive(Debug, Default)]
pub struct Rows {
    /// How many.
    pub count: usize,
    /// A `row` for each.
    pub xml: String,
}

/// Runs `executeSQLQuery`'s statement: one `row` per row, children named by column, lower case.
///
/// # Errors
/// The database's fault, or -201 for what Informix would not take.
pub fn query(db: &Connection, settings: &Settings, statement: &str) -> Result<Rows, Fault> {
    let null = if settings.sql_null_is_nil { NIL } else { "" };
    let translated = translate::query(statement)?;
    let mut prepared = prepared(db, settings, &translated)?;
    let names: Vec<String> = prepared.column_names().into_iter().map(column_name).collect();
    let mut rows = prepared.query([]).map_err(|error| rules::fault(&error))?;
    let mut found = Rows::default();
    while let Some(row) = rows.next().map_err(|error| rules::fault(&error))? {
        found.count += 1;
        let xml = &mut found.xml;
        xml.push_str("<row>");
        for (index, name) in names.iter().enumerate() {
            let value = row.get_ref(index).map_err(|error| rules::fault(&error))?;
            match value {
                ValueRef::Null => empty(xml, name, null),
                ValueRef::Integer(number) => leaf(xml, name, &number.to_string()),
                ValueRef::Real(number) => leaf(xml, name, &number.to_string()),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => leaf(xml, name, text),
                    Err(_) => leaf(xml, name, &String::from_utf8_lossy(bytes)),
                },
            }
        }
        xml.push_str("</row>");
    }
    Ok(found)
}

fn leaf(xml: &mut String, name: &str, text: &str) {
    if text.is_empty() {
        return empty(xml, name, "");
    }
    xml.extend(["<", name, ">", &escape(text), "</", name, ">"]);
}

fn empty(xml: &mut String, name: &str, attributes: &str) {
    xml.extend(["<", name, attributes, "/>"]);
}

/// Runs `executeSQLUpdate`'s statement and gives the number of rows.
///
/// # Errors
/// The database's fault, or -201 for what Informix would not take.
pub fn update(db: &Connection, settings: &Settings, statement: &str) -> Result<usize, Fault> {
    let translated = translate::update(statement)?;
    let mut prepared = prepared(db, settings, &translated)?;
    prepared.execute([]).map_err(|error| rules::fault(&error))
}

/// Prepares a caller's statement. The columns of `telecasterserviceparameter` may be called otherwise than here: then
/// a statement that names one of them finds none.
fn prepared<'a>(
    db: &'a Connection,
    settings: &Settings,
    translated: &str,
) -> Result<Statement<'a>, Fault> {
    let fault = |error| rules::fault(&error);
    if settings.parameter_columns == ParameterColumns::AsTheFields {
        return db.prepare(translated).map_err(fault);
    }
    db.authorizer(Some(own_names));
    let prepared = db.prepare(translated);
    db.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
    prepared.map_err(|_denied| {
        Fault::server(-217, "Column not found in any table in the query (or SLV is undefined).")
    })
}

fn own_names(asked: AuthContext<'_>) -> Authorization {
    let (AuthAction::Read { table_name, column_name }
    | AuthAction::Update { table_name, column_name }) = asked.action
    else {
        return Authorization::Allow;
    };
    let known = ["", "pkid", "name"].contains(&column_name);
    // What a trigger or a cascade of the database reads is not the caller's doing.
    if table_name == "telecasterserviceparameter" && !known && asked.accessor.is_none() {
        return Authorization::Deny;
    }
    Authorization::Allow
}

/// Informix names an aggregate by its function and any other expression `expression`.
fn column_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
    };
    if plain(&lower) {
        return lower;
    }
    match lower.split_once('(').map(|(function, _)| function.trim()) {
        Some(function @ ("count" | "min" | "max" | "sum" | "avg")) => function.to_owned(),
        _ => "expression".to_owned(),
    }
}
