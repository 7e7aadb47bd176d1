//! A person at a terminal of 80×24: the real binary on a pseudo-terminal, what its screen shows, and what is typed.

use std::cell::Cell;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::Pty;
use rustix::termios::{LocalModes, tcgetattr};
use vt100::{Parser, Screen};

use crate::lab::Lab;

const ROWS: u16 = 24;
const COLUMNS: u16 = 80;
/// Rows of paper: more than any run writes, so that nothing of it is scrolled away.
const LONG: u16 = 2000;
/// How long anything may take to appear. It is there at once, or the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// A run of the binary at a terminal; ended when dropped.
pub(crate) struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    reader: Option<JoinHandle<()>>,
    /// Where on the paper the last answer was typed: what stands there is no new question.
    answered: Cell<Option<u16>>,
}

/// What has come so far.
struct Shown {
    /// What is seen.
    screen: Parser,
    /// All that was ever seen, as if the screen had no end.
    paper: Parser,
    /// Every byte.
    bytes: Vec<u8>,
    /// Nothing more will come.
    over: bool,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Left {
    /// The exit code; none when a signal ended it, as Ctrl-C does at a question before anything can have been written.
    pub(crate) code: Option<i32>,
    /// All lines of it, as they would be on a screen without end: what a terminal broke at 80 columns is two lines.
    pub(crate) transcript: String,
    /// Lines that did not fit and were broken by the terminal, each as one.
    pub(crate) broken: Vec<String>,
    /// Every byte that was written to the terminal, its echo among them.
    pub(crate) bytes: Vec<u8>,
}

impl Left {
    /// The end, which must have this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.transcript);
        self
    }

    /// Whether a text was ever written to the terminal.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes())
    }
}

impl Terminal {
    /// Starts a command on a terminal of its own.
    pub(crate) fn start(mut command: Command) -> Self {
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(ROWS, COLUMNS)).unwrap();
        let child = pty_process::blocking::Command::from(command).spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let shown =
            Shown { screen: paper(ROWS), paper: paper(LONG), bytes: Vec::new(), over: false };
        let shown = Arc::new((Mutex::new(shown), Condvar::new()));
        let (from, into) = (Arc::clone(&pty), Arc::clone(&shown));
        let reader = Some(std::thread::spawn(move || read(&from, &into)));
        Self { child, pty, shown, reader, answered: Cell::default() }
    }

    /// Waits until the screen shows a text, wherever.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        self.until(text, |shown| lines(shown.screen.screen()).concat().contains(text));
    }

    /// Waits until a question stands where the cursor is: one that is answered does not count.
    #[track_caller]
    pub(crate) fn asks(&self, question: &str) {
        let answered = self.answered.get();
        self.until(question, |shown| {
            let paper = shown.paper.screen();
            let below = answered.is_none_or(|row| paper.cursor_position().0 > row);
            below && at_cursor(paper).contains(question)
        });
    }

    /// Waits until a question is asked to which the answer is not shown.
    #[track_caller]
    pub(crate) fn asks_quietly(&self, question: &str) {
        self.asks(question);
        let begun = Instant::now();
        while tcgetattr(&*self.pty).unwrap().local_modes.contains(LocalModes::ECHO) {
            assert!(begun.elapsed() < PATIENCE, "what is typed would be shown");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until a yes or a no is asked for, or until the end: whether it is asked for.
    pub(crate) fn asks_or_ends(&self) -> bool {
        let (answered, asked) = (self.answered.get(), Cell::new(false));
        self.until("a question or the end", |shown| {
            let paper = shown.paper.screen();
            let below = answered.is_none_or(|row| paper.cursor_position().0 > row);
            asked.set(below && at_cursor(paper).contains("[y/N]"));
            asked.get() || shown.over
        });
        asked.get()
    }

    /// Types a line.
    pub(crate) fn types(&self, line: &str) {
        let shown = self.shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.answered.set(Some(shown.paper.screen().cursor_position().0));
        drop(shown);
        (&*self.pty).write_all(format!("{line}\r").as_bytes()).unwrap();
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupts(&self) {
        (&*self.pty).write_all(&[3]).unwrap();
    }

    /// What is on the screen, line by line.
    pub(crate) fn screen(&self) -> String {
        lines(self.shown.0.lock().unwrap_or_else(PoisonError::into_inner).screen.screen()).concat()
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn ends(mut self) -> Left {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        };
        self.reader.take().unwrap().join().unwrap();
        let shown = self.shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        let paper = shown.paper.screen();
        Left {
            code: status.code(),
            transcript: lines(paper).concat().trim_end().to_owned(),
            broken: broken(paper),
            bytes: shown.bytes.clone(),
        }
    }

    #[track_caller]
    fn until(&self, wanted: &str, there: impl Fn(&Shown) -> bool) {
        let (shown, news) = &*self.shown;
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = |shown: &mut Shown| !shown.over && !there(shown);
        let (shown, _) = news.wait_timeout_while(shown, PATIENCE, missing).unwrap();
        let found = there(&shown);
        let seen = lines(shown.screen.screen()).concat();
        // Given back, so that the end can still be told of.
        drop(shown);
        assert!(found, "not shown: {wanted}\nthe screen:\n{seen}");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Lab {
    /// The binary at a terminal, with everything that leads it to this sandbox.
    pub(crate) fn at_terminal(&self, words: &[&str]) -> Terminal {
        Terminal::start(self.command(words))
    }
}

fn paper(rows: u16) -> Parser {
    Parser::new(NonZero::new(rows).unwrap(), NonZero::new(COLUMNS).unwrap(), 0)
}

/// Reads until nobody has the other side open any more, which some systems tell by an error.
fn read(pty: &Pty, shown: &(Mutex<Shown>, Condvar)) {
    let mut chunk = [0; 4096];
    let mut pty = pty;
    while let Ok(length @ 1..) = pty.read(&mut chunk) {
        let part = chunk.get(..length).unwrap();
        let mut shown_now = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown_now.screen.process(part);
        shown_now.paper.process(part);
        shown_now.bytes.extend_from_slice(part);
        shown.1.notify_all();
    }
    shown.0.lock().unwrap_or_else(PoisonError::into_inner).over = true;
    shown.1.notify_all();
}

/// The lines of a screen, each with its end.
fn lines(screen: &Screen) -> Vec<String> {
    screen.rows(0, COLUMNS).map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The line at which the cursor stands, with those before it that it is the continuation of.
fn at_cursor(screen: &Screen) -> String {
    let (row, _) = screen.cursor_position();
    let first = (0..row).rev().take_while(|row| screen.row_wrapped(*row)).last().unwrap_or(row);
    let rows = screen.rows(0, COLUMNS).skip(usize::from(first));
    rows.take(usize::from(row - first) + 1).collect()
}

fn broken(screen: &Screen) -> Vec<String> {
    let mut broken = Vec::new();
    let mut line = String::new();
    for (row, text) in (0..).zip(screen.rows(0, COLUMNS)) {
        let goes_on = screen.row_wrapped(row);
        if goes_on || !line.is_empty() {
            line.push_str(&text);
        }
        if !goes_on && !line.is_empty() {
            broken.push(std::mem::take(&mut line));
        }
    }
    broken
}

#[test]
fn the_screen_is_what_a_person_sees_and_the_transcript_all_of_it() {
    let mut command = Command::new("sh");
    let script = "i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; \
                  printf '\\033[31mred\\033[0m gone\\rover\\n'; printf '%090d\\n' 7; \
                  printf 'name? '; read name; echo \"hello $name\"; exit 3";
    command.args(["-c", script]);
    let terminal = Terminal::start(command);
    terminal.asks("name? ");
    let screen = terminal.screen();
    assert!(screen.contains("line 29") && !screen.contains("line 3\n"), "{screen}");
    assert!(screen.contains("overgone") && !screen.contains("red"), "{screen}");
    terminal.types("you");
    let left = terminal.ends().expect(3);
    assert!(left.transcript.starts_with("line 0\nline 1\n"), "{}", left.transcript);
    assert!(left.transcript.ends_with("name? you\nhello you"), "{}", left.transcript);
    assert_eq!(left.broken, [format!("{:090}", 7)]);
    assert!(left.has("red") && !left.has("blue"));
}

#[test]
fn ctrl_c_reaches_what_runs_at_the_terminal() {
    let mut command = Command::new("sh");
    command.args(["-c", "trap 'exit 130' INT; printf 'ready '; read x; exit 0"]);
    let terminal = Terminal::start(command);
    terminal.asks("ready");
    terminal.interrupts();
    let left = terminal.ends();
    assert_eq!(left.code, Some(130), "{}", left.transcript);
}
