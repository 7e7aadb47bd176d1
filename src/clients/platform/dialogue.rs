//! The dialogue with an interactive shell that has no exit codes: when it is ready, what a command answered, and when to
//! give the session up. Nothing here ever sends Ctrl-C.

use std::fmt;
use std::time::Duration;

use russh::client::{Handle, Msg};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use super::connection::Visitor;
use super::reply::Reply;
use super::screen::{LONGEST, Screen};
use super::{ShellError, Timings, echo};

const WELCOME: &str = "welcome to the platform";
/// A prompt with nothing before it may be a late one of before: the true one comes within so many quiet times. A
/// question mark that stands last for as long asks.
const DOUBT: u32 = 10;
/// What of a screen goes into an error, in characters.
const SHOWN: usize = 400;

/// One session: the connection and what is said over it.
pub(super) struct Shell {
    pub(super) dialogue: Dialogue<russh::ChannelStream<Msg>>,
    /// The session lives as long as this.
    pub(super) handle: Handle<Visitor>,
}

impl fmt::Debug for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell").field("usable", &self.dialogue.usable).finish_non_exhaustive()
    }
}

/// A shell at its prompt.
pub(super) struct Dialogue<S> {
    stream: S,
    screen: Screen,
    timings: Timings,
    usable: bool,
}

/// What came within a while.
enum Heard {
    Something,
    Nothing,
    End,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Dialogue<S> {
    /// Waits for the first prompt; gives back the greeting that came before it.
    pub(super) async fn begin(stream: S, timings: Timings) -> Result<(Self, String), ShellError> {
        let mut dialogue = Self { stream, screen: Screen::default(), timings, usable: true };
        let begun = Instant::now();
        let mut heard = begun;
        let mut nudged = false;
        loop {
            let tick = timings.quiet.min(timings.nudge);
            match dialogue.listen(tick).await.map_err(|_| dialogue.no_prompt(begun))? {
                Heard::Something => heard = Instant::now(),
                Heard::End => {
                    let why = "the node ended the session before the first prompt".to_owned();
                    return Err(ShellError::NoShell { why });
                }
                Heard::Nothing if dialogue.screen.at_prompt() => break,
                // it will not get better by waiting
                Heard::Nothing
                    if nudged
                        && dialogue.screen.at_counted_prompt()
                        && heard.elapsed() >= timings.nudge * 2 =>
                {
                    return Err(dialogue.no_prompt(begun));
                }
                Heard::Nothing => {
                    let welcomed = dialogue.screen.text().to_ascii_lowercase().contains(WELCOME);
                    // the welcome's first characters may be lost: then a long silence has to do
                    let patience = if welcomed { timings.nudge } else { timings.first_prompt / 4 };
                    if !nudged && heard.elapsed() >= patience {
                        nudged = true;
                        drop(dialogue.say("\n").await);
                    }
                }
            }
            if begun.elapsed() >= timings.first_prompt {
                return Err(dialogue.no_prompt(begun));
            }
        }
        let greeting = dialogue.screen.text();
        if nudged {
            // the prompt may have been under way already: then it comes twice
            dialogue.drain(timings.quiet * 3).await;
        }
        Ok((dialogue, echo::answer(&greeting, "")))
    }

    pub(super) fn timings(&self) -> Timings {
        self.timings
    }

    /// Sends a command and gives back its answer.
    pub(super) async fn run(
        &mut self,
        command: &str,
        limit: Duration,
    ) -> Result<String, ShellError> {
        self.talk(command, None, limit).await
    }

    /// Sends a command, gives this reply where it is asked for, and gives back what follows.
    pub(super) async fn asked(
        &mut self,
        command: &str,
        reply: Reply<'_>,
        limit: Duration,
    ) -> Result<String, ShellError> {
        self.talk(command, Some(reply), limit).await
    }

    async fn talk(
        &mut self,
        command: &str,
        mut reply: Option<Reply<'_>>,
        limit: Duration,
    ) -> Result<String, ShellError> {
        let named = || command.to_owned();
        if !self.usable {
            return Err(ShellError::GivenUp { command: named() });
        }
        if command.chars().any(char::is_control) {
            let why = "a command holds a control character".to_owned();
            return Err(ShellError::Refused { why });
        }
        // whatever goes wrong from here on, or whoever stops waiting, leaves the session in an unclear state
        self.usable = false;
        if self.drain(self.timings.quiet / 5).await {
            return Err(ShellError::Dropped { command: named(), sent: false });
        }
        let begun = Instant::now();
        if self.say(&format!("{command}\n")).await.is_err() {
            return Err(ShellError::Dropped { command: named(), sent: true });
        }
        let mut heard = begun;
        loop {
            let listened = self.listen(self.timings.quiet).await;
            match listened.map_err(|limit| ShellError::TooLong { command: named(), limit })? {
                Heard::Something => {
                    heard = Instant::now();
                    if self.screen.take_pager() && self.say(" ").await.is_err() {
                        return Err(ShellError::Dropped { command: named(), sent: true });
                    }
                }
                Heard::End => return Err(ShellError::Dropped { command: named(), sent: true }),
                Heard::Nothing => {
                    let long = heard.elapsed() >= self.timings.quiet * DOUBT;
                    let asked = || long.then(|| self.screen.open_question()).flatten();
                    if self.screen.at_prompt() {
                        let answer = echo::answer(&self.screen.text(), command);
                        if !answer.is_empty() || long {
                            self.usable = true;
                            tracing::trace!(command, answer, "platform shell");
                            return Ok(answer);
                        }
                    } else if let Some(question) = self.screen.question().or_else(asked) {
                        let asked = question.to_ascii_lowercase();
                        let Some(reply) = reply.take_if(|reply| asked.contains(reply.to)) else {
                            return Err(ShellError::Question { command: named(), question });
                        };
                        tokio::time::sleep(reply.pause).await;
                        self.screen.clear();
                        if self.say(&reply.text).await.is_err() {
                            return Err(ShellError::Dropped { command: named(), sent: true });
                        }
                        heard = Instant::now();
                    }
                }
            }
            if begun.elapsed() >= limit {
                let shown = end_of(&self.screen.text());
                return Err(ShellError::Timeout { command: named(), waited: limit, shown });
            }
        }
    }

    /// Reads what comes first, if anything does within this time.
    async fn listen(&mut self, time: Duration) -> Result<Heard, usize> {
        let mut part = [0; 8192];
        match timeout(time, self.stream.read(&mut part)).await {
            Err(_) => Ok(Heard::Nothing),
            Ok(Ok(0) | Err(_)) => Ok(Heard::End),
            Ok(Ok(read)) => {
                let bytes = part.get(..read).unwrap_or_default();
                self.screen.feed(bytes).map(|()| Heard::Something).map_err(|_| LONGEST)
            }
        }
    }

    /// Forgets what is shown and what still comes; `true` when the session has ended.
    async fn drain(&mut self, time: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < self.timings.first_prompt {
            self.screen.clear();
            match self.listen(time).await {
                Ok(Heard::Nothing) => break,
                Ok(Heard::End) => return true,
                Ok(Heard::Something) | Err(_) => {}
            }
        }
        self.screen.clear();
        false
    }

    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(text.as_bytes()).await?;
        self.stream.flush().await
    }

    fn no_prompt(&self, begun: Instant) -> ShellError {
        ShellError::NoPrompt { waited: begun.elapsed(), shown: end_of(&self.screen.text()) }
    }
}

/// The end of what was shown, on one line, for an error.
pub(super) fn end_of(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: Vec<char> = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    let start = line.len().saturating_sub(SHOWN);
    let end: String = line.iter().skip(start).collect();
    match (start, end.is_empty()) {
        (_, true) => "nothing".to_owned(),
        (0, false) => end,
        (_, false) => format!("…{end}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::{Dialogue, ShellError, Timings, end_of};

    const GREETING: &str = "Command Line Interface is starting up, please wait ...\r\n\r\n   \
        Welcome to the Platform Command Line Interface\r\n\r\nVMware Installation:\r\n\t2 vCPU\r\n\r\n";

    fn timings() -> Timings {
        Timings {
            nudge: Duration::from_millis(150),
            quiet: Duration::from_millis(40),
            first_prompt: Duration::from_secs(2),
            ..Timings::default()
        }
    }

    async fn say(node: &mut DuplexStream, text: &str) {
        node.write_all(text.as_bytes()).await.unwrap();
    }

    async fn hear(node: &mut DuplexStream) -> String {
        let mut part = [0; 1000];
        let read = node.read(&mut part).await.unwrap();
        String::from_utf8_lossy(&part[..read]).into_owned()
    }

    async fn ready() -> (Dialogue<DuplexStream>, DuplexStream) {
        let (ours, mut node) = duplex(100_000);
        say(&mut node, "admin:").await;
        (Dialogue::begin(ours, timings()).await.unwrap().0, node)
    }

    #[tokio::test]
    async fn one_nudge_after_a_silent_welcome_and_doubled_prompts() {
        let (ours, mut node) = duplex(100_000);
        say(&mut node, GREETING).await;
        let begin = tokio::spawn(Dialogue::begin(ours, timings()));
        assert_eq!(hear(&mut node).await, "\n");
        say(&mut node, "admin:\r\n").await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        say(&mut node, "\radmin:").await;
        let (mut dialogue, greeting) = begin.await.unwrap().unwrap();
        assert!(greeting.contains("Welcome to the Platform") && !greeting.contains("admin:"));

        let command =
            tokio::spawn(async move { dialogue.run("show myself", Duration::from_secs(5)).await });
        assert_eq!(hear(&mut node).await, "show myself\n");
        // one more late prompt before the answer
        say(&mut node, "\r\nadmin:").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        say(&mut node, "show myself\r\nlevel 4\r\nadmin:").await;
        assert_eq!(command.await.unwrap().unwrap(), "level 4");
    }

    #[tokio::test]
    async fn no_prompt_is_told_with_what_was_seen() {
        let (ours, mut node) = duplex(100_000);
        say(&mut node, "1 admin(1):").await;
        let fast = Timings { first_prompt: Duration::from_millis(300), ..timings() };
        let error = Dialogue::begin(ours, fast).await.err().unwrap();
        assert!(matches!(&error, ShellError::NoPrompt { shown, .. } if shown == "1 admin(1):"));
        assert!(error.trouble("n").next.contains("set commandcount"));
    }

    #[tokio::test]
    async fn prompt_words_inside_output_do_not_end_it() {
        let (mut dialogue, mut node) = ready().await;
        let command =
            tokio::spawn(async move { dialogue.run("show status", Duration::from_secs(5)).await });
        hear(&mut node).await;
        say(&mut node, "show status\r\nPassword:\r\nadmin:\r\n").await;
        say(&mut node, "more\r\n").await;
        tokio::time::sleep(Duration::from_millis(120)).await;
        say(&mut node, "the end\r\n\r\nadmin:").await;
        assert_eq!(command.await.unwrap().unwrap(), "Password:\nadmin:\nmore\nthe end");
    }

    #[tokio::test]
    async fn a_question_ends_the_session_unanswered() {
        let (mut dialogue, mut node) = ready().await;
        let command = tokio::spawn(async move {
            let first = dialogue.run("show status", Duration::from_secs(5)).await;
            (first, dialogue.run("show myself", Duration::from_secs(5)).await)
        });
        hear(&mut node).await;
        say(&mut node, "show status\r\nContinue (y/n)? ").await;
        let (first, second) = command.await.unwrap();
        let first = first.unwrap_err();
        assert!(
            matches!(&first, ShellError::Question { question, .. } if question == "Continue (y/n)?")
        );
        assert!(first.outcome_unknown());
        assert!(matches!(second, Err(ShellError::GivenUp { .. })));
        assert_eq!(hear(&mut node).await, "", "nothing was answered");
    }

    #[tokio::test]
    async fn an_end_in_the_middle_and_one_before() {
        let (mut dialogue, mut node) = ready().await;
        let command = tokio::spawn(async move {
            (dialogue.run("show status", Duration::from_secs(5)).await, dialogue)
        });
        hear(&mut node).await;
        drop(node);
        let (end, _) = command.await.unwrap();
        let error = end.unwrap_err();
        assert!(matches!(error, ShellError::Dropped { sent: true, .. }));
        assert!(error.outcome_unknown());

        let (mut dialogue, node) = ready().await;
        drop(node);
        let error = dialogue.run("show status", Duration::from_secs(5)).await.unwrap_err();
        assert!(matches!(error, ShellError::Dropped { sent: false, .. }));
        assert!(!error.outcome_unknown());
    }

    #[tokio::test]
    async fn time_and_length_are_bounded_and_control_characters_refused() {
        let (mut dialogue, mut node) = ready().await;
        let error = dialogue.run("a\u{3}", Duration::from_secs(5)).await.unwrap_err();
        assert!(matches!(error, ShellError::Refused { .. }));
        let error = dialogue.run("show status", Duration::from_millis(200)).await.unwrap_err();
        assert!(matches!(error, ShellError::Timeout { .. }));
        assert_eq!(hear(&mut node).await, "show status\n");

        let (mut dialogue, mut node) = ready().await;
        tokio::spawn(async move {
            hear(&mut node).await;
            let line = "x".repeat(65_536);
            while node.write_all(line.as_bytes()).await.is_ok() {}
        });
        let error = dialogue.run("show status", Duration::from_secs(30)).await.unwrap_err();
        assert!(matches!(error, ShellError::TooLong { .. }));
    }

    #[test]
    fn errors_show_the_end() {
        assert_eq!(end_of("a\n\tb\u{1} "), "a b");
        assert_eq!(end_of(" "), "nothing");
        assert_eq!(end_of(&"é".repeat(500)).chars().count(), 401);
    }
}
