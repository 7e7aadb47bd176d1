//! An agent's state and calls as text and as fields of a JSON document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::engine::agent::{AgentNow, Dialog, Ended};

use super::sanitize::line;

/// What `agent` commands tell in JSON.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct AgentReport {
    /// The agent as Finesse has it; null where only calls are told.
    pub agent: Option<AgentView>,
    /// The agent's calls; null where they were not asked for.
    pub dialogs: Option<Vec<DialogView>>,
    /// already, reached, pending, accepted but not effective; null where nothing was asked for.
    pub result: Option<String>,
    /// With what was asked: basic or bearer.
    pub credential: String,
    /// Whether the token was refreshed for it.
    pub refreshed: bool,
}

/// An agent as Finesse has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AgentView {
    /// `loginId`.
    pub id: String,
    /// `loginName`.
    pub login_name: Option<String>,
    /// e.g. `NOT_READY`.
    pub state: String,
    /// What follows the call that the agent is in.
    pub pending_state: Option<String>,
    /// Since when, in Finesse's words.
    pub since: Option<String>,
    /// The reason that the agent has given.
    pub reason: Option<String>,
    /// That reason's id.
    pub reason_id: Option<String>,
    /// Where the agent is signed in.
    pub extension: Option<String>,
    /// Team.
    pub team: Option<String>,
}

/// A call.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DialogView {
    /// What tells it from all others.
    pub id: String,
    /// Its state.
    pub state: Option<String>,
    /// Who calls.
    pub from: Option<String>,
    /// Who is called.
    pub to: Option<String>,
    /// Who takes part, and how it stands there.
    pub participants: Vec<ParticipantView>,
}

/// Somebody who takes part in a call.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParticipantView {
    /// The extension.
    pub address: String,
    /// How it stands there.
    pub state: Option<String>,
    /// Why, in Finesse's words; null where it says nothing.
    pub cause: Option<String>,
}

impl AgentReport {
    /// What was found or done, with this kind of credential.
    pub fn new(bearer: bool, refreshed: bool) -> Self {
        let credential = if bearer { "bearer" } else { "basic" }.to_owned();
        Self { credential, refreshed, ..Self::default() }
    }

    /// The agent.
    #[must_use]
    pub fn agent(mut self, now: &AgentNow) -> Self {
        self.agent = Some(AgentView {
            id: now.user.login_id.clone(),
            login_name: now.user.login_name.clone(),
            state: now.state().to_owned(),
            pending_state: now.pending.clone(),
            since: now.since.clone(),
            reason: now.reason.clone(),
            reason_id: now.reason_id.clone(),
            extension: now.user.extension.clone(),
            team: now.user.team_name.clone(),
        });
        self
    }

    /// The agent's calls.
    #[must_use]
    pub fn dialogs(mut self, dialogs: &[Dialog]) -> Self {
        let view = |dialog: &Dialog| DialogView {
            id: dialog.id.clone(),
            state: dialog.state.clone(),
            from: dialog.from.clone(),
            to: dialog.to.clone(),
            participants: dialog
                .participants
                .iter()
                .map(|one| ParticipantView {
                    address: one.address.clone(),
                    state: one.state.clone(),
                    cause: one.cause.clone(),
                })
                .collect(),
        };
        self.dialogs = Some(dialogs.iter().map(view).collect());
        self
    }

    /// What came of what was asked for.
    #[must_use]
    pub fn ended(mut self, ended: Ended) -> Self {
        self.result = Some(ended.word().to_owned());
        self
    }

    /// The fields for JSON.
    pub fn fields(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut text = self.agent.as_ref().map_or_else(String::new, AgentView::text);
        if let Some(dialogs) = &self.dialogs {
            if dialogs.is_empty() {
                text.push_str("no calls\n");
            }
            text.extend(dialogs.iter().map(DialogView::text));
        }
        if let Some(result) = &self.result {
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{result}");
        }
        text
    }
}

impl AgentView {
    fn text(&self) -> String {
        let mut rows = vec![("state", self.state.clone())];
        let reason = match (&self.reason, &self.reason_id) {
            (Some(label), Some(id)) => Some(format!("{label} ({id})")),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        let more = [
            ("pending", &self.pending_state),
            ("since", &self.since),
            ("reason", &reason),
            ("extension", &self.extension),
            ("team", &self.team),
        ];
        rows.extend(more.into_iter().filter_map(|(word, what)| Some((word, what.clone()?))));
        let who = match &self.login_name {
            Some(name) if *name != self.id => format!("{} ({name})", self.id),
            Some(_) | None => self.id.clone(),
        };
        let mut text = format!("agent {}\n", line(&who));
        for (word, what) in rows {
            let _infallible = writeln!(text, "  {word:<10} {}", line(&what));
        }
        text
    }
}

impl DialogView {
    fn text(&self) -> String {
        let word = |text: &Option<String>| line(text.as_deref().unwrap_or("?")).into_owned();
        let mut text = format!(
            "call {}: {}, {} to {}\n",
            line(&self.id),
            word(&self.state),
            word(&self.from),
            word(&self.to)
        );
        for one in &self.participants {
            let cause =
                one.cause.as_ref().map_or_else(String::new, |cause| format!(" ({})", line(cause)));
            let _infallible =
                writeln!(text, "  {:<10} {}{cause}", line(&one.address), word(&one.state));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{AgentReport, AgentView, DialogView, ParticipantView};

    #[test]
    fn an_agent_and_calls() {
        let report = AgentReport {
            agent: Some(AgentView {
                id: "1001".to_owned(),
                login_name: Some("agent1\u{1b}[2J".to_owned()),
                state: "NOT_READY".to_owned(),
                pending_state: None,
                since: None,
                reason: Some("Lunch".to_owned()),
                reason_id: Some("30".to_owned()),
                extension: Some("2001".to_owned()),
                team: None,
            }),
            dialogs: Some(vec![DialogView {
                id: "77".to_owned(),
                state: Some("ALERTING".to_owned()),
                from: Some("3001".to_owned()),
                to: None,
                participants: vec![
                    ParticipantView { address: "2001".to_owned(), state: None, cause: None },
                    ParticipantView {
                        address: "3001".to_owned(),
                        state: Some("FAILED".to_owned()),
                        cause: Some("BUSY\u{1b}".to_owned()),
                    },
                ],
            }]),
            result: Some("reached".to_owned()),
            ..AgentReport::new(true, false)
        };
        insta::assert_snapshot!(report.text(), @r"
        agent 1001 (agent1\u{1b}[2J)
          state      NOT_READY
          reason     Lunch (30)
          extension  2001
        call 77: ALERTING, 3001 to ?
          2001       ?
          3001       FAILED (BUSY\u{1b})
        reached
        ");
        assert_eq!(report.fields()["credential"], "bearer");
        assert_eq!(AgentReport::new(false, false).dialogs(&[]).text(), "no calls\n");
    }
}
