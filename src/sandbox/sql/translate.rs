//! Turns a statement of the Informix dialect into one that SQLite runs.

use super::words::{Word, cut};
use super::{case, refuse};
use crate::sandbox::axl::Fault;
use crate::sandbox::state::tables::RANDOM_PKID;

/// Longest statement Informix takes, in bytes.
const LONGEST: usize = 65_536;

/// Translates a query: `skip` and `first` after `select` become `limit` and `offset`.
///
/// # Errors
/// -201 when the statement is not one Informix query.
pub fn query(statement: &str) -> Result<String, Fault> {
    let mut words = prepared(statement)?;
    if !words.first().is_some_and(|word| word.is("select")) {
        return Err(Fault::syntax("only a select can be queried"));
    }
    let skip = paging(&mut words, "skip")?;
    let first = paging(&mut words, "first")?;
    for (index, word) in words.iter().enumerate() {
        let is_paging = word.is("skip") || word.is("first");
        if is_paging && matches!(words.get(index + 1), Some(Word::Number(_))) {
            return Err(Fault::syntax("skip and first stand once, in this order, after select"));
        }
        if word.is("into") {
            return Err(Fault::syntax("a query cannot write"));
        }
    }
    if !words.iter().any(|word| word.is("from")) {
        return Err(Fault::syntax("a select needs a from clause"));
    }
    let text = joined(&words);
    Ok(match (skip, first) {
        (None, None) => text,
        (None, Some(first)) => format!("{text} limit {first}"),
        (Some(skip), None) => format!("{text} limit -1 offset {skip}"),
        (Some(skip), Some(first)) => format!("{text} limit {first} offset {skip}"),
    })
}

/// Checks an insert, update or delete.
///
/// # Errors
/// -201 when the statement is not one Informix statement of these kinds; -360 … for tables closed to writes.
pub fn update(statement: &str) -> Result<String, Fault> {
    let words = prepared(statement)?;
    let is = |index: usize, keyword: &str| words.get(index).is_some_and(|word| word.is(keyword));
    let pages = |pair: &[Word]| matches!(pair, [word, Word::Number(_)] if word.is("first") || word.is("skip"));
    if words.windows(2).any(pages) {
        return Err(Fault::syntax("skip and first stand in a query"));
    }
    let table = if is(0, "insert") && is(1, "into") {
        one_row(&words)?;
        2
    } else if is(0, "delete") && is(1, "from") {
        if words.len() > 3 && !is(3, "where") {
            return Err(Fault::syntax("delete takes a table and a where clause"));
        }
        2
    } else if is(0, "update") {
        if !is(2, "set") {
            return Err(Fault::syntax("update takes a table and a set clause"));
        }
        no_from(&words)?;
        1
    } else {
        return Err(Fault::syntax("only insert, update and delete can be executed"));
    };
    let Some(Word::Name(table)) = words.get(table) else {
        return Err(Fault::syntax("a table name is expected"));
    };
    let table = table.to_ascii_lowercase();
    if table.starts_with("devicexml") {
        return Err(Fault::server(
            -1,
            format!("Direct changes of {table} are not allowed; use the stored procedure."),
        ));
    }
    if table.starts_with("sys") || table.starts_with("type") {
        return Err(Fault::server(-388, "No resource permission."));
    }
    Ok(joined(&words))
}

fn prepared(statement: &str) -> Result<Vec<Word>, Fault> {
    if statement.len() > LONGEST {
        return Err(Fault::server(-201, "The statement is longer than 64 KB."));
    }
    let mut words = cut(statement)?;
    if words.last().is_some_and(|word| word.is_mark(";")) {
        words.pop();
    }
    refuse::foreign(&words)?;
    refuse::set_operators(&words)?;
    one_argument(&words)?;
    case::fill_up(&mut words)?;
    Ok(words)
}

/// `trim` takes blanks off one text; SQLite's would take other letters off too.
fn one_argument(words: &[Word]) -> Result<(), Fault> {
    let mut inside: Vec<bool> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if word.is_mark("(") {
            inside.push(index.checked_sub(1).is_some_and(|before| words[before].is("trim")));
        } else if word.is_mark(")") {
            inside.pop();
        } else if word.is_mark(",") && inside.last() == Some(&true) {
            return Err(Fault::syntax("trim takes one argument"));
        }
    }
    Ok(())
}

/// Takes `skip n` or `first n` out, right after `select`.
fn paging(words: &mut Vec<Word>, keyword: &str) -> Result<Option<u64>, Fault> {
    if !words.get(1).is_some_and(|word| word.is(keyword)) {
        return Ok(None);
    }
    let Some(Word::Number(number)) = words.get(2) else { return Ok(None) };
    let number =
        number.parse::<u64>().map_err(|_| Fault::syntax("a row count is a whole number"))?;
    words.drain(1..3);
    Ok(Some(number))
}

/// Informix inserts one row of values per statement.
fn one_row(words: &[Word]) -> Result<(), Fault> {
    let mut depth = 0_u32;
    let mut after_values = false;
    for word in words {
        if word.is_mark("(") {
            depth += 1;
        } else if word.is_mark(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && word.is("values") {
            after_values = true;
        } else if depth == 0 && after_values {
            return Err(Fault::syntax("insert takes one row of values"));
        }
    }
    let has_source = words.iter().any(|word| word.is("values") || word.is("select"))
        && !words.iter().any(|word| word.is("default"));
    if has_source { Ok(()) } else { Err(Fault::syntax("insert needs values or a select")) }
}

fn no_from(words: &[Word]) -> Result<(), Fault> {
    let mut depth = 0_u32;
    for word in words {
        if word.is_mark("(") {
            depth += 1;
        } else if word.is_mark(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && word.is("from") {
            return Err(Fault::syntax("update takes no from clause"));
        }
    }
    Ok(())
}

fn joined(words: &[Word]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let tight = |word: &Word| word.is_mark(".");
        let before = index.checked_sub(1).and_then(|at| words.get(at));
        if index > 0 && !tight(word) && !before.is_some_and(tight) {
            text.push(' ');
        }
        if after_newid(words, index) {
            continue;
        }
        let called = words.get(index + 1).is_some_and(|next| next.is_mark("("));
        text.push_str(match word {
            word if called && word.is("newid") => RANDOM_PKID,
            word if called && word.is("nvl") => "ifnull",
            word => word.text(),
        });
    }
    text
}

/// Whether the word is one of the two brackets of `newid()`.
fn after_newid(words: &[Word], index: usize) -> bool {
    let is = |back: usize, test: &dyn Fn(&Word) -> bool| {
        index.checked_sub(back).and_then(|at| words.get(at)).is_some_and(test)
    };
    let bracket = |mark: &'static str| move |word: &Word| word.is_mark(mark);
    let newid = |word: &Word| word.is("newid");
    (is(0, &bracket("(")) && is(1, &newid))
        || (is(0, &bracket(")")) && is(1, &bracket("(")) && is(2, &newid))
}

#[cfg(test)]
mod tests {
    use super::{query, update};

    #[test]
    fn skip_and_first_become_limit_and_offset() {
        assert_eq!(
            query("select skip 5 first 10 d.name from device d order by d.name").unwrap(),
            "select d.name from device d order by d.name limit 10 offset 5"
        );
        assert_eq!(
            query("SELECT FIRST 3 name FROM device;").unwrap(),
            "SELECT name FROM device limit 3"
        );
        assert_eq!(
            query("select skip 2 name from device").unwrap(),
            "select name from device limit -1 offset 2"
        );
        assert_eq!(
            query("select name from device where name = 'it''s -- first 3'").unwrap(),
            "select name from device where name = 'it''s -- first 3'"
        );
    }

    #[test]
    fn what_informix_would_refuse_is_refused() {
        for statement in [
            "select name from device limit 3",
            "select first 3 skip 2 name from device",
            "select \"name\" from device",
            "select `name` from device",
            "select [name] from device",
            "select name from device; delete from device",
            "select 1",
            "pragma foreign_keys",
            "select name from device where name == 'x'",
            "select name from device where isactive is true",
            "select ifnull(name, '') from device",
            "with a as (select name from device) select name from a",
            "select name from sandbox_password",
            "select name from sqlite_master",
            "delete from device",
            "select name from device where name glob 'S*'",
            "select name from device a natural join device b",
            "select name from device where name = 'open",
            "select trim(name, 'S') from device",
            "select case when name = 'x' then 'y' from device",
            "select case when name = 'x' then 'y' else 1 end from device",
            "select name from device where pkid in (select pkid from device union select pkid from devicepool)",
        ] {
            assert!(query(statement).is_err(), "{statement}");
        }
        for statement in [
            "insert or replace into device (name) values ('x')",
            "replace into device (name) values ('x')",
            "insert into device (name) values ('x'), ('y')",
            "insert into device (name) values ('x') returning pkid",
            "insert into device default values",
            "update devicexml4k set xml = ''",
            "delete from devicexml8k where pkid = 'x'",
            "update device d set name = 'x'",
            "update device set name = p.name from devicepool p",
            "update typemodel set name = 'x' where enum = 1",
            "delete from device as d where d.name = 'x'",
            "select name from device",
            "drop table device",
            "insert into a (b) select pkid from device union select pkid from devicepool",
            "insert into a (b) select pkid from device union all select pkid from devicepool",
            "insert into a (b) select pkid from device intersect select pkid from devicepool",
            "insert into a (b) select pkid from device minus select pkid from devicepool",
            "insert into a (b) select pkid from device except select pkid from devicepool",
            "insert into a (b) select first 3 pkid from device",
        ] {
            assert!(update(statement).is_err(), "{statement}");
        }
    }

    #[test]
    fn a_case_of_literals_is_filled_up_with_blanks() {
        assert_eq!(
            query("select trim(case d.name when 'a' then '1' else '100' end) from device d")
                .unwrap(),
            "select trim ( case d.name when 'a' then '1  ' else '100' end ) from device d"
        );
        assert_eq!(
            update("update a set b = case when c = 'x' then 'it''s' else '' end").unwrap(),
            "update a set b = case when c = 'x' then 'it''s' else '    ' end"
        );
        assert_eq!(
            update("insert into a (b, c) select case (d.n) when 1 then 'x' when 2 then 'yy' end, 5 from d")
                .unwrap(),
            "insert into a ( b , c ) select case ( d.n ) when 1 then 'x ' when 2 then 'yy' end , 5 from d"
        );
    }

    #[test]
    fn set_operators_stand_in_queries_and_from_clauses() {
        for statement in [
            "select name from device union all select name from devicepool",
            "select k.name from (select name from device union select name from devicepool) k",
        ] {
            assert!(query(statement).is_ok(), "{statement}");
        }
        let derived = "insert into a (b) select k.n from device d, (select 1 n from t union all select 2 n from t) k";
        assert!(update(derived).is_ok());
    }

    #[test]
    fn what_the_tool_sends_passes() {
        for statement in [
            "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value) values ('a', 'b', '1001')",
            "insert into a (b, c) select d.pkid, t.pkid from device d, telecasterservice t where d.name in ('x', 'y') and t.name = 'z'",
            "update telecastersubscribedservice set serviceurl = 'x' where fkdevice = (select pkid from device where name = 'x')",
            "delete from applicationuserdevicemap where fkdevice in (select pkid from device where name = 'x')",
        ] {
            assert_eq!(update(statement).unwrap().replace(' ', ""), statement.replace(' ', ""));
        }
    }
}
