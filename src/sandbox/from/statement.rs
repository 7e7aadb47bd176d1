//! What a query says about where its columns come from: tables under their short names, joins, and conditions that
//! hold for every row. Enough to put the rows of an answer back into the tables that they were read from.

use crate::sandbox::sql::words::{Word, cut};

/// The longest query that is read, in bytes: AXL takes no more of one.
const LONGEST: usize = 64 * 1024;

/// A column of a table under its short name.
pub(super) type Column = (String, String);

/// A query taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Select {
    /// What is selected, and under which name it comes back, lower case.
    pub(super) columns: Vec<(Column, String)>,
    /// Short name, table, and whether the row may be missing (an outer join).
    pub(super) tables: Vec<(String, String, bool)>,
    /// Columns that are equal in every row.
    pub(super) equal: Vec<(Column, Column)>,
    /// Columns that have one value in every row.
    pub(super) fixed: Vec<(Column, String)>,
}

/// Takes a query apart.
///
/// # Errors
/// What cannot be understood, in a few words.
pub(super) fn parse(text: &str) -> Result<Select, String> {
    if text.len() > LONGEST {
        return Err("longer than a query that was captured".to_owned());
    }
    let words = cut(text).map_err(|fault| fault.text)?;
    let mut reader = Reader { words: &words, at: 0 };
    reader.expect("select")?;
    for paging in ["skip", "first"] {
        if reader.takes(paging) {
            reader.at += 1;
        }
    }
    let mut select = Select::default();
    let mut columns = Vec::new();
    loop {
        let column = reader.column()?;
        let name = match reader.peek() {
            Some(Word::Name(name)) if !name.eq_ignore_ascii_case("from") => {
                reader.at += 1;
                name.clone()
            }
            _ => column.1.clone(),
        };
        columns.push((column, name.to_ascii_lowercase()));
        if !reader.takes_mark(",") {
            break;
        }
    }
    reader.expect("from")?;
    reader.table(&mut select, false)?;
    loop {
        if reader.takes_mark(",") {
            reader.table(&mut select, false)?;
            continue;
        }
        let outer = reader.takes("left");
        let joined = reader.takes(if outer { "outer" } else { "inner" });
        if !reader.takes("join") {
            if outer || joined {
                return Err("a join that is not one".to_owned());
            }
            break;
        }
        reader.table(&mut select, outer)?;
        reader.expect("on")?;
        let terms = reader.terms(&["inner", "left", "join", "where", "order"]);
        conditions(&terms, &mut select)?;
    }
    if reader.takes("where") {
        let terms = reader.terms(&["order", "group"]);
        conditions(&terms, &mut select)?;
    }
    if !(reader.peek().is_none() || reader.takes("order") && reader.takes("by")) {
        return Err("something after the conditions".to_owned());
    }
    select.columns = columns;
    select.name_tables()?;
    Ok(select)
}

impl Select {
    /// Gives columns without a short name the only table.
    fn name_tables(&mut self) -> Result<(), String> {
        let only = self.tables.first().filter(|_| self.tables.len() == 1).map(|t| t.0.clone());
        let known: Vec<String> = self.tables.iter().map(|table| table.0.clone()).collect();
        let columns = self.columns.iter_mut().map(|(column, _)| column);
        let equal = self.equal.iter_mut().flat_map(|(a, b)| [a, b]);
        let fixed = self.fixed.iter_mut().map(|(column, _)| column);
        for (alias, column) in columns.chain(equal).chain(fixed) {
            if alias.is_empty() {
                *alias = only.clone().ok_or_else(|| format!("column {column} of no table"))?;
            }
            if !known.contains(alias) {
                return Err(format!("{alias}.{column} of no table"));
            }
        }
        Ok(())
    }
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Word> {
        self.words.get(self.at)
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let is = self.peek().is_some_and(|word| word.is(keyword));
        self.at += usize::from(is);
        is
    }

    fn takes_mark(&mut self, mark: &str) -> bool {
        let is = self.peek().is_some_and(|word| word.is_mark(mark));
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, keyword: &str) -> Result<(), String> {
        if self.takes(keyword) { Ok(()) } else { Err(format!("no {keyword} where it belongs")) }
    }

    fn name(&mut self) -> Result<String, String> {
        let Some(Word::Name(name)) = self.peek() else { return Err("no name".to_owned()) };
        self.at += 1;
        Ok(name.to_ascii_lowercase())
    }

    fn column(&mut self) -> Result<Column, String> {
        let first = self.name()?;
        if self.takes_mark(".") { Ok((first, self.name()?)) } else { Ok((String::new(), first)) }
    }

    fn table(&mut self, select: &mut Select, outer: bool) -> Result<(), String> {
        const NEXT: [&str; 7] = ["on", "inner", "left", "join", "where", "order", "group"];
        let table = self.name()?;
        let alias = match self.peek() {
            Some(word @ Word::Name(_)) if !NEXT.iter().any(|next| word.is(next)) => self.name()?,
            _ => table.clone(),
        };
        select.tables.push((alias, table, outer));
        Ok(())
    }

    /// Conditions that all hold, up to one of these words.
    fn terms(&mut self, until: &[&str]) -> Vec<&'a [Word]> {
        let (mut begin, mut depth, mut terms) = (self.at, 0_usize, Vec::new());
        while let Some(word) = self.peek() {
            depth += usize::from(word.is_mark("("));
            depth = depth.saturating_sub(usize::from(word.is_mark(")")));
            if depth == 0 && until.iter().any(|end| word.is(end)) {
                break;
            }
            if depth == 0 && word.is("and") {
                terms.push(&self.words[begin..self.at]);
                begin = self.at + 1;
            }
            self.at += 1;
        }
        terms.push(&self.words[begin..self.at]);
        terms
    }
}

/// Keeps what every row fulfils. A condition with `or` says nothing about a single column.
fn conditions(terms: &[&[Word]], select: &mut Select) -> Result<(), String> {
    if terms.iter().any(|term| term.iter().any(|word| word.is("or"))) {
        return Ok(());
    }
    for term in terms {
        let mut left = Reader { words: term, at: 0 };
        let Ok(column) = left.column() else { continue };
        let listed = left.takes("in");
        if !(listed && left.takes_mark("(") || !listed && left.takes_mark("=")) {
            continue;
        }
        match left.peek() {
            Some(word @ (Word::Text(_) | Word::Number(_))) => {
                left.at += 1;
                let ends = if listed { left.takes_mark(")") } else { true };
                if ends && left.peek().is_none() {
                    select.fixed.push((column, unquoted(word.text())));
                }
            }
            Some(Word::Name(_)) if !listed => select.equal.push((column, left.column()?)),
            _ => {}
        }
    }
    Ok(())
}

fn unquoted(text: &str) -> String {
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn pair(alias: &str, column: &str) -> (String, String) {
        (alias.to_owned(), column.to_owned())
    }

    #[test]
    fn joins_columns_and_conditions() {
        let select = parse(
            "select first 20 s.pkid, d.name devicename from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice \
             left outer join typemodel m on m.enum = d.tkmodel where t.name in ('a', 'b') and d.name in ('it''s') and m.x = 1 \
             and s.pkid > 'k' order by s.pkid"
                .replace("t.name", "d.x").as_str(),
        )
        .unwrap();
        assert_eq!(select.columns[0], (pair("s", "pkid"), "pkid".to_owned()));
        assert_eq!(select.columns[1], (pair("d", "name"), "devicename".to_owned()));
        assert_eq!(select.tables[2], ("m".to_owned(), "typemodel".to_owned(), true));
        assert_eq!(select.equal[0], (pair("d", "pkid"), pair("s", "fkdevice")));
        let fixed = [(pair("d", "name"), "it's".to_owned()), (pair("m", "x"), "1".to_owned())];
        assert_eq!(select.fixed, fixed);
    }

    #[test]
    fn one_table_needs_no_short_name() {
        let select = parse("SELECT Name FROM Device WHERE tkclass = 1 or tkclass = 2").unwrap();
        assert_eq!(select.columns[0].0, pair("device", "name"));
        assert_eq!(select.fixed, []);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in [
            "",
            "select count(*) from device",
            "select x.name from device d",
            "select name from device d, enduser e",
            "select d.name from device d group by d.name",
            "update device set name = 'x'",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
