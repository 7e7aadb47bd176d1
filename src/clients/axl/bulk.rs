//! Bulk reads by SQL: complete or an error, one large answer at a time, pages as large as the server bears.

use std::collections::BTreeSet;

use super::answers;
use super::exchange::{QUERY, Request};
use super::query::{self, Filter};
use super::row::{self, Row, Texts};
use super::{
    AxlError, Device, FaultKind, Page, ParameterHolder, Pkid, Reader, Subscription,
    SubscriptionValue, requests,
};

/// Rows of the first page, before a server says that this is too much.
pub(super) const FIRST_PAGE: usize = 2000;

/// Names in one statement whose answer has few bytes for each.
pub(super) const NAMES: usize = 1500;

/// End users in one statement: their ids may be long.
pub(super) const USERS: usize = 100;

/// Makes the statement of a page.
pub(super) type Text = fn(Filter<'_>, Option<&Pkid>, usize) -> Result<String, AxlError>;
/// Makes a record of a row; `None` for one that is not wanted.
pub(super) type Decode<T> = fn(Row<'_>) -> Result<Option<T>, AxlError>;

/// Rows that are taken apart before others have their turn: writes may be under way.
const TAKEN: usize = 256;

impl Reader {
    /// The devices among these names that are phones or device profiles.
    pub async fn devices(&self, names: &[String]) -> Result<Vec<Device>, AxlError> {
        let mut all = Vec::new();
        let mut most = NAMES;
        let mut left = names;
        while !left.is_empty() {
            let (now, later) = query::some(left, most);
            let request = Request::read(QUERY, requests::sql(&query::devices(now)?))?;
            match self.rows(&request).await {
                Ok(found) => {
                    for row in row::all(&found, &Texts::default()) {
                        all.extend(answers::device(row)?);
                    }
                    left = later;
                }
                Err(error) => most = smaller(now.len(), &error).ok_or(error)?,
            }
        }
        Ok(all)
    }

    /// One page of the subscriptions to these services.
    pub async fn subscriptions_page(
        &self,
        services: &[String],
        after: Option<&Pkid>,
    ) -> Result<Page<Subscription>, AxlError> {
        let filter = Filter::Services(services);
        self.page(query::subscriptions, answers::subscription, filter, after).await
    }

    /// One page of the values held by subscriptions to these services.
    pub async fn values_page(
        &self,
        services: &[String],
        after: Option<&Pkid>,
    ) -> Result<Page<SubscriptionValue>, AxlError> {
        self.page(query::values, answers::value, Filter::Services(services), after).await
    }

    /// All subscriptions, to any service, of these devices.
    pub async fn subscriptions_of(
        &self,
        devices: &[String],
    ) -> Result<Vec<Subscription>, AxlError> {
        let mut all = Vec::new();
        let mut left = devices;
        while !left.is_empty() {
            let (names, later) = query::some(left, NAMES);
            let filter = Filter::Devices(names);
            all.extend(self.every(query::subscriptions, answers::subscription, filter).await?);
            left = later;
        }
        Ok(all)
    }

    /// All values of all subscriptions of these devices.
    pub async fn values_of(&self, devices: &[String]) -> Result<Vec<SubscriptionValue>, AxlError> {
        let mut all = Vec::new();
        let mut left = devices;
        while !left.is_empty() {
            let (names, later) = query::some(left, NAMES);
            all.extend(self.every(query::values, answers::value, Filter::Devices(names)).await?);
            left = later;
        }
        Ok(all)
    }

    /// Who holds a value for which parameter of a service, on any device, listed in the roster or not.
    pub async fn subscribers_with_values(
        &self,
        service: &str,
    ) -> Result<Vec<ParameterHolder>, AxlError> {
        let services = [service.to_owned()];
        self.every(query::holders, answers::holder, Filter::Services(&services)).await
    }

    /// The devices an application user controls, as the database has them: what an answer of `getAppUser` is held
    /// against before its lists are written back whole.
    pub async fn controlled_devices(&self, user: &str) -> Result<Vec<String>, AxlError> {
        let users = [user.to_owned()];
        self.every(query::controlled, answers::device_name, Filter::Users(&users)).await
    }

    /// Some phone that is none of these; `None` when there is no other.
    pub async fn another_phone(
        &self,
        known: &BTreeSet<String>,
    ) -> Result<Option<String>, AxlError> {
        let mut after = None;
        loop {
            let decode = answers::device_name;
            let page = self.page(query::names, decode, Filter::Phones, after.as_ref()).await?;
            let other = page.rows.into_iter().find(|name| !known.contains(name));
            if other.is_some() || page.next.is_none() {
                return Ok(other);
            }
            after = page.next;
        }
    }

    /// All pages.
    pub(super) async fn every<T>(
        &self,
        text: Text,
        decode: Decode<T>,
        filter: Filter<'_>,
    ) -> Result<Vec<T>, AxlError> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(text, decode, filter, after.as_ref()).await?;
            all.extend(page.rows);
            let Some(next) = page.next else { return Ok(all) };
            after = Some(next);
        }
    }

    /// One page. Fewer rows than asked for is the database's word that it was the last.
    async fn page<T>(
        &self,
        text: Text,
        decode: Decode<T>,
        filter: Filter<'_>,
        after: Option<&Pkid>,
    ) -> Result<Page<T>, AxlError> {
        if filter.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        loop {
            let first = self.shared.sizes.of::<T>(FIRST_PAGE);
            let request = Request::large(QUERY, requests::sql(&text(filter, after, first)?))?;
            let found = match self.rows(&request).await {
                Ok(found) => found,
                Err(error) => {
                    let Some(fewer) = smaller(first, &error) else { return Err(error) };
                    tracing::debug!(first, fewer, "the page is too large for the server");
                    self.shared.sizes.too_large::<T>(fewer);
                    continue;
                }
            };
            let mut rows = Vec::new();
            let mut count = 0;
            let mut last = None;
            let texts = Texts::default();
            for row in row::all(&found, &texts) {
                if count % TAKEN == TAKEN - 1 {
                    tokio::task::yield_now().await;
                }
                count += 1;
                last = Some(row);
                rows.extend(decode(row)?);
            }
            let last = last.map(answers::page_key).transpose()?;
            let next = if count < first { None } else { last };
            if count > first || (next.is_some() && next.as_ref() == after) {
                return Err(AxlError::Unexpected {
                    operation: QUERY,
                    status: 200,
                    why: "the server does not page as asked".to_owned(),
                });
            }
            if next.is_some() {
                self.shared.sizes.answered::<T>(first, found.length());
            }
            return Ok(Page { rows, next });
        }
    }
}

/// A smaller page after one that was too large: half, or less where the server suggests so. Its suggestion is known
/// to be too high at times, so it is halved as well. `None`: it was another error, or it cannot be smaller.
pub(super) fn smaller(rows: usize, error: &AxlError) -> Option<usize> {
    let suggested = match (error.fault_kind(), error) {
        (Some(FaultKind::TooLarge { suggested }), _) => {
            suggested.and_then(|rows| usize::try_from(rows).ok())
        }
        (_, AxlError::TooLarge { .. }) => None,
        _ => return None,
    };
    if rows <= 1 {
        return None;
    }
    Some((rows / 2).min(suggested.map_or(usize::MAX, |rows| rows / 2)).max(1))
}

#[cfg(test)]
mod tests {
    use super::smaller;
    use crate::clients::axl::{AxlError, FaultKind};

    fn too_large(suggested: Option<u64>) -> AxlError {
        AxlError::Fault {
            operation: "executeSQLQuery",
            code: -1,
            text: String::new(),
            kind: FaultKind::TooLarge { suggested },
        }
    }

    #[test]
    fn pages_shrink_until_one_row() {
        assert_eq!(smaller(2000, &too_large(Some(844))), Some(422));
        assert_eq!(smaller(2000, &too_large(Some(1_000_000))), Some(1000));
        assert_eq!(smaller(2000, &too_large(None)), Some(1000));
        assert_eq!(smaller(2, &too_large(Some(0))), Some(1));
        assert_eq!(smaller(1, &too_large(None)), None);
        assert_eq!(smaller(2000, &AxlError::Denied), None);
    }
}
