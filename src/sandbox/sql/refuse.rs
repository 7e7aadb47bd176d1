//! What SQLite would take and Informix would not: refused with -201, so that nothing works here alone.

use super::words::Word;
use crate::sandbox::axl::Fault;

/// Words that no statement we accept has any use for.
const FOREIGN: [&str; 33] = [
    "limit",
    "offset",
    "pragma",
    "attach",
    "detach",
    "vacuum",
    "reindex",
    "glob",
    "regexp",
    "match",
    "returning",
    "conflict",
    "abort",
    "ignore",
    "with",
    "recursive",
    "natural",
    "using",
    "nulls",
    "collate",
    "window",
    "over",
    "filter",
    "indexed",
    "explain",
    "analyze",
    "create",
    "drop",
    "alter",
    "begin",
    "commit",
    "rollback",
    "savepoint",
];

/// Functions that both dialects have.
const FUNCTIONS: [&str; 14] = [
    "lower", "upper", "trim", "nvl", "count", "min", "max", "sum", "avg", "length", "substr",
    "abs", "newid", "replace",
];

/// Keywords that an opening bracket may follow.
const BEFORE_BRACKET: [&str; 23] = [
    "in", "and", "or", "not", "exists", "values", "on", "from", "where", "select", "case", "when",
    "then", "else", "between", "like", "distinct", "all", "union", "join", "by", "having", "any",
];

/// Set operators.
const SET_OPERATORS: [&str; 4] = ["union", "intersect", "minus", "except"];

/// Refuses a set operator in the select of an insert, and in a subquery that is not in a from clause.
///
/// # Errors
/// -201.
pub fn set_operators(words: &[Word]) -> Result<(), Fault> {
    let inserts = words.first().is_some_and(|word| word.is("insert"));
    // For each open bracket, whether its subquery stands in a from clause.
    let mut open: Vec<bool> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| words.get(at));
        if word.is_mark("(") {
            open.push(before.is_some_and(|word| {
                word.is("from") || word.is("join") || word.is_mark(",") || word.is_mark("(")
            }));
        } else if word.is_mark(")") {
            open.pop();
        } else if SET_OPERATORS.iter().any(|own| word.is(own))
            && !before.is_some_and(|word| word.is_mark("."))
            && !open.last().copied().unwrap_or(!inserts)
        {
            return Err(Fault::syntax(&format!("near '{}'", word.text())));
        }
    }
    Ok(())
}

/// Refuses a statement that is SQLite's alone, or that touches what AXL hides.
///
/// # Errors
/// -201 with the reason; -206 for a hidden table; -674 for an unknown function.
pub fn foreign(words: &[Word]) -> Result<(), Fault> {
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1);
        let before = index.checked_sub(1).and_then(|at| words.get(at));
        if word.is_mark(";") {
            return Err(Fault::syntax("only one statement may be sent"));
        }
        if word.is_mark("?") {
            return Err(Fault::syntax("a placeholder has no value"));
        }
        let Word::Name(name) = word else { continue };
        let name = name.to_ascii_lowercase();
        let is_column = before.is_some_and(|word| word.is_mark("."));
        if is_column {
            continue;
        }
        if name.starts_with("sqlite_")
            || name.starts_with("sandbox_")
            || name.starts_with("pragma_")
        {
            return Err(Fault::server(
                -206,
                format!("The specified table ({name}) is not in the database."),
            ));
        }
        if FOREIGN.contains(&name.as_str()) || (name == "replace" && !called(next)) {
            return Err(Fault::syntax(&format!("near '{name}'")));
        }
        if matches!(name.as_str(), "true" | "false") {
            return Err(Fault::syntax("booleans are 't' and 'f'"));
        }
        if name == "is" && !next.is_some_and(|word| word.is("null") || word.is("not")) {
            return Err(Fault::syntax("'is' compares with null only"));
        }
        if name == "is"
            && next.is_some_and(|word| word.is("not"))
            && !words.get(index + 2).is_some_and(|word| word.is("null"))
        {
            return Err(Fault::syntax("'is not' compares with null only"));
        }
        let after_into = before.is_some_and(|word| word.is("into"));
        if called(next)
            && !after_into
            && !FUNCTIONS.contains(&name.as_str())
            && !BEFORE_BRACKET.contains(&name.as_str())
        {
            return Err(Fault::server(-674, format!("Routine ({name}) can not be resolved.")));
        }
    }
    Ok(())
}

fn called(next: Option<&Word>) -> bool {
    next.is_some_and(|word| word.is_mark("("))
}
