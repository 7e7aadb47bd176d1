//! From the answer to a query back to the rows of the tables that it was made of: the select, turned around.

use std::collections::BTreeMap;

use super::statement::{Column, Select};
use super::store::{Cell, Id, Store, key_column};
use crate::sandbox::soap::Node;

/// Puts every row of an answer into the store.
///
/// # Errors
/// What cannot be put anywhere, in a few words.
pub(super) fn put(store: &mut Store, select: &Select, answer: &Node) -> Result<(), String> {
    let classes = Classes::of(select);
    for row in answer.all("row") {
        Turned { store: &mut *store, select, classes: &classes, row, done: BTreeMap::new() }
            .put()?;
    }
    Ok(())
}

/// Which columns are equal in every row: to each a number, the same for equal ones.
struct Classes(BTreeMap<Column, usize>);

impl Classes {
    fn of(select: &Select) -> Self {
        let mut classes = BTreeMap::new();
        let selected = select.columns.iter().map(|(column, _)| column);
        let joined = select.equal.iter().flat_map(|(a, b)| [a, b]);
        let fixed = select.fixed.iter().map(|(column, _)| column);
        let keys = select
            .tables
            .iter()
            .map(|(alias, table, _)| (alias.clone(), key_column(table).to_owned()));
        let keys: Vec<Column> = keys.collect();
        for column in selected.chain(joined).chain(fixed).chain(&keys) {
            let next = classes.len();
            classes.entry(column.clone()).or_insert(next);
        }
        for (a, b) in &select.equal {
            let (Some(a), Some(b)) = (classes.get(a).copied(), classes.get(b).copied()) else {
                continue;
            };
            classes.values_mut().filter(|class| **class == b).for_each(|class| *class = a);
        }
        Self(classes)
    }
}

/// One row on its way.
struct Turned<'a> {
    store: &'a mut Store,
    select: &'a Select,
    classes: &'a Classes,
    row: &'a Node,
    /// The rows found so far, by short name; `None`: the outer join found nothing.
    done: BTreeMap<String, Option<Id>>,
}

impl Turned<'_> {
    fn put(mut self) -> Result<(), String> {
        let values = self.told()?;
        let mut rows: BTreeMap<usize, Cell> = BTreeMap::new();
        for (alias, _, outer) in &self.select.tables {
            let mut own = values.iter().filter(|((of, _), _)| of == alias).peekable();
            if *outer && own.peek().is_some() && own.all(|(_, text)| text.is_empty()) {
                self.done.insert(alias.clone(), None);
            }
        }
        for (column, text) in &values {
            if let (Some(class), false) = (self.classes.0.get(column), text.is_empty()) {
                rows.entry(*class).or_insert_with(|| Cell::Text(text.clone()));
            }
        }
        while self.step(&values, &mut rows)? {}
        self.strangers(&values, &mut rows)?;
        // What was learnt of one table may say more of another.
        for (alias, found) in self.done.clone() {
            if let Some(id) = found {
                let cells = self.cells(&alias, &values, &rows);
                self.store.set(id, cells)?;
            }
        }
        for ((alias, column), text) in &values {
            if !text.is_empty() && !self.done.contains_key(alias) {
                return Err(format!("{alias}.{column} belongs to no row that can be told apart"));
            }
        }
        Ok(())
    }

    /// What the row and the conditions say, by column.
    fn told(&self) -> Result<Vec<(Column, String)>, String> {
        let mut values: Vec<(Column, String)> = self.select.fixed.clone();
        for (column, name) in &self.select.columns {
            let child = self.row.children.iter().find(|c| c.name.eq_ignore_ascii_case(name));
            let child = child.ok_or_else(|| format!("a row has no {name}"))?;
            values.push((column.clone(), child.text.clone()));
        }
        Ok(values)
    }

    /// Finds one more row; `false` when there is none.
    fn step(
        &mut self,
        values: &[(Column, String)],
        rows: &mut BTreeMap<usize, Cell>,
    ) -> Result<bool, String> {
        for (alias, table, _) in &self.select.tables {
            if self.done.contains_key(alias) {
                continue;
            }
            let cells = self.cells(alias, values, rows);
            let Some(id) = self.store.record(table, cells)? else { continue };
            self.found(alias, table, id, rows);
            return Ok(true);
        }
        Ok(false)
    }

    fn found(&mut self, alias: &str, table: &str, id: Id, rows: &mut BTreeMap<usize, Cell>) {
        self.done.insert(alias.to_owned(), Some(id));
        let key = (alias.to_owned(), key_column(table).to_owned());
        if let Some(class) = self.classes.0.get(&key) {
            rows.insert(*class, Cell::Row(id));
        }
    }

    /// Rows that others lead to and of which nothing tells which they are: made once, for those others.
    fn strangers(
        &mut self,
        values: &[(Column, String)],
        rows: &mut BTreeMap<usize, Cell>,
    ) -> Result<(), String> {
        for (alias, table, _) in &self.select.tables {
            let key = (alias.clone(), key_column(table).to_owned());
            let class = self.classes.0.get(&key).copied();
            let Some(class) = class.filter(|_| !self.done.contains_key(alias)) else { continue };
            let wanted = self.classes.0.iter().any(|((other, column), own)| {
                let of = self.done.get(other).copied().flatten();
                *own == class
                    && of.is_some_and(|id| self.store.cell(id, column).is_none())
                    && column.starts_with("fk")
            });
            let cells = self.cells(alias, values, rows);
            let leads = cells.iter().any(|(_, cell)| matches!(cell, Cell::Row(_)));
            if wanted && leads {
                let id = self.store.anonymous(table);
                self.store.set(id, cells)?;
                self.found(alias, table, id, rows);
            }
        }
        Ok(())
    }

    /// What is known of a table's columns by now.
    fn cells(
        &self,
        alias: &str,
        values: &[(Column, String)],
        rows: &BTreeMap<usize, Cell>,
    ) -> Vec<(String, Cell)> {
        let own_key = |column: &str| {
            let table = self.select.tables.iter().find(|(own, ..)| own == alias);
            table.is_some_and(|(_, table, _)| key_column(table) == column)
        };
        let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
        for ((of, column), class) in &self.classes.0 {
            let cell = rows.get(class).filter(|_| of == alias);
            // A row does not lead to itself.
            if let Some(cell) =
                cell.filter(|cell| !(own_key(column) && matches!(cell, Cell::Row(_))))
            {
                cells.insert(column.clone(), cell.clone());
            }
        }
        for ((of, column), text) in values.iter().filter(|((of, _), _)| of == alias) {
            debug_assert_eq!(of, alias);
            cells.entry(column.clone()).or_insert_with(|| Cell::Text(text.clone()));
        }
        cells.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::statement::parse;
    use super::super::store::{Cell, Store};
    use super::put;
    use crate::sandbox::soap;

    fn answered(store: &mut Store, statement: &str, rows: &str) -> Result<(), String> {
        let answer = soap::parse(&format!("<return>{rows}</return>")).unwrap();
        put(store, &parse(statement).unwrap(), &answer)
    }

    const VALUES: &str = "select first 9 v.pkid, p.pkid parameterkey, p.name parametername, v.fktelecastersubscribedservice subscriptionkey, v.value \
        from telecastersubscribedparameter v inner join telecastersubscribedservice s on s.pkid = v.fktelecastersubscribedservice \
        inner join device d on d.pkid = s.fkdevice inner join telecasterservice t on t.pkid = s.fktelecasterservice \
        inner join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter where t.name in ('F', 'G') order by v.pkid";

    #[test]
    fn subscriptions_and_values_find_each_other() {
        let mut store = Store::default();
        let statement = "select s.pkid, d.name devicename, c.name classname, t.name telecastername, s.serviceurl from telecastersubscribedservice s \
            inner join device d on d.pkid = s.fkdevice inner join typeclass c on c.enum = d.tkclass \
            inner join telecasterservice t on t.pkid = s.fktelecasterservice where t.name in ('F')";
        let row = "<row><PKID>{AB}</PKID><devicename>SEP1</devicename><classname>Phone</classname><telecastername>F</telecastername><serviceurl/></row>";
        answered(&mut store, statement, row).unwrap();
        let row = "<row><pkid>v1</pkid><parameterkey>P1</parameterkey><parametername>id</parametername>\
            <subscriptionkey>ab</subscriptionkey><value>1001</value></row>";
        answered(&mut store, VALUES, row).unwrap();
        let subscriptions = store.of("telecastersubscribedservice");
        let [subscription] = subscriptions.as_slice() else { panic!("{store:?}") };
        let device = store.of("device")[0];
        assert_eq!(store.cell(*subscription, "fkdevice"), Some(&Cell::Row(device)));
        assert_eq!(store.cell(device, "tkclass"), Some(&Cell::Row(store.of("typeclass")[0])));
        let value = store.of("telecastersubscribedparameter")[0];
        let to = store.cell(value, "fktelecastersubscribedservice");
        assert_eq!(to, Some(&Cell::Row(*subscription)));
        assert_eq!(store.of("telecasterservice").len(), 1);
    }

    #[test]
    fn an_outer_join_that_found_nothing_is_no_row() {
        let mut store = Store::default();
        let statement = "select d.name devicename, x.xml from device d left outer join devicexml4k x on x.fkdevice = d.pkid";
        let rows = "<row><devicename>A</devicename><xml><![CDATA[<a/>]]></xml></row><row><devicename>B</devicename><xml/></row>";
        answered(&mut store, statement, rows).unwrap();
        assert_eq!((store.of("device").len(), store.of("devicexml4k").len()), (2, 1));
    }

    #[test]
    fn what_belongs_nowhere_is_an_error() {
        let mut store = Store::default();
        let row = "<row><name>x</name></row>";
        assert!(answered(&mut store, "select d.description name from device d", row).is_err());
        assert!(answered(&mut store, "select d.name devicename from device d", row).is_err());
        assert!(answered(&mut store, "select n.name from numplan n", row).is_err());
    }

    #[test]
    fn lines_and_certificates_are_put_back() {
        let mut store = Store::default();
        let statement = "select first 9 m.pkid, d.name devicename, n.pkid linepkid, n.dnorpattern, r.name partition, m.numplanindex, m.maxnumcalls \
            from devicenumplanmap m inner join device d on d.pkid = m.fkdevice inner join numplan n on n.pkid = m.fknumplan \
            left outer join routepartition r on r.pkid = n.fkroutepartition where d.name in ('A', 'B') order by m.pkid";
        let line = |key: &str, device: &str, number: &str| {
            format!(
                "<row><pkid>{key}</pkid><devicename>{device}</devicename><linepkid>{number}</linepkid><dnorpattern>2001</dnorpattern>\
                <partition>P</partition><numplanindex>1</numplanindex><maxnumcalls>2</maxnumcalls></row>"
            )
        };
        let rows = [line("m1", "A", "n1"), line("m2", "B", "n1")].concat();
        answered(&mut store, statement, &rows).unwrap();
        assert_eq!((store.of("devicenumplanmap").len(), store.of("numplan").len()), (2, 1));
        let line = store.of("devicenumplanmap")[1];
        assert_eq!(store.cell(line, "fknumplan"), Some(&Cell::Row(store.of("numplan")[0])));
        let statement = "select t.name storename, c.pkid, c.servername, c.certificate from typecertificateservice t \
            inner join certificateservicecertificatemap m on m.tkcertificateservice = t.enum \
            inner join certificate c on c.pkid = m.fkcertificate where t.name in ('tomcat', 'Phone-trust')";
        let of = |store: &str, key: &str| {
            format!(
                "<row><storename>{store}</storename><pkid>{key}</pkid><servername>s</servername><certificate>PEM {key}</certificate></row>"
            )
        };
        let rows = [of("tomcat", "c1"), of("Phone-trust", "c1"), of("Phone-trust", "c2")].concat();
        answered(&mut store, statement, &rows).unwrap();
        assert_eq!(
            (store.of("certificate").len(), store.of("certificateservicecertificatemap").len()),
            (2, 3)
        );
        assert_eq!(store.of("typecertificateservice").len(), 2);
    }
}
