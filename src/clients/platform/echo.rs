//! What of the screen is the command's own answer: without the echoed command before it and the prompts around it.

use super::screen::{after_prompts, is_prompt};

/// The answer. The echo may be split by wrapped lines, lack its first characters, or not be there at all.
pub(super) fn answer(shown: &str, command: &str) -> String {
    let text = first_line(shown);
    let mut after = without_echo(after_prompts(text), command);
    // a prompt of before may come as late as after the echo
    let late = first_line(after);
    if late.trim_start() != after_prompts(late) || late.is_empty() {
        after = after_prompts(late).trim_start_matches(' ');
    }
    let mut lines: Vec<&str> = after.lines().collect();
    while lines.last().is_some_and(|line| line.trim().is_empty() || is_prompt(line)) {
        lines.pop();
    }
    lines.join("\n")
}

/// The text from its first line on that is neither blank nor a prompt alone.
fn first_line(mut text: &str) -> &str {
    loop {
        let line = text.lines().next().unwrap_or_default();
        if !line.trim().is_empty() && !is_prompt(line) {
            return text;
        }
        let Some((_, rest)) = text.split_once('\n') else { return "" };
        text = rest;
    }
}

fn without_echo<'a>(text: &'a str, command: &str) -> &'a str {
    let letters: Vec<char> = command.chars().filter(|c| !c.is_whitespace()).collect();
    // less than half a command may as well be output
    let most = letters.len() / 2;
    (0..=most).find_map(|start| after(text, letters.get(start..)?)).unwrap_or(text)
}

/// The rest after these letters, which white space may part, when a line ends there.
fn after<'a>(text: &'a str, letters: &[char]) -> Option<&'a str> {
    let mut rest = text.chars();
    for letter in letters {
        if rest.find(|c| !c.is_whitespace())? != *letter {
            return None;
        }
    }
    let rest = rest.as_str();
    let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
    line.trim().is_empty().then_some(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::answer;

    #[test]
    fn echo_and_prompts_are_no_answer() {
        let command = "utils service list";
        for shown in [
            "utils service list\nA Cisco DB[STARTED]\nadmin:",
            "admin:\nadmin:utils service list\nA Cisco DB[STARTED]\n\nadmin:\n\nadmin:",
            "utils serv\nice list\nA Cisco DB[STARTED]\nadmin:",
            "tils service list\nA Cisco DB[STARTED]\nadmin:",
            "A Cisco DB[STARTED]\nadmin:",
            "utils service list\n\nadmin:A Cisco DB[STARTED]\nadmin:",
            "utils service list\nadmin:\nadmin: A Cisco DB[STARTED]\nadmin:",
        ] {
            assert_eq!(answer(shown, command), "A Cisco DB[STARTED]", "{shown:?}");
        }
        for shown in ["", "admin:", "utils service list", "\n\nutils service list\n\nadmin:"] {
            assert_eq!(answer(shown, command), "", "{shown:?}");
        }
        // a whole line that begins like the command is output
        let shown = "utils service list is busy\nadmin:";
        assert_eq!(answer(shown, command), "utils service list is busy");
    }

    proptest! {
        #[test]
        fn never_longer_than_what_was_shown(shown in "(admin:|show |myself|[ a\n]){0,30}") {
            prop_assert!(answer(&shown, "show myself").len() <= shown.len());
        }
    }
}
