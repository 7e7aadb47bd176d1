//! From the store to the database. What was told goes in as it was told: the rules that the database holds writers to
//! were held by the server that it came from. Keys are made up only where none was told.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::store::{Cell, Id, Store, key_column};
use crate::sandbox::state::new_pkid;

/// Tables, each after those that its rows lead to.
const ORDER: [&str; 27] = [
    "routepartition",
    "commondeviceconfig",
    "numplan",
    "commonphoneconfig",
    "commonphoneconfigxml",
    "enterprisephoneconfigxml",
    "enduser",
    "device",
    "devicexml4k",
    "devicexml8k",
    "devicexml16k",
    "telecasterservice",
    "telecasterserviceparameter",
    "telecastersubscribedservice",
    "telecastersubscribedparameter",
    "applicationuser",
    "dirgroup",
    "applicationuserdevicemap",
    "applicationuserdirgroupmap",
    "enduserdirgroupmap",
    "processnode",
    "devicenumplanmap",
    "linegroup",
    "linegroupnumplanmap",
    "certificate",
    "certificateservicecertificatemap",
    "certificateprocessnodemap",
];
const LAST: [&str; 1] = ["processconfig"];
/// Everything outside RFC 3986 "unreserved" is encoded in a URL.
const URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Numbers of words that the type tables do not have; far from those that they do have.
const FIRST_NEW: i64 = 10_000;

/// Fills the tables.
pub(super) struct Fill<'a> {
    pub(super) db: &'a Connection,
    pub(super) store: &'a Store,
    /// Values in place of placeholders.
    pub(super) values: &'a BTreeMap<String, String>,
}

impl Fill<'_> {
    /// Writes all rows.
    ///
    /// # Errors
    /// What the database says, and of which table.
    pub(super) fn run(&self) -> Result<(), String> {
        let mut keys: BTreeMap<Id, Value> = BTreeMap::new();
        for id in self.types() {
            let number = self.word(id)?;
            keys.insert(id, Value::Integer(number));
        }
        for table in ORDER.into_iter().chain(LAST) {
            for id in self.store.of(table) {
                let told = self.store.cell(id, "pkid");
                let own = match told {
                    Some(Cell::Text(text)) if !text.is_empty() => text.clone(),
                    _ => new_pkid(),
                };
                keys.insert(id, Value::Text(own));
            }
        }
        for table in ORDER.into_iter().chain(LAST) {
            for id in self.store.of(table).into_iter().filter(|id| self.belongs(table, *id)) {
                self.insert(table, id, &keys).map_err(|why| format!("{table}: {why}"))?;
            }
        }
        Ok(())
    }

    fn types(&self) -> Vec<Id> {
        let tables = [
            "typeclass",
            "typemodel",
            "typeproduct",
            "typeservice",
            "typephoneservice",
            "typephoneservicecategory",
            "typedeviceprotocol",
            "typeuserassociation",
            "typephoneservicedisplay",
            "typepatternusage",
            "typeipaddressingmode",
            "typeuserlocale",
            "typedistributealgorithm",
            "typecertificateservice",
            "typecertificatedistribution",
        ];
        tables.into_iter().flat_map(|table| self.store.of(table)).collect()
    }

    /// The number of a word in its type table, which gets the words that it lacks.
    fn word(&self, id: Id) -> Result<i64, String> {
        let table = &self.store.get(id).table;
        let told = |error: rusqlite::Error| format!("{table}: {error}");
        let Some(Cell::Text(name)) = self.store.cell(id, "name") else {
            return Err(format!("{table}: a word without its text"));
        };
        let sql = format!("select enum from {table} where name = ?1");
        let found = self.db.query_row(&sql, [name], |row| row.get(0)).optional().map_err(told)?;
        if let Some(number) = found {
            return Ok(number);
        }
        let sql = format!(
            "insert into {table} (enum, name) select max(?1, max(enum) + 1), ?2 from {table}"
        );
        self.db.execute(&sql, (FIRST_NEW, name)).map_err(told)?;
        Ok(self.db.last_insert_rowid())
    }

    /// Whether the row is one of the database's: all that a join told of, but for rows that turned out to be nothing.
    fn belongs(&self, table: &str, id: Id) -> bool {
        let empty = |column: &str| match self.store.cell(id, column) {
            Some(Cell::Text(text)) => text.is_empty(),
            Some(Cell::Row(_)) => false,
            None => true,
        };
        match table {
            "devicexml4k" | "devicexml8k" | "devicexml16k" => !empty("xml"),
            // Told of by a value alone, which has found its subscription since.
            "telecastersubscribedservice" => {
                !empty("pkid")
                    || self.store.of("telecastersubscribedparameter").into_iter().any(|value| {
                        matches!(self.store.cell(value, "fktelecastersubscribedservice"),
                            Some(Cell::Row(own)) if self.store.root(*own) == id)
                    })
            }
            _ => true,
        }
    }

    fn insert(&self, table: &str, id: Id, keys: &BTreeMap<Id, Value>) -> Result<(), String> {
        let mut cells: BTreeMap<String, Value> = BTreeMap::new();
        for (column, cell) in &self.store.get(id).cells {
            let value = match cell {
                Cell::Row(other) => keys.get(&self.store.root(*other)).cloned(),
                // A number that is not there is the database's default.
                Cell::Text(text) if text.is_empty() && is_number(column) => None,
                Cell::Text(text) => Some(Value::Text(self.revealed(column, text))),
            };
            cells.extend(value.map(|value| (column.clone(), value)));
        }
        if let Some(own) = keys.get(&id) {
            cells.insert(key_column(table).to_owned(), own.clone());
        }
        self.complete(table, &mut cells)?;
        let columns: Vec<&str> = cells.keys().map(String::as_str).collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("insert into {table} ({}) values ({marks})", columns.join(", "));
        self.db
            .execute(&sql, params_from_iter(cells.values()))
            .map(drop)
            .map_err(|error| error.to_string())
    }

    /// The text with values in place of placeholders.
    fn revealed(&self, column: &str, text: &str) -> String {
        if !text.contains("captured-") {
            return text.to_owned();
        }
        let mut whole = text.to_owned();
        for (placeholder, value) in self.values {
            if column == "value" && whole == *placeholder {
                return value.clone();
            }
            if column.ends_with("url") {
                let shown = format!("={placeholder}");
                let value = format!("={}", utf8_percent_encode(value, URL));
                whole = whole
                    .split('&')
                    .map(|pair| match pair.strip_suffix(shown.as_str()) {
                        Some(name) => format!("{name}{value}"),
                        None => pair.to_owned(),
                    })
                    .collect::<Vec<_>>()
                    .join("&");
            }
        }
        whole
    }

    /// What a table demands and no answer tells.
    fn complete(&self, table: &str, cells: &mut BTreeMap<String, Value>) -> Result<(), String> {
        let mut usual = |column: &str, value: Value| {
            cells.entry(column.to_owned()).or_insert(value);
        };
        match table {
            "device" => {
                let sql = "insert or ignore into typemodel (enum, name) values (0, '')";
                self.db.execute(sql, []).map_err(|error| error.to_string())?;
                usual("tkclass", Value::Integer(1));
                usual("tkmodel", Value::Integer(0));
                if cells.get("tkclass") == Some(&Value::Integer(254)) {
                    cells.entry("tkdeviceprofile".to_owned()).or_insert(Value::Integer(1));
                }
            }
            "telecasterserviceparameter" => {
                let name = cells.get("name").cloned();
                let shown = cells.get("displayname").cloned();
                let shown = shown.filter(|shown| *shown != Value::Text(String::new()));
                if let Some(name) = shown.or(name) {
                    cells.insert("displayname".to_owned(), name);
                }
            }
            "telecastersubscribedservice" => usual("servicename", Value::Text(String::new())),
            "devicexml4k" | "devicexml8k" | "devicexml16k" | "commonphoneconfigxml" => {
                usual("xml", Value::Text(String::new()));
            }
            "processconfig" => usual("tkparam", Value::Integer(4)),
            "numplan" => usual("dnorpattern", Value::Text(String::new())),
            // A line whose place was not told stands behind those that were.
            "devicenumplanmap" if !cells.contains_key("numplanindex") => {
                let sql = "select ifnull(max(numplanindex), 0) + 1 from devicenumplanmap where fkdevice = ?1";
                let next = self.db.query_row(sql, [cells.get("fkdevice")], |row| row.get(0));
                let next = next.map_err(|error| error.to_string())?;
                cells.insert("numplanindex".to_owned(), Value::Integer(next));
            }
            _ => {}
        }
        Ok(())
    }
}

fn is_number(column: &str) -> bool {
    matches!(column, "priority" | "urlbuttonindex") || column.starts_with("tk")
}
