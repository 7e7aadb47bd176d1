//! Control of the open questions: which there are, and which answer is played.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Refusal, Reply, Shared, done};
use crate::sandbox::questions;

/// All questions with the names of their answers.
pub(super) async fn list() -> Reply {
    let questions: Vec<Value> = questions::all()
        .map(|question| {
            json!({ "id": question.id, "asks": question.asks, "answers": question.names() })
        })
        .collect();
    Ok(Json(json!({ "questions": questions })))
}

/// Plays these answers from now on.
pub(super) async fn answer(
    State(site): Shared,
    Json(answers): Json<BTreeMap<String, String>>,
) -> Reply {
    for (id, answer) in &answers {
        questions::play(&site, id, answer).map_err(Refusal)?;
    }
    Ok(done())
}
