//! The terminal: whether there is one, questions, and passwords that are not echoed.

use std::borrow::Cow;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::engine::Stop;
use crate::report::sanitize::screen;
use crate::report::wrap::wrapped;

/// Whether a person can be asked.
pub fn interactive(no_input: bool) -> bool {
    !no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether stdout is a terminal.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether the terminal takes colours; the console of Windows has to be asked for them, and is.
pub fn takes_colours() -> bool {
    #[cfg(windows)]
    {
        crossterm::ansi_support::supports_ansi()
    }
    #[cfg(not(windows))]
    {
        true
    }
}

/// The columns of the terminal that stderr is.
pub fn stderr_columns() -> Option<usize> {
    comfy_table::Table::new().use_stderr().width().map(usize::from)
}

/// The columns of the terminal that stdout is.
pub fn stdout_columns() -> Option<usize> {
    comfy_table::Table::new().width().map(usize::from)
}

/// Forgets what was typed before the question could be read: it answers another one, or none.
fn forget_what_was_typed() {
    #[cfg(unix)]
    {
        use rustix::termios::{QueueSelector, tcflush};
        // Where it fails, nothing is forgotten, as on other systems.
        let _kept = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// Whether the cursor stands behind a question without an answer.
static OPEN: AtomicBool = AtomicBool::new(false);

/// Whether what is written next has to begin on a line of its own, because a question was broken off.
pub fn breaks_off() -> bool {
    OPEN.swap(false, Ordering::Relaxed)
}

/// Asks for one line, trimmed; empty at the end of input.
fn ask(question: &str) -> String {
    asked(question).unwrap_or_default()
}

/// Asks for one line, trimmed; nothing at the end of input.
fn asked(question: &str) -> Option<String> {
    let question = screen(question);
    let question =
        stderr_columns().map_or(Cow::Borrowed(&*question), |columns| wrapped(&question, columns));
    let mut stderr = io::stderr().lock();
    forget_what_was_typed();
    let asked = stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush());
    drop(stderr);
    OPEN.store(true, Ordering::Relaxed);
    let answer = asked.and_then(|()| next_line());
    OPEN.store(false, Ordering::Relaxed);
    answer.ok().flatten().map(|answer| answer.trim().to_owned())
}

/// Asks without holding up the runtime, so that Ctrl-C is heard; nothing when `stop` is set before the answer.
pub async fn answer(question: &str, stop: &Stop) -> Option<String> {
    let question = question.to_owned();
    beside(stop, move || ask(&question)).await
}

/// What came of a question.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// This, without the blanks around it.
    Text(String),
    /// The input has ended, or the wait for it: nothing more will come.
    End,
}

/// Asks for one line, and tells an empty one from the end of input.
pub async fn typed(question: &str, stop: &Stop) -> Typed {
    let question = question.to_owned();
    beside(stop, move || asked(&question)).await.flatten().map_or(Typed::End, Typed::Text)
}

/// Lines up to an empty one or the end of input, as a person types or pastes them.
pub async fn typed_lines(stop: &Stop) -> Typed {
    let read = || {
        let mut lines = String::new();
        while let Some(line) = next_line()? {
            if line.trim().is_empty() || lines.len() as u64 > LONGEST {
                return Ok(Some(lines));
            }
            lines.push_str(&line);
        }
        Ok((!lines.is_empty()).then_some(lines))
    };
    let read: Option<io::Result<Option<String>>> = beside(stop, read).await;
    read.and_then(Result::ok).flatten().map_or(Typed::End, Typed::Text)
}

fn next_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}

/// Waits for what a thread of its own reads: when nothing comes, the process ends without waiting for it. Nothing when
/// `stop` is set before.
async fn beside<T: Send + 'static>(
    stop: &Stop,
    read: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || drop(send.send(read())));
    let mut receive = std::pin::pin!(receive);
    loop {
        tokio::select! {
            read = &mut receive => return read.ok(),
            () = tokio::time::sleep(Duration::from_millis(50)) => if stop.is_set() { return None },
        }
    }
}

/// Asks for a yes without holding up the runtime; the end of the run is a no.
pub async fn agreed(question: &str, stop: &Stop) -> bool {
    answer(&format!("{question} [y/N] "), stop).await.is_some_and(|answer| is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")
}

/// All of standard input as text, up to the size of a roster.
pub fn all_of_input() -> Result<String, String> {
    const LARGEST: u64 = 16 * 1024 * 1024;
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is longer than {LARGEST} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The longest text that is read from standard input, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// All that standard input holds. For what another program hands over: where a person sits there, see [`pasted`]. Nothing
/// when `stop` is set before its end.
pub async fn piped(stop: &Stop) -> Option<io::Result<SecretString>> {
    beside(stop, all).await
}

/// A secret that another program hands over at standard input: without the line break at its end.
pub fn handed_over() -> io::Result<SecretString> {
    let text = all()?;
    let text = text.expose_secret();
    let line = text.strip_suffix('\n').unwrap_or(text);
    Ok(SecretString::from(line.strip_suffix('\r').unwrap_or(line)))
}

fn all() -> io::Result<SecretString> {
    let mut text = String::new();
    io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    Ok(SecretString::from(text))
}

/// Whether something is handed over at standard input.
pub fn is_piped() -> bool {
    !io::stdin().is_terminal()
}

/// A text that a person pastes, until it is complete: without echo, and without the length that a terminal gives a line.
/// Nothing when `stop` is set before.
pub async fn pasted(stop: &Stop, complete: fn(&str) -> bool) -> Option<SecretString> {
    // Held here and not by the thread, which is left behind when the end is asked for.
    let _quiet = Quiet::begin();
    beside(stop, move || until(complete)).await.flatten()
}

fn until(complete: fn(&str) -> bool) -> Option<SecretString> {
    /// What Ctrl-D sends where the terminal does not turn it into an end.
    const END: u8 = 4;
    let mut stdin = io::stdin().lock();
    let (mut text, mut chunk) = (Vec::new(), [0; 4096]);
    while (text.len() as u64) < LONGEST {
        let read = stdin.read(&mut chunk).ok()?;
        let part = chunk.get(..read)?;
        let ended = read == 0 || part.contains(&END);
        text.extend(part.iter().copied().filter(|byte| *byte != END));
        let so_far = String::from_utf8_lossy(&text);
        if ended || complete(&so_far) {
            return Some(SecretString::from(so_far.into_owned()));
        }
    }
    None
}

/// The terminal without echo and without lines, until dropped.
struct Quiet {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Quiet {
    #[cfg(unix)]
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
            // A terminal that does not know this shows what is pasted, and no more.
            let _shown = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
        }
        Self { before }
    }

    #[cfg(not(unix))]
    fn begin() -> Self {
        Self {}
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(before) = &self.before {
            use rustix::termios::{OptionalActions, tcsetattr};
            // Nothing more can be done where it fails.
            let _left = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Asks for a password without echo.
pub fn password(what: &str) -> io::Result<SecretString> {
    forget_what_was_typed();
    rpassword::prompt_password(screen(&format!("{what} (not shown): "))).map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::beside;
    use crate::engine::{EndedBy, Stop};

    #[test]
    fn what_never_comes_does_not_hold_up_the_deadline() {
        let runtime = crate::cli::runtime().unwrap();
        let stop = Stop::default();
        let (held, never) = std::sync::mpsc::channel::<()>();
        let deadline = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            stop.set(EndedBy::Deadline);
        };
        let waiting = async { tokio::join!(beside(&stop, move || never.recv()), deadline) };
        let (read, ()) = runtime.block_on(waiting);
        assert!(read.is_none());
        drop(held);
        let came = runtime.block_on(beside(&Stop::default(), || 7));
        assert_eq!(came, Some(7));
    }
}
