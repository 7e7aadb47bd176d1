//! What a command shows, as a transcript that is the same on every machine: result, errors and exit code.

use crate::lab::{Lab, Ran};

/// Runs the binary against a laboratory's sandbox.
pub(crate) fn shown(lab: &Lab, words: &[&str]) -> String {
    transcript(lab, words, &lab.run(words))
}

/// What was shown: the command, its errors and notes, its result, its code.
pub(crate) fn transcript(lab: &Lab, words: &[&str], ran: &Ran) -> String {
    let folder = lab.path("").display().to_string();
    let same = |text: &str| settled_text(&folder, text);
    let mut out = format!("$ ippactl {}\n", words.join(" "));
    for text in [same(&ran.stderr), same(&ran.stdout)] {
        if !text.is_empty() {
            out.push_str(&text);
            out.push('\n');
        }
    }
    out + &format!("[exit {}]\n", ran.code)
}

/// A text without what differs from run to run.
pub(crate) fn settled_text(folder: &str, text: &str) -> String {
    // Progress comes by the clock.
    let by_clock = |line: &&str| line.starts_with("reading ") || line.starts_with("applying ");
    let lines = text.trim_end().lines().filter(|line| !by_clock(line));
    lines.map(|line| settled(&line.replace(folder, "…/"))).collect::<Vec<_>>().join("\n")
}

/// Without what differs from run to run: names of runs, fingerprints of certificates and of plans with them, tokens.
fn settled(line: &str) -> String {
    if let Some(path) = line.strip_prefix("journal ") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        return format!("journal {folder}/RUN.jsonl");
    }
    if let Some((before, _)) = line.split_once("last attested: ") {
        return format!("{before}last attested: by whom, when");
    }
    if line.starts_with("fingerprint ") {
        return "fingerprint …".to_owned();
    }
    if let Some((before, _)) =
        line.split_once("once done: --operator-done ").and_then(|_| line.rsplit_once('='))
    {
        return format!("{before}=TOKEN");
    }
    let word = |word: &str| match word.split_once('T') {
        Some((day, _)) if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) => {
            "RUN".to_owned()
        }
        Some((day, rest)) if day.len() == 10 && rest.ends_with('Z') => "TIME".to_owned(),
        _ => word.to_owned(),
    };
    let line = &line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    match line.split_once("sha256:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            format!("{before}sha256:…{rest}")
        }
        None => line.to_owned(),
    }
}
