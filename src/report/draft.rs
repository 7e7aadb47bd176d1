//! A playbook and its rosters as files, from what they shall say: the sections in the order of
//! `playbooks/reference.yaml`, with the comments of the draft.

mod sections;
mod yaml;
mod roster;
#[cfg(test)]
mod tests;

use crate::playbook::draft::{Draft, RosterDraft};

/// A file that a draft makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its path, as the playbook's folder sees it.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The text of the playbook. It names the files of [`rosters`].
pub fn playbook(draft: &Draft) -> String {
    let mut out = String::new();
    yaml::comment(&mut out, 0, &draft.heading);
    for (number, (key, value)) in sections::of(draft).into_iter().enumerate() {
        let note = draft.notes.get(key).map(Vec::as_slice).unwrap_or_default();
        if value.is_none() && note.is_empty() {
            continue;
        }
        // `version` and `deployment` are one line each and stand together under the heading.
        if number > 1 || !note.is_empty() && number > 0 {
            out.push('\n');
        }
        yaml::comment(&mut out, 0, note);
        if let Some(value) = value {
            yaml::section(&mut out, key, &value, &draft.notes);
        }
    }
    if !draft.left_out.is_empty() {
        out.push('\n');
        yaml::comment(&mut out, 0, &["Found, and not part of this playbook:".to_owned()]);
        for item in &draft.left_out {
            yaml::item(&mut out, item);
        }
    }
    out
}

/// The roster and the list of phones without values, as far as the draft has them.
pub fn rosters(draft: &Draft) -> Vec<Written> {
    let Some(agents) = &draft.agents else { return Vec::new() };
    let written = |list: &RosterDraft, text| Written { path: list.path.clone(), text };
    let who = draft.one_button_sign_in;
    let user = draft.self_care.is_some();
    let mut files = Vec::new();
    files.extend(agents.roster.as_ref().map(|list| written(list, roster::agents(list, who, user))));
    files.extend(agents.phones.as_ref().map(|list| written(list, roster::phones(list))));
    files
}
