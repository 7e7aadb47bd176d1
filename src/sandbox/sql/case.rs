//! What a CASE of quoted literals gives in Informix: CHAR of the longest one, the others filled up with blanks.
//!
//! A literal is CHAR, a column of text is not: one arm that is neither literal nor null makes the whole VARCHAR, and
//! nothing is filled up. `trim(…)` around the whole takes the blanks away again.

use std::ops::Range;

use super::words::Word;
use crate::sandbox::axl::Fault;

/// One CASE: where it ends, its results, and what they give together.
struct Case {
    /// Index of its `end`.
    end: usize,
    arms: Vec<Arm>,
    kind: Kind,
}

struct Arm {
    kind: Kind,
    /// Index of the last literal of an arm of literals.
    literal: usize,
    /// The CASE that an arm is.
    inner: Option<Case>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    /// CHAR of so many bytes.
    Char(usize),
    Number,
    Other,
}

/// Fills the literals up.
///
/// # Errors
/// -201 for a CASE that does not end, -800 for one whose results are text and numbers.
pub(super) fn fill_up(words: &mut [Word]) -> Result<(), Fault> {
    let mut at = 0;
    while at < words.len() {
        at = if keyword(words, at, "case") { case(words, at)?.end + 1 } else { at + 1 };
    }
    Ok(())
}

/// Whether the word is this keyword and not a column's name behind a table's.
fn keyword(words: &[Word], at: usize, text: &str) -> bool {
    let is_column = at.checked_sub(1).is_some_and(|before| words[before].is_mark("."));
    words.get(at).is_some_and(|word| word.is(text)) && !is_column
}

fn case(words: &mut [Word], begin: usize) -> Result<Case, Fault> {
    let mut depth = 0_u32;
    let mut results: Vec<Range<usize>> = Vec::new();
    let mut inner: Vec<(usize, Case)> = Vec::new();
    let mut result = None;
    let mut at = begin + 1;
    let end = loop {
        let word = words.get(at).ok_or_else(|| Fault::syntax("a case without its end"))?;
        if word.is_mark("(") {
            depth += 1;
        } else if word.is_mark(")") {
            depth = depth.checked_sub(1).ok_or_else(|| Fault::syntax("a case without its end"))?;
        } else if keyword(words, at, "case") {
            let found = case(words, at)?;
            let after = found.end;
            inner.push((at, found));
            at = after;
        } else if depth == 0 && ["when", "else", "end"].iter().any(|one| keyword(words, at, one)) {
            results.extend(result.take().map(|from| from..at));
            if keyword(words, at, "end") {
                break at;
            }
            result = keyword(words, at, "else").then_some(at + 1);
        } else if depth == 0 && keyword(words, at, "then") {
            result = Some(at + 1);
        }
        at += 1;
    };
    let arms: Vec<Arm> = results.into_iter().map(|result| arm(words, result, &mut inner)).collect();
    let kind = together(&arms)?;
    let case = Case { end, arms, kind };
    if let Kind::Char(width) = kind {
        widen(words, &case, width);
    }
    Ok(case)
}

fn arm(words: &[Word], mut result: Range<usize>, inner: &mut Vec<(usize, Case)>) -> Arm {
    while result.len() > 2 && closes(&words[result.clone()]) {
        result = result.start + 1..result.end - 1;
    }
    let of = |kind, literal| Arm { kind, literal, inner: None };
    let own = inner.iter().position(|(at, case)| *at == result.start && case.end + 1 == result.end);
    if let Some(position) = own {
        let (_, case) = inner.swap_remove(position);
        return Arm { kind: case.kind, literal: 0, inner: Some(case) };
    }
    let parts = &words[result.clone()];
    match parts {
        [one] if one.is("null") => return of(Kind::Null, 0),
        [Word::Number(_)] => return of(Kind::Number, 0),
        [sign, Word::Number(_)] if sign.is_mark("-") || sign.is_mark("+") => {
            return of(Kind::Number, 0);
        }
        _ => {}
    }
    let literals = parts.iter().enumerate().all(|(index, word)| match word {
        Word::Text(_) => index % 2 == 0,
        Word::Mark(mark) => index % 2 == 1 && *mark == "||",
        Word::Name(_) | Word::Number(_) => false,
    });
    if literals && parts.len() % 2 == 1 {
        let width = parts.iter().map(width).sum();
        return of(Kind::Char(width), result.end - 1);
    }
    of(Kind::Other, 0)
}

/// Whether the first bracket is the last one's.
fn closes(words: &[Word]) -> bool {
    let mut depth = 0_i32;
    words.iter().enumerate().all(|(index, word)| {
        depth += i32::from(word.is_mark("(")) - i32::from(word.is_mark(")"));
        (depth > 0) == (index + 1 < words.len())
    })
}

fn width(word: &Word) -> usize {
    match word {
        Word::Text(text) => text[1..text.len() - 1].replace("''", "'").len(),
        Word::Name(_) | Word::Number(_) | Word::Mark(_) => 0,
    }
}

fn together(arms: &[Arm]) -> Result<Kind, Fault> {
    let is = |kind: fn(Kind) -> bool| arms.iter().any(|arm| kind(arm.kind));
    let char = |kind| matches!(kind, Kind::Char(_));
    if is(char) && is(|kind| kind == Kind::Number) {
        return Err(Fault::server(
            -800,
            "Corresponding types must be compatible in CASE expression or DECODE function.",
        ));
    }
    let widest = arms.iter().filter_map(|arm| match arm.kind {
        Kind::Char(width) => Some(width),
        Kind::Null | Kind::Number | Kind::Other => None,
    });
    Ok(match widest.max() {
        _ if is(|kind| kind == Kind::Other) => Kind::Other,
        Some(width) => Kind::Char(width),
        None if is(|kind| kind == Kind::Number) => Kind::Number,
        None => Kind::Null,
    })
}

fn widen(words: &mut [Word], case: &Case, to: usize) {
    for arm in &case.arms {
        match (&arm.inner, arm.kind) {
            (Some(inner), _) => widen(words, inner, to),
            (None, Kind::Char(_)) => fill(words, arm, to),
            (None, Kind::Null | Kind::Number | Kind::Other) => {}
        }
    }
}

fn fill(words: &mut [Word], arm: &Arm, to: usize) {
    // An arm is looked at again when a wider CASE is around it: what it has by now is counted, not what it began with.
    let has: usize = words[..=arm.literal]
        .iter()
        .rev()
        .take_while(|word| matches!(word, Word::Text(_)) || word.is_mark("||"))
        .map(width)
        .sum();
    if let Word::Text(text) = &mut words[arm.literal] {
        text.insert_str(text.len() - 1, &" ".repeat(to.saturating_sub(has)));
    }
}

#[cfg(test)]
mod tests {
    use super::fill_up;
    use crate::sandbox::sql::words::{Word, cut};

    fn filled(statement: &str) -> String {
        let mut words = cut(statement).unwrap();
        fill_up(&mut words).unwrap();
        words.iter().map(Word::text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn literals_of_one_case_are_as_long_as_the_longest() {
        assert_eq!(
            filled("case when a = 'x' then 'one' when a = 'y' then 'fourteen' else '' end"),
            "case when a = 'x' then 'one     ' when a = 'y' then 'fourteen' else '        ' end"
        );
        assert_eq!(
            filled("case a when 'x' then 'it''s' when 'longer' then 'ü' end"),
            "case a when 'x' then 'it''s' when 'longer' then 'ü  ' end"
        );
        assert_eq!(
            filled("trim ( case a when 1 then ( 'a' ) when 2 then 'b' || 'c' else null end )"),
            "trim ( case a when 1 then ( 'a ' ) when 2 then 'b' || 'c' else null end )"
        );
    }

    #[test]
    fn a_case_in_a_case_is_as_long_as_the_whole() {
        assert_eq!(
            filled("case a when 1 then case b when 2 then 'x' else 'yy' end else 'long' end"),
            "case a when 1 then case b when 2 then 'x   ' else 'yy  ' end else 'long' end"
        );
        assert_eq!(
            filled("case a when case b when 1 then 'x' else 'yy' end then 'p' else 'long' end"),
            "case a when case b when 1 then 'x ' else 'yy' end then 'p   ' else 'long' end"
        );
    }

    #[test]
    fn what_is_no_literal_keeps_the_others_as_they_are() {
        for statement in [
            "case a when 1 then 'x' else t . url end",
            "case a when 1 then 'x' else trim ( 'yy' ) end",
            "case a when 1 then t . url || '?id=1' else 'x' end",
            "case a when 1 then 5 else 50 end",
            "t . case , t . end",
        ] {
            assert_eq!(filled(statement), statement);
        }
        let inner = "case a when 1 then t . url else case b when 1 then 'x' else 'yy' end end";
        assert_eq!(filled(inner), inner.replace("'x'", "'x '"));
    }

    #[test]
    fn what_informix_refuses_is_refused() {
        let refused = |text: &str| fill_up(&mut cut(text).unwrap()).unwrap_err().code;
        assert_eq!(refused("case a when 1 then 'x' else 5 end"), Some(-800));
        assert_eq!(refused("(case a when 1 then 'x')"), Some(-201));
        assert_eq!(refused("case a when 1 then 'x'"), Some(-201));
    }
}
