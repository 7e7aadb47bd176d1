//! The terminal: whether there is one, questions, and passwords that are not echoed.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::Duration;

use secrecy::SecretString;

use crate::engine::Stop;
use crate::report::sanitize::screen;

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

/// Asks; only `y` or `yes` is a yes, and the end of input is a no.
pub fn yes(question: &str) -> bool {
    is_yes(&ask(&format!("{question} [y/N] ")))
}

/// Asks for one line, trimmed; empty at the end of input.
pub fn ask(question: &str) -> String {
    let mut stderr = io::stderr().lock();
    let asked = stderr.write_all(screen(question).as_bytes()).and_then(|()| stderr.flush());
    drop(stderr);
    let mut answer = String::new();
    match asked.and_then(|()| io::stdin().lock().read_line(&mut answer)) {
        Ok(_) => answer.trim().to_owned(),
        Err(_) => String::new(),
    }
}

/// Asks without holding up the runtime, so that Ctrl-C is heard; nothing when `stop` is set before the answer.
pub async fn answer(question: &str, stop: &Stop) -> Option<String> {
    let (send, receive) = tokio::sync::oneshot::channel();
    let question = question.to_owned();
    // A thread of its own: when nobody answers, the process ends without waiting for it.
    std::thread::spawn(move || drop(send.send(ask(&question))));
    let mut receive = std::pin::pin!(receive);
    loop {
        tokio::select! {
            answer = &mut receive => return answer.ok(),
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

/// Asks for a password without echo.
pub fn password(what: &str) -> io::Result<SecretString> {
    rpassword::prompt_password(format!("{what}: ")).map(SecretString::from)
}
