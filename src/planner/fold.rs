//! Subscriptions and value rows, folded page by page. A page that never came can not look like "absent".

use std::collections::BTreeMap;

use secrecy::ExposeSecret;

use crate::clients::axl::{Page, Subscription, SubscriptionValue};
use crate::outcome::Outcome;
use crate::trouble::Trouble;

use super::states::{Packing, States};

/// Takes pages in any order of the two queries, keeps the owned fields only.
#[derive(Debug, Default)]
pub struct Fold {
    packing: Packing,
    separators: BTreeMap<char, usize>,
    subscriptions_complete: bool,
    values_complete: bool,
}

/// What the fold ends in.
#[derive(Debug, Default)]
pub struct Folded {
    /// By device name; every device that has any of the services.
    pub states: States,
    /// What existing subscriptions put between URL and values, where most agree.
    pub separator: Option<char>,
}

impl Fold {
    /// One page of subscriptions.
    pub fn subscriptions(&mut self, page: Page<Subscription>) {
        for subscription in page.rows {
            if let Some(separator) = separator(&subscription) {
                *self.separators.entry(separator).or_default() += 1;
            }
            self.packing.subscription(subscription);
        }
        self.subscriptions_complete = page.next.is_none();
    }

    /// One page of value rows.
    pub fn values(&mut self, page: Page<SubscriptionValue>) {
        for row in page.rows {
            self.packing.value(row.subscription, &row.parameter, row.value.expose_secret());
        }
        self.values_complete = page.next.is_none();
    }

    /// Fails unless both queries announced their last page.
    pub fn finish(self) -> Result<Folded, Trouble> {
        if !self.subscriptions_complete || !self.values_complete {
            return Err(Trouble::new(
                "read-incomplete",
                Outcome::Incomplete,
                "the subscriptions were not read to their end",
            )
            .because("a page is missing, so nothing can be said about what is absent")
            .then("run the command again"));
        }
        let majority = self.separators.into_iter().max_by_key(|(_, count)| *count);
        let separator = majority.map(|(separator, _)| separator);
        Ok(Folded { states: self.packing.finish(), separator })
    }
}

/// What a subscription puts between URL and values: only a URL that begins with its service's own can show it.
fn separator(subscription: &Subscription) -> Option<char> {
    let rest = subscription.url.expose_secret().strip_prefix(&*subscription.template)?;
    let begun = !subscription.template.is_empty() && rest.starts_with(['?', '&']);
    let values = rest.get(1..).is_some_and(|values| !values.trim_matches('&').is_empty());
    rest.chars().next().filter(|_| begun && values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::axl::Pkid;

    #[test]
    fn a_missing_last_page_is_an_error() {
        let page = |next: Option<&str>| Page { rows: Vec::new(), next: next.map(Pkid::of) };
        let mut fold = Fold::default();
        fold.subscriptions(page(Some("x")));
        fold.values(Page { rows: Vec::new(), next: None });
        assert_eq!(fold.finish().unwrap_err().code, "read-incomplete");
        let mut fold = Fold::default();
        fold.subscriptions(page(None));
        assert_eq!(fold.finish().unwrap_err().outcome, Outcome::Incomplete);
    }
}
