//! The recorded sessions under `tests/transcripts`, cut anywhere and torn into pieces: nothing that is cut is taken for
//! an end, and nothing that is cut for success.

use proptest::prelude::*;

use super::echo;
use super::screen::Screen;
use super::{ActiveVersion, Replication, RestartEnd, ServiceList, ServiceState, UccxServers};

macro_rules! sessions {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../tests/transcripts/", $name, ".txt")))),*]
    };
}

const SESSIONS: &[(&str, &str)] = sessions![
    "cucm-11.5",
    "finesse-12.5",
    "cucm-14",
    "cucm-15",
    "command-pager",
    "command-successful",
    "prompt-words",
    "prompt-after-starting",
    "restart-failed",
    "replication-current",
    "replication-in-progress",
    "replication-oldest",
    "replication-short",
    "replication-single",
    "replication-states",
    "replication-wrong-rows",
    "uccx",
];

/// What the node shows for one command, from the echo to the prompt.
struct Answer {
    session: &'static str,
    command: &'static str,
    bytes: Vec<u8>,
}

fn answers() -> Vec<Answer> {
    let mut all = Vec::new();
    for (session, text) in SESSIONS {
        for section in text.split("\n>>> ").skip(1) {
            let (command, lines) = section.split_once('\n').unwrap_or((section, ""));
            if command.starts_with('(') {
                continue;
            }
            let mut bytes = format!("{command}\r\n").into_bytes();
            lines.lines().for_each(|line| shown(line, &mut bytes));
            all.push(Answer { session, command, bytes });
        }
    }
    all
}

fn shown(line: &str, bytes: &mut Vec<u8>) {
    if line == "%prompt" {
        bytes.extend(b"admin:");
    } else if let Some(raw) = line.strip_prefix("%raw ") {
        let plain = raw.replace("\\e", "\u{1b}").replace("\\r", "\r").replace("\\n", "\n");
        bytes.extend(plain.bytes());
    } else if !line.starts_with('%') {
        bytes.extend(format!("{line}\r\n").bytes());
    }
}

/// What the client makes of these bytes; the pager's line is taken out as a session does it.
fn read(bytes: &[u8], command: &str) -> (Screen, String) {
    let mut screen = Screen::default();
    for byte in bytes {
        screen.feed(&[*byte]).unwrap();
        screen.take_pager();
    }
    let answer = echo::answer(&screen.text(), command);
    (screen, answer)
}

/// What would let a run go on.
fn success(command: &str, answer: &str) -> bool {
    match command.split_whitespace().collect::<Vec<_>>()[..] {
        ["utils", "service", "restart", ..] => {
            let service = command.trim_start_matches("utils service restart ");
            RestartEnd::parse(answer, service) == RestartEnd::Started
        }
        ["utils", "service", "list"] => {
            let list = ServiceList::parse(answer).ok();
            let state = list.as_ref().and_then(|list| list.state("Cisco Finesse Tomcat"));
            state == Some(&ServiceState::Started)
        }
        ["utils", "dbreplication", "runtimestate"] => {
            Replication::parse(answer).is_ok_and(|read| read.complete() && !read.in_progress)
        }
        ["show", "uccx", ..] => {
            matches!(UccxServers::parse(answer), Ok(Some(servers)) if servers.complete())
        }
        ["show", "version", "active"] => ActiveVersion::parse(answer).is_ok(),
        _ => false,
    }
}

/// Where that which makes it a success is complete.
fn decisive(command: &str, bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let after = |what: &str| text.rfind(what).map_or(text.len(), |at| at + what.len());
    let first = |what: &str| text.find(what).map_or(text.len(), |at| at + what.len());
    match command.split_whitespace().collect::<Vec<_>>()[..] {
        ["utils", "service", "restart", ..] => first("[STARTED]"),
        ["utils", "service", "list"] => first("Cisco Finesse Tomcat[STARTED]"),
        ["utils", "dbreplication", "runtimestate"] => after("(2)"),
        ["show", "uccx", ..] => after("Local           0"),
        ["show", "version", "active"] => after("Installed Software Options:"),
        _ => text.len(),
    }
}

#[test]
fn whole_answers_end_at_the_prompt() {
    let all = answers();
    assert!(all.len() > 30, "{}", all.len());
    let good = all.iter().filter(|answer| {
        let (screen, text) = read(&answer.bytes, answer.command);
        assert!(screen.at_prompt(), "{} {}", answer.session, answer.command);
        success(answer.command, &text)
    });
    assert!(good.count() > 12);
}

/// Every cut of every answer: no session would take it for an end, and no parser for success before that which makes
/// it one has come.
#[test]
fn nothing_that_is_cut_is_an_end_or_a_success() {
    for Answer { session, command, bytes } in answers() {
        let decisive = decisive(command, &bytes);
        let mut screen = Screen::default();
        for at in 0..bytes.len() - 1 {
            screen.feed(&bytes[at..=at]).unwrap();
            screen.take_pager();
            let end = at + 1;
            assert!(!screen.at_prompt(), "{session} {command} at {end}");
            let answer = echo::answer(&screen.text(), command);
            let early = end < decisive && success(command, &answer);
            assert!(!early, "{session} {command} at {end}: {answer}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The front may be lost, and bytes in the middle may be others: no parser minds, and a lost end is no success.
    #[test]
    fn torn_and_disturbed_answers_are_survived(
        which in any::<prop::sample::Index>(),
        from in 0_usize..80,
        cut in any::<prop::sample::Index>(),
        noise in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let all = answers();
        let Answer { command, bytes, .. } = which.get(&all);
        let mut torn = bytes.get(from.min(bytes.len())..).unwrap_or_default().to_vec();
        torn.truncate(cut.index(torn.len() + 1));
        for (at, byte) in noise {
            if let Some(own) = torn.get_mut(at.index(bytes.len())) {
                *own = byte;
            }
        }
        let (screen, answer) = read(&torn, command);
        drop((screen.question(), ServiceList::parse(&answer), Replication::parse(&answer)));
        drop((UccxServers::parse(&answer), ActiveVersion::parse(&answer)));
        if torn.len() + from + 12 < decisive(command, bytes) {
            prop_assert!(!success(command, &answer), "{}", answer);
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for command in ["utils service list", "utils dbreplication runtimestate", "show uccx x",
            "show version active", "utils service restart Cisco Finesse Tomcat"] {
            let (screen, answer) = read(&bytes, command);
            drop(screen.question());
            prop_assert!(!success(command, &answer), "{}", answer);
        }
    }
}
