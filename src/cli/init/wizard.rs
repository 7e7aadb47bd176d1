//! One question after the other: asked at a terminal until the answer fits, taken from its flag, or noted as missing. A
//! draft that the playbook's own rules accept comes of every answer, so these rules are the ones that answers are held to.

use std::collections::BTreeMap;

use crate::cli::Call;
use crate::cli::connect::terminal::{self, Typed};
use crate::cli::console::Console;
use crate::engine::Stop;
use crate::lint;
use crate::outcome::Outcome;
use crate::playbook::draft::Draft;
use crate::playbook::{self, Deployment, Diagnostic, Files};
use crate::report::draft;
use crate::report::style::Ink;
use crate::trouble::Trouble;

/// A question, and the flag that answers it.
#[derive(Debug)]
pub(super) struct Question<'q> {
    /// The flag.
    pub(super) flag: &'static str,
    /// What stands before the answer.
    pub(super) word: &'static str,
    /// What is to be known for an answer; several lines.
    pub(super) about: &'q str,
    /// What an empty answer means; `None` where nothing can be guessed.
    pub(super) default: Option<String>,
}

/// What has been answered so far.
#[derive(Debug)]
pub(super) struct Wizard<'a> {
    /// The call.
    pub(super) call: &'a Call,
    /// A draft that is valid all the time; what has not been answered stands in it as a guess.
    pub(super) draft: Draft,
    missing: Vec<&'static str>,
}

impl<'a> Wizard<'a> {
    /// Begins with a draft that is valid.
    pub(super) fn new(call: &'a Call, draft: Draft) -> Self {
        Self { call, draft, missing: Vec::new() }
    }

    /// Notes a flag that is needed and that nobody can be asked for.
    pub(super) fn miss(&mut self, flag: &'static str) {
        if !self.missing.contains(&flag) {
            self.missing.push(flag);
        }
    }

    /// Puts a question. `read` makes a value of a text, `put` puts it into the draft. `None` where nobody can be asked,
    /// and neither flag nor default says anything.
    pub(super) async fn ask<T: Clone>(
        &mut self,
        question: Question<'_>,
        given: Option<T>,
        read: impl Fn(&str) -> Result<T, String>,
        put: impl Fn(&mut Draft, T),
    ) -> Result<Option<T>, Trouble> {
        if let Some(value) = given {
            self.take(value.clone(), &put).map_err(|why| wrong(question.flag, &why))?;
            return Ok(Some(value));
        }
        if !self.call.interactive {
            let Some(default) = &question.default else {
                self.miss(question.flag);
                return Ok(None);
            };
            let taken =
                read(default).and_then(|value| self.take(value.clone(), &put).map(|()| value));
            return taken.map(Some).map_err(|why| wrong(question.flag, &why));
        }
        let style = self.call.console.aside;
        let (first, more) = question.about.split_once('\n').unwrap_or((question.about, ""));
        let more = if more.is_empty() { String::new() } else { format!("{more}\n") };
        Console::aside(&format!("\n{}\n{more}", style.paint(Ink::Bold, first)));
        let guess = question.default.as_ref().map(|default| format!(" [{default}]"));
        let prompt = format!("{}{}: ", question.word, guess.unwrap_or_default());
        loop {
            let typed = self.line(&prompt).await?;
            let text = match (typed.as_str(), &question.default) {
                ("", Some(default)) => default.clone(),
                ("", None) => {
                    self.refuse("there is no default: an answer is needed; Ctrl-C leaves");
                    continue;
                }
                _ => typed,
            };
            match read(&text).and_then(|value| self.take(value.clone(), &put).map(|()| value)) {
                Ok(value) => return Ok(Some(value)),
                Err(why) => self.refuse(&why),
            }
        }
    }

    /// One typed line.
    pub(super) async fn line(&self, prompt: &str) -> Result<String, Trouble> {
        answered(terminal::typed(prompt, &Stop::default()).await)
    }

    /// Lines up to an empty one.
    pub(super) async fn lines(&self) -> Result<String, Trouble> {
        answered(terminal::typed_lines(&Stop::default()).await)
    }

    /// Says why an answer does not do.
    pub(super) fn refuse(&self, why: &str) {
        let style = self.call.console.aside;
        Console::aside(&format!("  {} {why}\n", style.paint(Ink::Bad, "no:")));
    }

    /// Puts a value into the draft, unless the rules of playbooks refuse it.
    pub(super) fn take<T>(&mut self, value: T, put: impl Fn(&mut Draft, T)) -> Result<(), String> {
        let mut changed = self.draft.clone();
        put(&mut changed, value);
        judged("init.yaml", &changed).map_err(|mistakes| reason(&mistakes))?;
        self.draft = changed;
        Ok(())
    }

    /// That nothing is missing.
    pub(super) fn complete(&self) -> Result<(), Trouble> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let what = "Answers are missing, and there is nobody to ask";
        Err(Trouble::new("usage", Outcome::Usage, what)
            .because(format!("not given: {}", self.missing.join(", ")))
            .then("give these flags, or run at a terminal without --no-input"))
    }
}

fn answered(typed: Typed) -> Result<String, Trouble> {
    match typed {
        Typed::Text(text) => Ok(text),
        Typed::End => Err(Trouble::new("interrupted", Outcome::Interrupted, "The input has ended")
            .then("run again; nothing was written")),
    }
}

/// A flag whose value does not do.
pub(super) fn wrong(flag: &str, why: &str) -> Trouble {
    Trouble::new("usage", Outcome::Usage, format!("{flag} cannot be used"))
        .because(why)
        .then("correct the flag; `ippactl init --help` lists them")
}

/// The files of a draft, as if they were there.
struct Drafted(BTreeMap<String, String>);

impl Files for Drafted {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0
            .get(path)
            .map(|text| text.clone().into_bytes())
            .ok_or_else(|| "it is not there".into())
    }
}

/// What a draft says once it is written, with the warnings of the offline rules; or its mistakes.
pub(super) fn judged(
    file: &str,
    draft: &Draft,
) -> Result<(Deployment, Vec<Diagnostic>), Vec<Diagnostic>> {
    let folder = std::path::Path::new(file).parent().unwrap_or(std::path::Path::new(""));
    let files = draft::rosters(draft).into_iter();
    let files = files.map(|one| (folder.join(one.path).display().to_string(), one.text)).collect();
    let deployment = playbook::parse(file, &draft::playbook(draft), &Drafted(files))?;
    let found = lint::lint(&deployment);
    if found.iter().any(Diagnostic::is_error) { Err(found) } else { Ok((deployment, found)) }
}

/// The first mistake, on one line.
pub(super) fn reason(mistakes: &[Diagnostic]) -> String {
    let Some(first) = mistakes.iter().find(|mistake| mistake.is_error()) else {
        return String::new();
    };
    let near = first.suggestion.as_ref().map(|near| format!("; did you mean {near}?"));
    let next = if first.next.is_empty() { String::new() } else { format!("; {}", first.next) };
    format!("{}{}{next}", first.message, near.unwrap_or_default())
}
