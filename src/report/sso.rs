//! Kept tokens as text and as fields of a JSON document. A token itself is no part of it.

use std::fmt::Write as _;

use jiff::Timestamp;
use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::Value;

use crate::engine::tokens::{Kept, Stage, claims};
use crate::lint;

use super::sanitize::line;

/// What `sso` commands tell in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tokens {
    /// One entry for each agent.
    pub tokens: Vec<TokenView>,
}

/// The tokens of one agent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TokenView {
    /// The agent, as the command line named it.
    pub agent: String,
    /// The agent's `loginId`, once Finesse has told it.
    pub login_id: Option<String>,
    /// fresh, due (to be refreshed), ended.
    pub stage: String,
    /// When the access token was received, RFC 3339.
    pub received: String,
    /// Seconds that it lives from then on.
    pub expires_in: u64,
    /// When it ends.
    pub ends: String,
    /// Seconds left.
    pub seconds_left: u64,
    /// When it is to be refreshed: after 75 % of its life.
    pub refresh_at: String,
    /// Whether it can be refreshed now.
    pub refreshable: bool,
    /// Why not.
    pub not_refreshable: Option<String>,
    /// When the refresh token ends, where anything tells.
    pub refresh_ends: Option<String>,
    /// signed (it can be read) or opaque.
    pub form: String,
    /// The user that a signed token names.
    pub user_id: Option<String>,
    /// The token itself; only with `--reveal`.
    pub token: Option<String>,
    /// What is to be done about it.
    pub findings: Vec<TokenFinding>,
}

/// A check of the table that a token answers to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TokenFinding {
    /// The check's id.
    pub check: String,
    /// error, warning, info.
    pub severity: String,
    /// What is the matter.
    pub title: String,
    /// What to do about it.
    pub fix: String,
}

impl TokenView {
    /// What there is to say of these tokens now; `further` are checks that the playbook or the call decides.
    pub fn of(kept: &Kept, now: Timestamp, further: &[&'static str]) -> Self {
        let stage = kept.life.stage(now);
        let told = claims(kept.access.expose_secret());
        let of_refresh = kept.refresh.as_ref().and_then(|token| claims(token.expose_secret()));
        let told_end = of_refresh.and_then(|claims| claims.ends);
        let refresh_ends = kept.refresh_life.map(crate::engine::tokens::Life::ends).or(told_end);
        let not_refreshable = kept.dead(now);
        let own = match stage {
            Stage::Ended => Some("sso-refresh-dead"),
            Stage::Fresh | Stage::Due if kept.refresh.is_none() => Some("sso-release"),
            Stage::Due if not_refreshable.is_some() => Some("sso-refresh-dead"),
            Stage::Due => Some("sso-refresh-due"),
            Stage::Fresh => None,
        };
        let checks = own.into_iter().chain(further.iter().copied());
        Self {
            agent: kept.agent.clone(),
            login_id: kept.login_id.clone(),
            stage: stage.word().to_owned(),
            received: moment(kept.life.received),
            expires_in: kept.life.expires_in,
            ends: moment(kept.life.ends()),
            seconds_left: kept.life.seconds_left(now),
            refresh_at: moment(kept.life.refresh_at()),
            refreshable: not_refreshable.is_none(),
            not_refreshable: not_refreshable.map(str::to_owned),
            refresh_ends: refresh_ends.map(moment),
            form: if told.is_some() { "signed" } else { "opaque" }.to_owned(),
            user_id: told.and_then(|claims| claims.user_id),
            token: None,
            findings: checks.filter_map(finding).collect(),
        }
    }

    /// The same with the token itself.
    #[must_use]
    pub fn revealed(self, kept: &Kept) -> Self {
        Self { token: Some(kept.access.expose_secret().to_owned()), ..self }
    }

    fn text(&self) -> String {
        let who = match &self.login_id {
            Some(id) if *id != self.agent => format!("{} (loginId {id})", self.agent),
            Some(_) | None => self.agent.clone(),
        };
        let left = format!("{}, {} s left", self.ends, self.seconds_left);
        let refresh = match (&self.not_refreshable, &self.refresh_ends) {
            (Some(why), _) => format!("not any more: {why}"),
            (None, Some(ends)) => format!("at {} (its refresh token ends {ends})", self.refresh_at),
            (None, None) => format!("at {}", self.refresh_at),
        };
        let form = match &self.user_id {
            Some(user) => format!("{}, of user {user}", self.form),
            None => self.form.clone(),
        };
        let rows = [
            ("token", "(secret)"),
            ("form", &form),
            ("received", &self.received),
            ("ends", &left),
            ("refresh", &refresh),
        ];
        let mut text = format!("agent {}: {}\n", line(&who), self.stage);
        for (word, what) in rows {
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "  {word:<10} {}", line(what));
        }
        for found in &self.findings {
            let (severity, check) = (&found.severity, &found.check);
            let _infallible =
                writeln!(text, "  {severity:<10} {check}: {}. {}", found.title, found.fix);
        }
        text
    }
}

/// Whole seconds are enough for a person.
fn moment(at: Timestamp) -> String {
    at.round(jiff::Unit::Second).unwrap_or(at).to_string()
}

fn finding(id: &'static str) -> Option<TokenFinding> {
    let check = lint::check(id)?;
    Some(TokenFinding {
        check: check.id.to_owned(),
        severity: check.severity.word().to_owned(),
        title: check.title.to_owned(),
        fix: check.fix.to_owned(),
    })
}

/// The tokens as text.
pub fn text(tokens: &Tokens) -> String {
    if tokens.tokens.is_empty() {
        return "no tokens are kept\n".to_owned();
    }
    tokens.tokens.iter().map(TokenView::text).collect()
}

/// The tokens for JSON.
pub fn fields(tokens: &Tokens) -> Value {
    serde_json::to_value(tokens).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{TokenView, Tokens, fields, text};
    use crate::engine::tokens::{Kept, Life};

    fn kept(refresh: bool) -> Kept {
        let received: Timestamp = "2026-01-31T09:00:00Z".parse().unwrap();
        Kept {
            agent: "agent1".to_owned(),
            login_id: Some("1001".to_owned()),
            access: "hunter2".into(),
            life: Life { received, expires_in: 20 },
            refresh: refresh.then(|| "hunter3".into()),
            refresh_life: None,
        }
    }

    fn seen(refresh: bool, second: i64) -> Tokens {
        let now = Timestamp::from_second(1_769_850_000 + second).unwrap();
        Tokens { tokens: vec![TokenView::of(&kept(refresh), now, &[])] }
    }

    #[test]
    fn a_token_is_told_and_not_shown() {
        insta::assert_snapshot!(text(&seen(true, 3)), @r"
        agent agent1 (loginId 1001): fresh
          token      (secret)
          form       opaque
          received   2026-01-31T09:00:00Z
          ends       2026-01-31T09:00:20Z, 17 s left
          refresh    at 2026-01-31T09:00:15Z
        ");
        let all = format!("{}{}", text(&seen(true, 3)), fields(&seen(true, 3)));
        assert!(!all.contains("hunter"));
    }

    #[test]
    fn what_is_to_be_done_stands_beside_it() {
        let found = |refresh, second| {
            let seen = seen(refresh, second);
            let findings = &seen.tokens[0].findings;
            findings.iter().map(|finding| finding.check.clone()).collect::<Vec<_>>()
        };
        assert!(found(true, 14).is_empty());
        assert_eq!(found(true, 15), ["sso-refresh-due"]);
        assert_eq!(found(true, 20), ["sso-refresh-dead"]);
        assert_eq!(found(false, 1), ["sso-release"]);
    }

    #[test]
    fn only_who_asks_for_it_gets_the_token() {
        let now = kept(true).life.received;
        let view = TokenView::of(&kept(true), now, &[]).revealed(&kept(true));
        assert_eq!(view.token.as_deref(), Some("hunter2"));
        assert!(!view.text().contains("hunter2"));
    }
}
