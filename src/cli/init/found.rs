//! What a look at the cluster finds for the answers to begin with.

use std::cell::RefCell;

use crate::cli::Call;
use crate::cli::load::Loaded;
use crate::cli::pipeline::Pipeline;
use crate::cli::progress::Progress;
use crate::cli::run::{Work, run};
use crate::engine::first_look::{FirstLook, first_look};
use crate::engine::{Finished, Task};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::planner::estate::{LeftOut, Sort};
use crate::playbook::draft::{RowDraft, SignInDraft};
use crate::playbook::{Deployment, FilledBy, Product, SubscriptionKind};
use crate::report::Subject;
use crate::trouble::Trouble;

/// What was found; nothing where nobody looked.
#[derive(Debug, Default)]
pub(super) struct Found {
    look: Option<FirstLook>,
    /// Phone services that lead to a Finesse node, the primary's first; at most two.
    pub(super) services: Vec<Service>,
    /// Every phone gets them.
    pub(super) enterprise: bool,
    /// Who fills in what, as the services define it.
    pub(super) sign_in: Option<SignInDraft>,
    /// Devices that are subscribed, with what is stored for them.
    pub(super) rows: Vec<RowDraft>,
    left_out: Vec<LeftOut>,
    /// What could not be looked at, and why.
    pub(super) not_looked_at: Vec<String>,
}

/// A phone service that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Service {
    /// Its name.
    pub(super) name: String,
    /// The Finesse node in its URL.
    pub(super) host: String,
    /// Devices that are subscribed.
    pub(super) subscribers: usize,
}

#[derive(Default)]
struct Looking(RefCell<Option<FirstLook>>);

impl Work for Looking {
    fn subject(&self) -> Subject {
        Subject::Plan
    }

    async fn perform(
        &self,
        _: &Call,
        _: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        match Box::pin(first_look(task)).await {
            Ok(look) => {
                let requests = look.requests.clone();
                *self.0.borrow_mut() = Some(look);
                Finished::reading(Plan::default(), Outcome::Done, requests)
            }
            Err(trouble) => Finished::failed(trouble),
        }
    }
}

/// Looks at the cluster of this deployment. A server that cannot be reached is no reason to end: that is said.
pub(super) fn look(
    call: &Call,
    pipeline: &impl Pipeline,
    deployment: Deployment,
) -> Result<Found, Trouble> {
    let work = Looking::default();
    let publisher = deployment.cucm.publisher.to_string();
    let section = run(call, pipeline, Loaded { deployment, warnings: Vec::new() }, &work);
    if let Some(look) = work.0.into_inner() {
        let mut found = Found { look: Some(look), ..Found::default() };
        found.choose(&[], Product::Uccx);
        return Ok(found);
    }
    let Some(trouble) = section.troubles.into_iter().next() else { return Ok(Found::default()) };
    if !matches!(trouble.code, "server-unreachable" | "axl-unreachable" | "axl-timeout") {
        return Err(trouble);
    }
    Ok(Found::nothing(format!("{publisher}: {}", trouble.why)))
}

impl Found {
    /// What nobody looked at, and why.
    pub(super) fn nothing(why: String) -> Self {
        Self { not_looked_at: vec![why], ..Self::default() }
    }

    /// CUCM's release; none where nobody looked.
    pub(super) fn release(&self) -> Option<&str> {
        self.look.as_ref().map(|look| &*look.release)
    }

    /// The application user that has the groups and controls the phones.
    pub(super) fn user(&self) -> Option<&str> {
        self.look.as_ref()?.user.id.as_deref()
    }

    /// UCCX's RMCM user.
    pub(super) fn rmcm(&self) -> Option<&str> {
        self.look.as_ref()?.rmcm.as_deref()
    }

    /// Takes what belongs to these Finesse nodes.
    pub(super) fn choose(&mut self, said: &[String], product: Product) {
        let Some(look) = &self.look else { return };
        let of = look.of_nodes(said, product);
        let services = of.chosen.all().map(|place| Service {
            name: place.service.name.clone(),
            host: place.host.clone(),
            subscribers: place.subscribers,
        });
        self.services = services.collect();
        self.enterprise = of.subscription == SubscriptionKind::Enterprise;
        let filled = of.filled;
        let who =
            SignInDraft { id: filled.id, extension: filled.extension, password: filled.password };
        let none = [who.id, who.extension, who.password].iter().all(|by| *by == FilledBy::SignIn);
        // Parameters that nobody has defined yet say nothing of what is wanted.
        self.sign_in = (!none && !self.services.is_empty()).then_some(who);
        self.rows = of.rows;
        // That a node has no service yet is what the playbook is for.
        self.left_out = of.chosen.left_out;
        self.left_out.retain(|left| left.kind != Sort::Node);
        self.left_out.extend(look.user.left_out.iter().cloned());
    }

    /// What is on the cluster and not in a playbook with this application user.
    pub(super) fn left_out(&self, user: &str) -> Vec<String> {
        let others = self.left_out.iter().filter(|left| {
            left.kind != Sort::ApplicationUser || !left.names.iter().any(|name| name == user)
        });
        others.map(told).collect()
    }
}

fn told(left: &LeftOut) -> String {
    format!("{} {}: {}", left.kind.word(), left.names.join(", "), left.why)
}
