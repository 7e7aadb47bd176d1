//! The source tree as `tidy` looks at it: files, code without comments and literals, and the paths code names.

use std::fs;
use std::path::Path;

/// One Rust file of the package.
pub(crate) struct Source {
    /// Path from the package's folder, with `/`, e.g. `src/plan/step.rs`.
    pub(crate) path: String,
    /// The text as it stands.
    pub(crate) text: String,
    /// The same lines with comments and the insides of literals blanked.
    pub(crate) code: String,
    /// `code` without its test modules.
    pub(crate) production: String,
}

impl Source {
    /// A file of this path and text.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = blank(text);
        let production =
            if path.ends_with("/tests.rs") { String::new() } else { without_tests(&code) };
        Self { path: path.to_owned(), text: text.to_owned(), code, production }
    }

    /// The module's path from the crate's root: `["plan", "step"]`; empty for `src/lib.rs`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
    }

    /// The top-level module, e.g. `plan`; `lib` or `main` for the roots.
    pub(crate) fn area(&self) -> &str {
        let inner = self.path.trim_start_matches("src/");
        inner.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

/// All text files under these folders and files of the package, sorted by path.
pub(crate) fn files(roots: &[&str]) -> Vec<(String, String)> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    let mut found = Vec::new();
    while let Some(name) = waiting.pop() {
        let path = package.join(&name);
        if path.is_dir() {
            for entry in fs::read_dir(&path).unwrap() {
                let entry = entry.unwrap().file_name().into_string().unwrap();
                waiting.push(format!("{name}/{entry}"));
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((name, text));
        }
    }
    found.sort();
    found
}

/// Every Rust file under these folders.
pub(crate) fn sources(roots: &[&str]) -> Vec<Source> {
    let rust = |name: &str| Path::new(name).extension().is_some_and(|ext| ext == "rs");
    let found = files(roots);
    found.iter().filter(|(name, _)| rust(name)).map(|(n, t)| Source::new(n, t)).collect()
}

/// The text with comments and the insides of string and character literals replaced by blanks, line by line.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let end = match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => block_comment(rest),
            ['"', ..] => quoted(rest, '"'),
            ['r', '"' | '#', ..] if !word_before(&chars, at) => raw(rest),
            ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, '\''),
            _ => 0,
        };
        if end == 0 {
            out.push(rest[0]);
            at += 1;
        } else {
            out.extend(rest[..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at += end;
        }
    }
    out
}

fn word_before(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw string as well; any other word that ends in r is not.
    let before = |back: usize| at.checked_sub(back).map(|i| chars[i]);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    word(before(1)) && (before(1) != Some('b') || word(before(2)))
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Length of a raw string literal; 0 when it is a raw identifier.
fn raw(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut at = 2 + hashes;
    while at < rest.len() {
        let closing = rest[at + 1..].iter().take_while(|c| **c == '#').count();
        if rest[at] == '"' && closing >= hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    rest.len()
}

/// Code without the modules that are compiled for tests only. Relies on rustfmt: a block ends with a brace in the
/// column of its `mod`.
fn without_tests(code: &str) -> String {
    let lines: Vec<&str> = code.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let attribute = lines[at].trim_start();
        let test = attribute.starts_with("#[cfg(test")
            || attribute.starts_with("#[cfg(all(test")
            || attribute.starts_with("#[cfg(any(test");
        let module = lines.get(at + 1).copied().unwrap_or_default();
        if test && module.trim_start().starts_with("mod ") && module.ends_with('{') {
            let indent = &module[..module.len() - module.trim_start().len()];
            let closing = format!("{indent}}}");
            let length = lines[at..].iter().position(|line| *line == closing);
            let end = length.map_or(lines.len(), |length| at + length + 1);
            out.extend((at..end).map(|_| '\n'));
            at = end;
        } else {
            out.push_str(lines[at]);
            out.push('\n');
            at += 1;
        }
    }
    out
}

/// A path that code names, with `use` groups spelt out and `self`, `super` resolved to `crate`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// `crate::plan::Step`, `std::fs::read`; a lone identifier stays one.
    pub(crate) path: String,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Whether `!` follows: a macro.
    pub(crate) called_as_macro: bool,
}

/// Every path named in this code, which stands in this module.
pub(crate) fn named(code: &str, module: &[&str]) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = is_word(&tokens[at].0);
        at = if word { path(&tokens, at, &[], module, &mut found) } else { at + 1 };
    }
    found
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and single other characters, each with its line.
fn tokens(code: &str) -> Vec<(String, usize)> {
    let mut out: Vec<(String, usize)> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let word =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = if word > 0 {
                word
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            out.push((rest[..length].to_owned(), number + 1));
            rest = rest[length..].trim_start();
        }
    }
    out
}

/// Reads one path or group of paths from `at`; gives back where it ends.
fn path(
    tokens: &[(String, usize)],
    mut at: usize,
    prefix: &[String],
    module: &[&str],
    found: &mut Vec<Named>,
) -> usize {
    let token = |at: usize| tokens.get(at).map_or("", |(text, _)| text.as_str());
    let mut segments = prefix.to_vec();
    let line = tokens[at].1;
    loop {
        segments.push(token(at).to_owned());
        at += 1;
        if token(at) != "::" {
            break;
        }
        if token(at + 1) == "{" {
            at += 2;
            while at < tokens.len() && token(at) != "}" {
                at = if is_word(token(at)) {
                    path(tokens, at, &segments, module, found)
                } else {
                    at + 1
                };
            }
            return at + 1;
        }
        if !is_word(token(at + 1)) {
            break;
        }
        at += 1;
    }
    let called_as_macro = token(at) == "!";
    found.push(Named { path: absolute(&segments, module), line, called_as_macro });
    at
}

fn absolute(segments: &[String], module: &[&str]) -> String {
    let relative = segments.iter().take_while(|s| matches!(s.as_str(), "self" | "super")).count();
    if relative == 0 || segments.len() == 1 {
        return segments.join("::");
    }
    let up = segments[..relative].iter().filter(|s| *s == "super").count();
    let stays = module.len().saturating_sub(up);
    let mut parts = vec!["crate"];
    parts.extend(&module[..stays]);
    parts.extend(segments[relative..].iter().map(String::as_str));
    parts.join("::")
}

#[test]
fn comments_and_literals_are_blanked() {
    let text = "let a = \"todo!() // no\"; // dbg!\nlet b = r#\"x \" todo!\"#; /* a /* b */ */ 'x'; '\\''; &'a str";
    let code = blank(text);
    assert!(!code.contains("todo") && !code.contains("dbg") && !code.contains("no"));
    assert!(code.contains("let b") && code.contains("&'a str"), "{code}");
    assert_eq!(code.lines().count(), 2);
}

#[test]
fn test_modules_are_left_out_of_production() {
    let source = Source::new(
        "src/plan/x.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n",
    );
    assert!(source.production.contains("fn a") && source.production.contains("fn c"));
    assert!(!source.production.contains("fn b") && source.code.contains("fn b"));
}

#[test]
fn paths_are_spelt_out() {
    let code =
        "use std::{fs, io::{self, Read}};\nuse super::Step;\nself::x::y(crate::engine::z::<T>());";
    let found: Vec<String> = named(code, &["plan", "step"])
        .into_iter()
        .map(|n| format!("{}:{}", n.line, n.path))
        .collect();
    for expected in [
        "1:std::fs",
        "1:std::io::self",
        "1:std::io::Read",
        "2:crate::plan::Step",
        "3:crate::plan::step::x::y",
        "3:crate::engine::z",
    ] {
        assert!(found.iter().any(|f| f == expected), "{expected} not in {found:?}");
    }
}
