//! Control of single sign-on: what is under way, and tokens and sessions that end at once.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, Reply, Shared};
use crate::sandbox::sso::tokens::Usage;

/// What is under way. No token is told, only whose there are.
pub(super) async fn state(State(site): Shared) -> Reply {
    let hosts = site.options.sso.as_ref().map(|hosts| {
        let idp: Vec<String> = hosts.idp.iter().map(ToString::to_string).collect();
        let (ids, stranger) = (hosts.ids.to_string(), hosts.stranger.to_string());
        json!({ "ids": ids, "idp": idp, "stranger": stranger, "realm": hosts.realm })
    });
    let front = site.front();
    let sso = &front.sso;
    Ok(Json(json!({
        "hosts": hosts,
        "tokens": sso.tokens.told(),
        "signing_key": sso.tokens.signer.as_ref().map(crate::sandbox::sso::jws::Signer::public),
        "provider_sessions": sso.sessions.count(),
        "under_way": {
            "asked": sso.wanted.count(), "at_the_provider": sso.requests.count(),
            "coming_back": sso.relays.count(), "codes": sso.codes.count(), "pairs": sso.pairs.count(),
        },
    })))
}

/// One act.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Act {
    /// `end-access`, `end-refresh`, `end-all`, `forget-sessions`.
    act: String,
    /// Whose tokens; none: everybody's.
    agent: Option<String>,
}

pub(super) async fn change(State(site): Shared, Json(act): Json<Act>) -> Reply {
    let usages: &[Usage] = match act.act.as_str() {
        "end-access" => &[Usage::Access],
        "end-refresh" => &[Usage::Refresh],
        "end-all" => &[Usage::Access, Usage::Refresh],
        "forget-sessions" => {
            site.front().sso.forget_sessions();
            &[]
        }
        other => return Err(Refusal(format!("'{other}' is not an act"))),
    };
    for usage in usages {
        site.front().sso.tokens.end(*usage, act.agent.as_deref());
    }
    state(State(site)).await
}
