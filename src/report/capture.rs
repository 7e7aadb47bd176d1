//! What a capture kept, as text.

use std::collections::BTreeMap;

use super::sanitize::line;
use super::style::count;

/// What is reported of a capture.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Where it is.
    pub folder: String,
    /// What is in it.
    pub holds: &'static str,
    /// Exchanges by kind.
    pub exchanges: BTreeMap<String, usize>,
    /// Secrets that were replaced.
    pub secrets: usize,
    /// Secrets of them that are declared passwords of agents.
    pub of_agents: usize,
    /// What a complete capture would hold and this one does not.
    pub missing: Vec<String>,
}

/// The lines above the last one.
pub(super) fn draw(out: &mut String, captured: &Captured) {
    let widest = captured.exchanges.keys().map(String::len).max().unwrap_or(0);
    let mut lines: Vec<String> = captured
        .exchanges
        .iter()
        .map(|(kind, number)| format!("  {kind:<widest$}  {number}"))
        .collect();
    let folder = line(&captured.folder);
    let replaced = match captured.secrets {
        0 => "there were none to replace".to_owned(),
        number => format!("{} replaced by placeholders", count(number, "secret")),
    };
    lines.push(format!("{folder} holds {}; {replaced}", captured.holds));
    lines.extend(captured.missing.iter().map(|text| format!("not captured: {}", line(text))));
    let passwords = if captured.of_agents > 0 { " --agent-passwords FILE" } else { "" };
    lines.push(format!("next: ippactl sandbox --from {folder}{passwords} --ready FILE"));
    for one in lines {
        out.push_str(&one);
        out.push('\n');
    }
}
