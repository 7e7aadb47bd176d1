//! Rows as they are put together from answers, before they become a database. One row is told of by its key here and by
//! its name there; it stays one row.

use std::collections::{BTreeMap, HashMap};

/// A row's place in the store.
pub(super) type Id = usize;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// This text.
    Text(String),
    /// The key of that row.
    Row(Id),
}

/// One row.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// Table.
    pub(super) table: String,
    /// What is known of its columns.
    pub(super) cells: BTreeMap<String, Cell>,
    /// The row that this one has turned out to be.
    same: Option<Id>,
}

/// All rows.
#[derive(Debug, Default)]
pub(super) struct Store {
    records: Vec<Record>,
    keys: HashMap<(String, String), Id>,
}

/// Tables with the columns that tell their rows apart, besides the key.
const TABLES: [(&str, &[&str]); 26] = [
    ("device", &["name"]),
    ("telecasterservice", &["name"]),
    ("telecasterserviceparameter", &["fktelecasterservice", "name"]),
    ("telecastersubscribedservice", &[]),
    (
        "telecastersubscribedparameter",
        &["fktelecastersubscribedservice", "fktelecasterserviceparameter"],
    ),
    ("commonphoneconfig", &["name"]),
    ("commonphoneconfigxml", &["fkcommonphoneconfig"]),
    ("devicexml4k", &["fkdevice"]),
    ("devicexml8k", &["fkdevice"]),
    ("devicexml16k", &["fkdevice"]),
    ("dirgroup", &["name"]),
    ("applicationuser", &["name"]),
    ("applicationuserdevicemap", &["fkapplicationuser", "fkdevice", "tkuserassociation"]),
    ("applicationuserdirgroupmap", &["fkapplicationuser", "fkdirgroup"]),
    ("enduser", &["userid"]),
    ("enduserdirgroupmap", &["fkenduser", "fkdirgroup"]),
    ("processnode", &["name"]),
    ("routepartition", &["name"]),
    ("numplan", &["dnorpattern", "fkroutepartition"]),
    ("devicenumplanmap", &["fkdevice", "numplanindex"]),
    ("linegroup", &["name"]),
    ("linegroupnumplanmap", &["fklinegroup", "fknumplan"]),
    ("commondeviceconfig", &["name"]),
    ("certificate", &["certificate"]),
    ("certificateservicecertificatemap", &["fkcertificate", "tkcertificateservice"]),
    ("certificateprocessnodemap", &["fkcertificate", "fkprocessnode"]),
];

/// Which table a column's key leads to.
fn target(column: &str) -> Option<&'static str> {
    let name = column.strip_prefix("fk")?;
    TABLES.iter().map(|(table, _)| *table).find(|table| *table == name)
}

/// The key column of a table.
pub(super) fn key_column(table: &str) -> &'static str {
    if table.starts_with("type") { "enum" } else { "pkid" }
}

/// A key as the database writes it.
pub(super) fn key(text: &str) -> String {
    text.trim().trim_matches(['{', '}']).to_lowercase()
}

impl Store {
    /// The row itself, where it has turned out to be another.
    pub(super) fn root(&self, id: Id) -> Id {
        let mut at = id;
        while let Some(same) = self.records[at].same {
            at = same;
        }
        at
    }

    /// A row.
    pub(super) fn get(&self, id: Id) -> &Record {
        &self.records[self.root(id)]
    }

    /// A column of a row.
    pub(super) fn cell(&self, id: Id, column: &str) -> Option<&Cell> {
        self.get(id).cells.get(column)
    }

    /// The rows of a table, in the order in which they were first told of.
    pub(super) fn of(&self, table: &str) -> Vec<Id> {
        let own = |id: &Id| self.records[*id].same.is_none() && self.records[*id].table == table;
        (0..self.records.len()).filter(own).collect()
    }

    /// The row that these columns tell of; `None` when they do not tell which it is.
    ///
    /// # Errors
    /// A table that nobody knows.
    pub(super) fn record(
        &mut self,
        table: &str,
        cells: Vec<(String, Cell)>,
    ) -> Result<Option<Id>, String> {
        let cells = self.linked(table, cells)?;
        let mut found: Vec<Id> = Vec::new();
        let names = self.names(table, &cells)?;
        for name in &names {
            let known = self.keys.get(&(table.to_owned(), name.clone())).copied();
            found.extend(known.map(|id| self.root(id)).filter(|id| !found.contains(id)));
        }
        if names.is_empty() {
            return Ok(None);
        }
        let id = found.first().copied().unwrap_or_else(|| self.anonymous(table));
        for other in found.iter().skip(1) {
            self.unite(id, *other);
        }
        self.set(id, cells)?;
        Ok(Some(id))
    }

    /// A row of which nothing tells which it is.
    pub(super) fn anonymous(&mut self, table: &str) -> Id {
        self.records.push(Record { table: table.to_owned(), ..Record::default() });
        self.records.len() - 1
    }

    /// Adds to what is known of a row; the last word counts.
    ///
    /// # Errors
    /// A table that nobody knows.
    pub(super) fn set(&mut self, id: Id, cells: Vec<(String, Cell)>) -> Result<(), String> {
        let id = self.root(id);
        let table = self.records[id].table.clone();
        let cells = self.linked(&table, cells)?;
        self.records[id].cells.extend(cells);
        let all: Vec<(String, Cell)> = self.records[id]
            .cells
            .iter()
            .map(|(name, cell)| (name.clone(), cell.clone()))
            .collect();
        for name in self.names(&table, &all)? {
            let before = self.keys.insert((table.clone(), name), id);
            if let Some(other) = before.map(|other| self.root(other)).filter(|other| *other != id) {
                self.unite(id, other);
            }
        }
        Ok(())
    }

    fn unite(&mut self, id: Id, other: Id) {
        self.records[other].same = Some(id);
        let cells = std::mem::take(&mut self.records[other].cells);
        for (name, cell) in cells {
            self.records[id].cells.entry(name).or_insert(cell);
        }
    }

    /// Keys in the database's form, and keys of other rows as those rows.
    fn linked(
        &mut self,
        table: &str,
        cells: Vec<(String, Cell)>,
    ) -> Result<Vec<(String, Cell)>, String> {
        let mut linked = Vec::with_capacity(cells.len());
        for (column, cell) in cells {
            let cell = match cell {
                Cell::Text(text) if column == key_column(table) => Cell::Text(key(&text)),
                Cell::Text(text) => match target(&column).filter(|_| !text.is_empty()) {
                    Some(other) => {
                        let own = vec![("pkid".to_owned(), Cell::Text(text))];
                        let row = self.record(other, own)?;
                        row.map_or_else(
                            || Err(format!("{column} leads nowhere")),
                            |row| Ok(Cell::Row(row)),
                        )?
                    }
                    None => Cell::Text(text),
                },
                cell @ Cell::Row(_) => cell,
            };
            linked.push((column, cell));
        }
        Ok(linked)
    }

    /// Everything that tells which row this is.
    fn names(&self, table: &str, cells: &[(String, Cell)]) -> Result<Vec<String>, String> {
        let of = |column: &str| {
            let cell = cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell)?;
            Some(match cell {
                Cell::Text(text) if text.is_empty() => return None,
                Cell::Text(text) => text.clone(),
                Cell::Row(id) => format!("#{}", self.root(*id)),
            })
        };
        let known = TABLES.iter().find(|(name, _)| *name == table).map(|(_, columns)| *columns);
        let usual: &[&str] = &["name"];
        let columns = match known {
            Some(columns) => columns,
            None if table.starts_with("type") => usual,
            None if table == "enterprisephoneconfigxml" || table == "processconfig" => &[],
            None => return Err(format!("table {table} is not known")),
        };
        let mut names = Vec::new();
        let key = key_column(table);
        names.extend(of(key).map(|text| format!("{key}={text}")));
        let parts: Option<Vec<String>> = columns.iter().map(|column| of(column)).collect();
        names.extend(parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("\u{1f}")));
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Store};

    fn text(column: &str, text: &str) -> (String, Cell) {
        (column.to_owned(), Cell::Text(text.to_owned()))
    }

    #[test]
    fn a_row_told_of_by_key_and_by_name_is_one() {
        let mut store = Store::default();
        let by_key = store.record("device", vec![text("pkid", "{AB}")]).unwrap().unwrap();
        let by_name = store.record("device", vec![text("name", "SEP1")]).unwrap().unwrap();
        assert_ne!(by_key, by_name);
        let both = store.record("device", vec![text("pkid", "ab"), text("name", "SEP1")]);
        let both = both.unwrap().unwrap();
        assert_eq!([store.root(by_key), store.root(by_name)], [store.root(both); 2]);
        assert_eq!(store.of("device").len(), 1);
    }

    #[test]
    fn keys_lead_to_rows_and_nothing_is_made_up() {
        let mut store = Store::default();
        let value = vec![text("pkid", "v"), text("fktelecastersubscribedservice", "{S}")];
        let value = store.record("telecastersubscribedparameter", value).unwrap().unwrap();
        let subscription = store.of("telecastersubscribedservice");
        let cell = store.cell(value, "fktelecastersubscribedservice");
        assert_eq!(cell, Some(&Cell::Row(subscription[0])));
        assert_eq!(store.record("device", vec![text("description", "x")]).unwrap(), None);
        assert!(store.record("callmanager", vec![text("pkid", "x")]).is_err());
    }
}
