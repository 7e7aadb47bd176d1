//! Plays a recorded session: what the node shows, when, and what it waits for.
//!
//! A session is text. `>>> (begin)` opens what is shown first, `>>> some command` what that command shows; the same
//! command may stand several times and is then answered in turn. `>>> (empty)` answers an empty line. In a section:
//!
//! | line | is |
//! |---|---|
//! | `%pause 700` | milliseconds of the node's time, times `start_scale` |
//! | `%raw text` | the text without a line end; `\e`, `\r`, `\n`, `\b`, `\\` stand for themselves in C |
//! | `%prompt` | `admin:` without a line end |
//! | `%key` | the node waits for a key |
//! | `%lost 3` | so many first characters of the next command are lost |
//! | `%drop` | the connection ends |
//! | `# …` before the first section | a remark |
//! | anything else | a line, ended with `\r\n` |

use std::time::Duration;

use super::commands::UNKNOWN;
use super::knobs::Knobs;
use super::shell::Shell;
use super::terminal::Gone;

const BEGIN: &str = "(begin)";
const EMPTY: &str = "(empty)";

/// One thing that the node does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Show(String),
    Pause(Duration),
    Key,
    Lose(usize),
    Drop,
}

/// What is shown for one command.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    command: String,
    acts: Vec<Act>,
}

/// The sections of a session. A line before the first one is a remark.
fn sections(text: &str) -> Vec<Section> {
    let mut all: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix(">>> ") {
            all.push(Section { command: command.trim().to_owned(), acts: Vec::new() });
        } else if let Some(section) = all.last_mut() {
            section.acts.push(act(line));
        }
    }
    all
}

fn act(line: &str) -> Act {
    let number = |text: &str| text.trim().parse::<u32>().unwrap_or(0);
    match line.split_once(' ').unwrap_or((line, "")) {
        ("%pause", time) => Act::Pause(Duration::from_millis(number(time).into())),
        ("%raw", text) => Act::Show(plain(text)),
        ("%prompt", _) => Act::Show("admin:".to_owned()),
        ("%key", _) => Act::Key,
        ("%lost", count) => Act::Lose(usize::try_from(number(count)).unwrap_or(0)),
        ("%drop", _) => Act::Drop,
        _ => Act::Show(format!("{line}\r\n")),
    }
}

fn plain(text: &str) -> String {
    let mut shown = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        shown.push(match escaped {
            Some('e') => '\u{1b}',
            Some('r') => '\r',
            Some('n') => '\n',
            Some('b') => '\u{8}',
            Some(other) => other,
            None => letter,
        });
    }
    shown
}

/// Plays the session that the switches hold until the user leaves.
///
/// # Errors
/// The client is gone, or the session ends so.
pub async fn play(shell: &mut Shell, knobs: &Knobs) -> Result<(), Gone> {
    let mut left = sections(&knobs.transcript);
    let mut lost = 0;
    let mut next = BEGIN.to_owned();
    loop {
        match left.iter().position(|section| section.command == next) {
            Some(at) => lost = perform(shell, &left.remove(at).acts, knobs.scale()).await?,
            None if next == EMPTY => shell.terminal.write("admin:\r\n\radmin:").await?,
            None => {
                for line in UNKNOWN.lines() {
                    shell.terminal.line(line).await?;
                }
                shell.terminal.write("admin:").await?;
            }
        }
        let Some(line) = shell.terminal.read_line(std::mem::take(&mut lost)).await? else {
            continue;
        };
        line.trim().clone_into(&mut next);
        if next.is_empty() {
            EMPTY.clone_into(&mut next);
        } else {
            shell.site.front().ledger.ssh.command(&shell.station.host, &next);
        }
    }
}

/// How many characters of the next command are lost.
async fn perform(shell: &mut Shell, acts: &[Act], scale: f64) -> Result<usize, Gone> {
    let mut lost = 0;
    for act in acts {
        match act {
            Act::Show(text) => shell.terminal.write(text).await?,
            Act::Pause(time) => tokio::time::sleep(time.mul_f64(scale)).await,
            Act::Key => {
                shell.terminal.key().await?;
            }
            Act::Lose(count) => lost = *count,
            Act::Drop => {
                shell.terminal.hang_up().await;
                return Err(Gone);
            }
        }
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Act, sections};

    #[test]
    fn lines_and_orders_are_told_apart() {
        let text = "# a remark\n>>> (begin)\n%pause 700\n\n%prompt\n>>> show x\nA\n%raw \\e[1mB\\\\\\r\n%key\n%lost 2\n%drop\n";
        let read = sections(text);
        assert_eq!(read.len(), 2);
        let shown = |text: &str| Act::Show(text.to_owned());
        let begin = [Act::Pause(Duration::from_millis(700)), shown("\r\n"), shown("admin:")];
        assert_eq!((read[0].command.as_str(), &read[0].acts[..]), ("(begin)", &begin[..]));
        let command = [shown("A\r\n"), shown("\u{1b}[1mB\\\r"), Act::Key, Act::Lose(2), Act::Drop];
        assert_eq!((read[1].command.as_str(), &read[1].acts[..]), ("show x", &command[..]));
    }
}
