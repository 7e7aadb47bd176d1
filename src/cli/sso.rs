//! `sso`: tokens of agents who sign in by SSO.

mod exec;
mod login;

use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::engine::tokens::{Kept, Life, Refreshing, Stage, TokenStore as _, absent, dead};
use crate::outcome::Outcome;
use crate::playbook::RefreshForm;
use crate::report::sso::{TokenView, Tokens, fields, text};
use crate::trouble::Trouble;

use super::Call;
use super::args::{OneAgent, Sso};
use super::way::{Failure, SpeaksTo, Way, travel};

pub use exec::exec;

/// What a command that ended well shows.
pub type Shown = (String, Value, Outcome);

/// Does what is asked, but for `exec`.
pub fn sso(call: &Call, action: &Sso) -> Result<Shown, Failure> {
    match action {
        Sso::Login(flags) => login::login(call, flags),
        Sso::Status { playbook, agent } => status(call, playbook, agent.as_deref()),
        Sso::Token { who, reveal } => token(call, who, *reveal),
        Sso::Refresh { who, watch } => refresh(call, who, *watch),
        Sso::Logout { who } => logout(call, who),
        // Its result is the command's own.
        Sso::Exec { .. } => Ok((String::new(), Value::Null, Outcome::Done)),
    }
}

/// Checks that the playbook decides and not the token.
fn further(way: &Way<'_>) -> &'static [&'static str] {
    match way.form() {
        RefreshForm::Get => &["sso-refresh-in-url"],
        RefreshForm::Post => &[],
    }
}

/// These tokens as a command shows them.
fn shown(views: Vec<TokenView>, outcome: Outcome) -> Shown {
    let tokens = Tokens { tokens: views };
    (text(&tokens), fields(&tokens), outcome)
}

fn view(way: &Way<'_>, kept: &Kept) -> TokenView {
    TokenView::of(kept, Timestamp::now(), further(way))
}

fn status(call: &Call, playbook: &str, agent: Option<&str>) -> Result<Shown, Failure> {
    travel(call, playbook, SpeaksTo::Nobody, async |way, _| {
        let kept = match agent {
            Some(agent) => vec![way.store.load(agent)?.ok_or_else(|| absent(playbook, agent))?],
            None => way.store.all()?,
        };
        let now = Timestamp::now();
        let ended = kept.iter().any(|kept| kept.life.stage(now) == Stage::Ended);
        let outcome = if ended && agent.is_some() { Outcome::Denied } else { Outcome::Done };
        Ok(shown(kept.iter().map(|kept| view(way, kept)).collect(), outcome))
    })
}

fn token(call: &Call, who: &OneAgent, reveal: bool) -> Result<Shown, Failure> {
    travel(call, &who.playbook, SpeaksTo::Finesse, async |way, _| {
        let current = way.refreshing().current(&who.agent).await?;
        if let Some(note) = &current.note {
            call.console.note(note);
        }
        let view = view(way, &current.kept);
        if !reveal {
            return Ok(shown(vec![view], Outcome::Done));
        }
        let (_, fields, outcome) = shown(vec![view.revealed(&current.kept)], Outcome::Done);
        Ok((format!("{}\n", current.kept.access.expose_secret()), fields, outcome))
    })
}

fn refresh(call: &Call, who: &OneAgent, watch: bool) -> Result<Shown, Failure> {
    travel(call, &who.playbook, SpeaksTo::Finesse, async |way, _| {
        let refreshing = way.refreshing();
        let kept = way.store.load(&who.agent)?.ok_or_else(|| absent(way.file, &who.agent))?;
        if !watch {
            let current = refreshing.refresh(&kept).await?;
            if let Some(note) = &current.note {
                call.console.note(note);
            }
            return Ok(shown(vec![view(way, &current.kept)], Outcome::Done));
        }
        watched(way, &refreshing, kept).await
    })
}

/// Refreshes again and again until the end is asked for, or only a new sign-in helps.
async fn watched(
    way: &Way<'_>,
    refreshing: &Refreshing<'_>,
    mut kept: Kept,
) -> Result<Shown, Trouble> {
    /// Another look after a refresh that failed for now.
    const AGAIN: Duration = Duration::from_secs(2);
    let console = way.call.console;
    loop {
        let now = Timestamp::now();
        if let Some(why) = kept.dead(now) {
            return Err(dead(way.file, &kept.agent, why));
        }
        if !way.stop.sleep(wait(kept.life, now)).await {
            way.stop.check()?;
        }
        match refreshing.refresh(&kept).await {
            Ok(current) => {
                kept = current.kept;
                if let Some(note) = &current.note {
                    console.note(note);
                }
                // Another process may have refreshed it meanwhile.
                if current.refreshed {
                    let (agent, ends) = (&kept.agent, kept.life.ends());
                    let now = Timestamp::now();
                    console.show(&format!("{now}: agent {agent} refreshed, ends {ends}\n"));
                }
            }
            Err(trouble) if trouble.outcome == Outcome::Denied => return Err(trouble),
            Err(trouble) => {
                console.note(&format!("{}: {}; tried again", trouble.what, trouble.why));
                if !way.stop.sleep(AGAIN).await {
                    way.stop.check()?;
                }
            }
        }
    }
}

/// How long a refresh can wait: not at all when it is due, whatever the clock says of its receipt.
fn wait(life: Life, now: Timestamp) -> Duration {
    match life.stage(now) {
        Stage::Fresh => {
            let due = life.refresh_at_with(share(now));
            Duration::try_from(due.duration_since(now)).unwrap_or_default()
        }
        Stage::Due | Stage::Ended => Duration::ZERO,
    }
}

/// A share from 0 to 1 that differs from moment to moment.
fn share(now: Timestamp) -> f64 {
    f64::from(now.subsec_nanosecond() / 1000 % 1000) / 1000.0
}

fn logout(call: &Call, who: &OneAgent) -> Result<Shown, Failure> {
    travel(call, &who.playbook, SpeaksTo::Nobody, async |way, _| {
        let agent = &who.agent;
        let _held = way.refreshing().hold(agent).await?;
        let kept = way.store.load(agent)?;
        if !way.store.forget(agent)? {
            return Err(absent(way.file, agent));
        }
        let ends = kept.map(|kept| kept.life.ends().to_string()).unwrap_or_default();
        let text = format!(
            "the tokens of agent {agent} are forgotten; no interface ends them at the server, where the access token ends by itself at {ends}\n"
        );
        Ok((text, serde_json::json!({ "tokens": [] }), Outcome::Done))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::wait;
    use crate::engine::tokens::Life;

    #[test]
    fn a_clock_that_was_set_back_does_not_make_a_watch_sleep() {
        let at = |second: i64| Timestamp::from_second(1_769_850_000 + second).unwrap();
        let life = Life { received: at(0), expires_in: 1000 };
        let fresh = wait(life, at(0));
        assert!(fresh > Duration::from_secs(690) && fresh <= Duration::from_secs(750), "{fresh:?}");
        for second in [-3600, 751, 1001] {
            assert_eq!(wait(life, at(second)), Duration::ZERO, "{second}");
        }
    }
}
