//! What a terminal would show of a stream of bytes: control sequences taken out, lines normalised, length bounded; and
//! what stands at its end: a prompt, a pager, a question.

/// The longest output that is kept, in bytes.
pub(super) const LONGEST: usize = 1024 * 1024;

const PROMPT: &str = "admin:";
/// How the pager's line begins; it ends in `to quit`.
const PAGER: &[u8] = b"press <enter> for 1 line, <space>";
/// The end of a line that is looked at for a prompt, a pager or a question, in bytes: it is looked at with every packet.
const LOOKED_AT: usize = 1024;
/// Parameters of one control sequence that are kept.
const PARAMETERS: usize = 32;

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Screen {
    text: Vec<u8>,
    /// Where the last thing that is no white space ends, or beyond it: white space without end is looked at once.
    solid: usize,
    state: State,
    /// A carriage return was the last thing: what follows says whether it ended the line or went back in it.
    returned: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Text,
    Escape,
    /// `ESC [`, parameters, one letter.
    Control(Vec<u8>),
    /// `ESC ]`, until BEL or `ESC \`.
    Command,
    CommandEscape,
    /// One more byte, e.g. of a character set.
    One,
}

/// There is more than [`LONGEST`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Screen {
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        for byte in bytes {
            self.byte(*byte);
        }
        if self.text.len() > LONGEST { Err(TooLong) } else { Ok(()) }
    }

    /// What was shown is of no more interest.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.solid = 0;
        self.returned = false;
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// Whether the last line is a prompt.
    pub(super) fn at_prompt(&self) -> bool {
        is_prompt(&self.last_line())
    }

    /// Whether the output waits for a key to go on; the pager's line is taken out, so this is told once per page.
    pub(super) fn take_pager(&mut self) -> bool {
        let text = self.trimmed();
        let (start, _) = line_end(text);
        let line = text.get(start..).unwrap_or_default().to_ascii_lowercase();
        let found = line.windows(PAGER.len()).position(|part| part == PAGER);
        let Some(at) = found.filter(|_| line.ends_with(b"to quit")) else { return false };
        self.text.truncate(start + at);
        true
    }

    /// The question that stands last, when it is one.
    pub(super) fn question(&self) -> Option<String> {
        let line = self.last_line();
        let squeezed: String =
            line.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let open = squeezed.trim_end_matches(['?', ':']);
        let choice = ["(y/n)", "[y/n]", "(yes|no)", "(yes/no)", "[yes/no]"];
        let asks = choice.iter().any(|ending| open.ends_with(ending))
            || open.ends_with("hitenter")
            || squeezed.starts_with("options:q=quit");
        asks.then(|| on_one_line(&line))
    }

    /// A line that ends in a question mark with the cursor behind it: after a long silence it is a question, too.
    pub(super) fn open_question(&self) -> Option<String> {
        let text = self.trimmed();
        let same_line = self.text.get(text.len()..).is_some_and(|rest| !rest.contains(&b'\n'));
        (same_line && text.ends_with(b"?")).then(|| on_one_line(&self.last_line()))
    }

    /// Whether the last line is the prompt with a number in or around it, as `set commandcount enable` makes it.
    pub(super) fn at_counted_prompt(&self) -> bool {
        let line = self.last_line();
        let letters: String = line.chars().filter(char::is_ascii_alphabetic).collect();
        let rest = |c: char| c.is_ascii_alphanumeric() || " :()[]#".contains(c);
        letters == "admin" && line.trim_end().ends_with(':') && line.chars().all(rest)
    }

    fn byte(&mut self, byte: u8) {
        match &mut self.state {
            State::Text => self.shown(byte),
            State::Escape => {
                self.state = match byte {
                    b'[' => State::Control(Vec::new()),
                    b']' => State::Command,
                    b'(' | b')' | b'*' | b'+' | b'#' | b'%' => State::One,
                    _ => State::Text,
                }
            }
            State::Control(parameters) => {
                if (0x40..=0x7e).contains(&byte) {
                    let erases = byte == b'K' && (self.returned || parameters == b"2");
                    self.state = State::Text;
                    if erases {
                        self.returned = false;
                        self.erase_line();
                    }
                } else if byte < 0x20 || parameters.len() >= PARAMETERS {
                    self.state = State::Text;
                } else {
                    parameters.push(byte);
                }
            }
            State::Command => match byte {
                0x07 => self.state = State::Text,
                0x1b => self.state = State::CommandEscape,
                // a command has no line feeds: it was none, and its rest is text
                b'\n' => {
                    self.state = State::Text;
                    self.shown(byte);
                }
                _ => {}
            },
            State::CommandEscape | State::One => self.state = State::Text,
        }
    }

    fn shown(&mut self, byte: u8) {
        match byte {
            0x1b => self.state = State::Escape,
            b'\r' => self.returned = true,
            b'\n' => {
                self.returned = false;
                self.text.push(b'\n');
            }
            0x08 => self.back(),
            b'\t' | 0x20..=0x7e | 0x80.. => {
                if self.returned && self.last_line_start() < self.text.len() {
                    self.text.push(b'\n');
                }
                self.returned = false;
                self.text.push(byte);
                if !byte.is_ascii_whitespace() {
                    self.solid = self.text.len();
                }
            }
            _ => {}
        }
    }

    /// Takes one character back, within the line.
    fn back(&mut self) {
        while let Some(last) = self.text.pop_if(|last| *last != b'\n') {
            let continues = (0x80..0xc0).contains(&last);
            if !continues {
                break;
            }
        }
    }

    fn erase_line(&mut self) {
        let start = self.last_line_start();
        self.text.truncate(start);
    }

    fn last_line_start(&self) -> usize {
        self.text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
    }

    /// The text without white space at its end.
    fn trimmed(&self) -> &[u8] {
        self.text.get(..self.solid).unwrap_or(&self.text).trim_ascii_end()
    }

    /// The last line that is not blank, without its line feed. Of a long one the end, with a mark before it.
    fn last_line(&self) -> String {
        let text = self.trimmed();
        let (start, whole) = line_end(text);
        let line = String::from_utf8_lossy(text.get(start..).unwrap_or_default());
        if whole { line.into_owned() } else { format!("…{line}") }
    }
}

/// Where the last line begins, or what is looked at of it; and whether that is the whole line.
fn line_end(text: &[u8]) -> (usize, bool) {
    let from = text.len().saturating_sub(LOOKED_AT);
    let end = text.get(from..).unwrap_or_default();
    match end.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => (from + at + 1, true),
        None => (from, from == 0),
    }
}

fn on_one_line(line: &str) -> String {
    line.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The literal word and nothing else on the line: `Password:` ends in a colon too.
pub(super) fn is_prompt(line: &str) -> bool {
    line.trim() == PROMPT
}

/// A line without prompts before it, as they stand there when one came late.
pub(super) fn after_prompts(mut line: &str) -> &str {
    while let Some(rest) = line.trim_start().strip_prefix(PROMPT) {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, Screen, TooLong};

    fn shown(bytes: &[u8]) -> Screen {
        let mut screen = Screen::default();
        screen.feed(bytes).unwrap();
        screen
    }

    #[test]
    fn line_ends_colours_and_erased_lines() {
        for (bytes, text) in [
            ("a\r\nb\rc\n\rd", "a\nb\nc\nd"),
            ("\x1b[1mbold\x1b[0m\x1b]0;title\x07!\x1b(B", "bold!"),
            ("\x1b]0;title\x1b\\x", "x"),
            ("one\r\n-\x08\\\x08|\x08/\x08done", "one\ndone"),
            ("half\r\x1b[Kwhole", "whole"),
            ("half\x1b[2Kwhole", "whole"),
            ("kept\x1b[K too", "kept too"),
            ("é\x08e\0\x07", "e"),
            ("\x08\x08a\n\x08b", "a\nb"),
        ] {
            assert_eq!(shown(bytes.as_bytes()).text(), text, "{bytes:?}");
        }
        // torn anywhere
        let mut screen = Screen::default();
        for byte in b"x\x1b[0;1mad\x1b[0mmin:\r\n\radmin:" {
            screen.feed(&[*byte]).unwrap();
        }
        assert_eq!(screen.text(), "xadmin:\nadmin:");
    }

    #[test]
    fn only_the_literal_prompt_on_a_line_of_its_own() {
        for (bytes, prompt) in [
            ("admin:", true),
            ("x\r\nadmin: ", true),
            ("x\r\n  admin:  \r\n", true),
            ("x\r\x1b[Kadmin:", true),
            ("admin:utils service list", false),
            ("user admin:", false),
            ("Password:", false),
            ("admin(12):", false),
            ("", false),
        ] {
            assert_eq!(shown(bytes.as_bytes()).at_prompt(), prompt, "{bytes:?}");
        }
    }

    #[test]
    fn a_prompt_with_a_number_is_told_from_other_lines() {
        for line in ["1 admin:", "admin(12):", "[3] admin: "] {
            assert!(shown(line.as_bytes()).at_counted_prompt(), "{line}");
        }
        for line in ["Password:", "user admin:", "1 admin", "admin: 1", ""] {
            assert!(!shown(line.as_bytes()).at_counted_prompt(), "{line}");
        }
    }

    #[test]
    fn the_pager_is_told_once_and_taken_out() {
        let mut screen = shown(
            b"one\r\ntwo\r\n\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m",
        );
        assert!(screen.take_pager());
        assert!(!screen.take_pager());
        screen.feed(b"\r\x1b[Kthree\r\nadmin:").unwrap();
        assert_eq!(screen.text(), "one\ntwo\nthree\nadmin:");
    }

    #[test]
    fn a_line_without_end_costs_no_more_than_its_end() {
        let long = "x".repeat(900_000);
        let mut screen = shown(long.as_bytes());
        let began = std::time::Instant::now();
        for _ in 0..20_000 {
            screen.feed(b" \n").unwrap();
            assert!(!screen.at_prompt() && !screen.take_pager() && screen.question().is_none());
        }
        screen.feed(b"\nadmin:\n").unwrap();
        assert!(screen.at_prompt());
        assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
        let padded = format!("x{}admin:", " ".repeat(2000));
        assert!(
            !shown(padded.as_bytes()).at_prompt() && !shown(padded.as_bytes()).at_counted_prompt()
        );
        let asked = format!("{long} (yes/no)?");
        assert!(shown(asked.as_bytes()).question().is_some());
    }

    #[test]
    fn questions_stand_last() {
        for question in [
            "Continue (y/n)? ",
            "(yes|no)?",
            "Enter (yes/no)? ",
            "Proceed with regeneration (yes|no)?",
            "Do you want to use the same certificate for tomcat-client (yes|no) ?",
            "Paste the Certificate and Hit Enter",
            "options: q=quit, n=next, p=prev, b=begin, e=end (lines 1 - 20 of 374) : ",
        ] {
            let screen = shown(format!("warning\r\n{question}").as_bytes());
            assert_eq!(screen.question().as_deref(), Some(question.trim()), "{question}");
        }
        for other in ["Enter (yes/no)? \r\nadmin:", "what?", "Password:", "(yes/no)? yes\r\nbusy"] {
            assert_eq!(shown(other.as_bytes()).question(), None, "{other}");
        }
    }

    #[test]
    fn a_question_mark_under_the_cursor_may_be_a_question() {
        let open = |text: &str| shown(text.as_bytes()).open_question();
        assert_eq!(open("Agents.\r\nAre you sure? ").as_deref(), Some("Are you sure?"));
        for other in ["Are you sure?\r\n", "Are you sure? yes", "", "admin:", "?\r\nadmin:"] {
            assert_eq!(open(other), None, "{other}");
        }
    }

    #[test]
    fn the_text_is_bounded() {
        let mut screen = Screen::default();
        assert_eq!(screen.feed(&vec![b'x'; LONGEST]), Ok(()));
        assert_eq!(screen.feed(b"x"), Err(TooLong));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0_usize..400) {
            let at = at.min(bytes.len());
            let whole = shown(&bytes);
            let mut torn = Screen::default();
            torn.feed(&bytes[..at]).unwrap();
            torn.feed(&bytes[at..]).unwrap();
            prop_assert_eq!(whole.text(), torn.text());
            let clean = !torn.text().contains(['\u{1b}', '\r']);
            prop_assert!(clean);
            drop((torn.at_prompt(), torn.question(), torn.take_pager()));
        }
    }
}
