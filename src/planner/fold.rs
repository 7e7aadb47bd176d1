//! Subscriptions and value rows, folded page by page. A page that never came can not look like "absent".

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::clients::axl::{Page, Subscription, SubscriptionValue};
use crate::outcome::Outcome;
use crate::resources::service_url::ServiceUrl;
use crate::resources::subscription::DeviceState;
use crate::trouble::Trouble;

/// Takes pages in any order of the two queries, keeps the owned fields only.
#[derive(Debug, Default)]
pub struct Fold {
    subscriptions: Vec<Subscription>,
    rows: BTreeMap<String, Vec<(String, SecretString)>>,
    subscriptions_complete: bool,
    values_complete: bool,
}

/// What the fold ends in.
#[derive(Debug, Default)]
pub struct Folded {
    /// By device name; every device that has any of the services.
    pub states: BTreeMap<String, DeviceState>,
    /// What existing subscriptions put between URL and values, where most agree.
    pub separator: Option<char>,
}

impl Fold {
    /// One page of subscriptions.
    pub fn subscriptions(&mut self, page: Page<Subscription>) -> Option<String> {
        self.subscriptions.extend(page.rows);
        self.subscriptions_complete = page.next.is_none();
        page.next
    }

    /// One page of value rows.
    pub fn values(&mut self, page: Page<SubscriptionValue>) -> Option<String> {
        for row in page.rows {
            self.rows.entry(row.subscription).or_default().push((row.parameter, row.value));
        }
        self.values_complete = page.next.is_none();
        page.next
    }

    /// Fails unless both queries announced their last page.
    pub fn finish(mut self) -> Result<Folded, Trouble> {
        if !self.subscriptions_complete || !self.values_complete {
            return Err(Trouble::new(
                "read-incomplete",
                Outcome::Incomplete,
                "the subscriptions were not read to their end",
            )
            .because("a page is missing, so nothing can be said about what is absent")
            .then("run the command again"));
        }
        let mut folded = Folded { separator: majority(&self.subscriptions), ..Folded::default() };
        for subscription in self.subscriptions {
            let state = folded.states.entry(subscription.device.clone()).or_default();
            if let Some(rows) = self.rows.remove(&subscription.pkid) {
                state.rows.insert(subscription.pkid.clone(), rows);
            }
            state.subscriptions.push(subscription);
        }
        Ok(folded)
    }
}

fn majority(subscriptions: &[Subscription]) -> Option<char> {
    use secrecy::ExposeSecret;
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for subscription in subscriptions {
        let url = ServiceUrl::parse(subscription.url.expose_secret(), &subscription.template);
        // Only a URL that begins with its service's own can show what was put after it.
        if url.base == subscription.template
            && !url.values.is_empty()
            && let Some(separator) = url.separator
        {
            *counts.entry(separator).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_last_page_is_an_error() {
        let page = |next: Option<&str>| Page { rows: Vec::new(), next: next.map(str::to_owned) };
        let mut fold = Fold::default();
        fold.subscriptions(page(Some("x")));
        fold.values(Page { rows: Vec::new(), next: None });
        assert_eq!(fold.finish().unwrap_err().code, "read-incomplete");
        let mut fold = Fold::default();
        fold.subscriptions(page(None));
        assert_eq!(fold.finish().unwrap_err().outcome, Outcome::Incomplete);
    }
}
