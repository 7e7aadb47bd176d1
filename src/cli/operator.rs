//! Who does operator steps: a person at the terminal, or the sandbox's simulated administrator.

use std::net::SocketAddr;

use futures::future::LocalBoxFuture;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use crate::engine::{Operator, OperatorTask, Stop};
use crate::outcome::Outcome;
use crate::plan::OperatorStep;
use crate::report::sanitize::line;
use crate::report::steps;
use crate::trouble::Trouble;

use super::connect::terminal;
use super::console::Console;
use super::progress::Progress;

/// Shows a step and waits until the person says that it is done.
pub struct Person<'a> {
    /// Where it is shown.
    pub console: Console,
    /// Ends the waiting.
    pub stop: &'a Stop,
    /// Taken away before a question; it says whose question it is.
    pub progress: &'a Progress,
    /// `--yes`: what was allowed in advance is not asked again.
    pub yes: bool,
}

impl Operator for Person<'_> {
    fn perform<'a>(
        &'a self,
        step: &'a OperatorStep,
        _: &'a [OperatorTask],
    ) -> LocalBoxFuture<'a, Result<bool, Trouble>> {
        Box::pin(async move {
            let Some(_floor) = self.progress.floor(self.stop).await else { return Ok(false) };
            let text = steps::instructions(step, "  ", self.console.aside);
            Console::aside(&format!("To do by hand:\n{text}\n"));
            let question = "Type done once it is done, anything else to leave it: ";
            Ok(terminal::answer(question, self.stop).await.as_deref() == Some("done"))
        })
    }

    fn agrees<'a>(&'a self, question: &'a str) -> LocalBoxFuture<'a, Result<bool, Trouble>> {
        Box::pin(async move {
            if self.yes {
                return Ok(true);
            }
            let Some(_floor) = self.progress.floor(self.stop).await else { return Ok(false) };
            Ok(terminal::agreed(question, self.stop).await)
        })
    }

    fn types<'a>(
        &'a self,
        question: &'a str,
    ) -> LocalBoxFuture<'a, Result<Option<String>, Trouble>> {
        Box::pin(async move {
            let Some(_floor) = self.progress.floor(self.stop).await else { return Ok(None) };
            Ok(terminal::answer(question, self.stop).await)
        })
    }
}

/// Does steps on the sandbox's control port, as a person would on its console.
#[derive(Debug)]
pub struct SandboxAdministrator {
    /// The control port.
    pub control: SocketAddr,
}

impl Operator for SandboxAdministrator {
    fn perform<'a>(
        &'a self,
        step: &'a OperatorStep,
        tasks: &'a [OperatorTask],
    ) -> LocalBoxFuture<'a, Result<bool, Trouble>> {
        Box::pin(async move {
            Console::aside(&format!("the sandbox's administrator does: {}\n", line(&step.console)));
            for task in tasks {
                let (path, body) = console_entry(task);
                self.enter(path, &body).await.map_err(|why| refused(step, why))?;
            }
            Ok(true)
        })
    }

    fn types<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<Option<String>, Trouble>> {
        Box::pin(async { Ok(None) })
    }

    fn agrees<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<bool, Trouble>> {
        Box::pin(async { Ok(true) })
    }
}

impl SandboxAdministrator {
    async fn enter(&self, path: &str, body: &Value) -> Result<(), String> {
        // The port speaks plain HTTP; the client still wants to know what it would do TLS with.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client =
            reqwest::Client::builder().no_proxy().build().map_err(|error| error.to_string())?;
        let url = format!("http://{}{path}", self.control);
        let request =
            client.post(url).header("Content-Type", "application/json").body(body.to_string());
        let answer = request.send().await.map_err(|error| error.to_string())?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(format!("it answered {}", answer.status()))
        }
    }
}

fn console_entry(task: &OperatorTask) -> (&'static str, Value) {
    match task {
        OperatorTask::Subscribe { device, service, values } => {
            let values: Map<String, Value> = values
                .iter()
                .map(|(parameter, value)| {
                    (parameter.name().to_owned(), json!(value.expose_secret()))
                })
                .collect();
            let body =
                json!({"device": device, "service": service, "values": values, "separator": "?"});
            ("/operator/subscription", body)
        }
        OperatorTask::Unsubscribe { device, service } => {
            ("/operator/unsubscribe", json!({"device": device, "service": service}))
        }
        OperatorTask::HttpsOnly { device } => (
            "/operator/vendor-config",
            json!({"scope": "phone", "name": device, "element": "webProtocol", "value": "1"}),
        ),
        OperatorTask::TickOverride { device, element, value } => (
            "/operator/vendor-config",
            json!({"scope": "phone", "name": device, "element": element, "value": value, "apply": true}),
        ),
        OperatorTask::DefaultServer { server } => {
            ("/operator/self-care-server", json!({"value": server}))
        }
        OperatorTask::ImportCertificate { node, store, pem } => {
            ("/certificates", json!({"act": "import", "node": node, "store": store, "pem": pem}))
        }
        OperatorTask::FinesseSettings { user, password } => (
            "/operator/finesse-settings",
            json!({"user": user, "password": password.expose_secret()}),
        ),
        OperatorTask::Parameter { service, name, parameter, required } => {
            let right = OperatorTask::definition(*parameter, *required);
            let definition = json!({
                "name": right.name,
                "displayName": right.display_name,
                "default": right.default,
                "description": right.description,
                "required": right.required,
                "password": right.password,
            });
            (
                "/operator/parameter",
                json!({"service": service, "name": name, "definition": definition}),
            )
        }
    }
}

fn refused(step: &OperatorStep, why: String) -> Trouble {
    let what = format!("the sandbox's administrator could not do step {}", step.id);
    Trouble::new("sandbox-operator", Outcome::Failed, what).because(why)
}
