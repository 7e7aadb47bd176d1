//! Bulk reads by SQL: complete or an error, one large answer at a time, pages as large as the server bears.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};

use super::answers;
use super::exchange::{QUERY, Request};
use super::query::{self, Filter};
use super::row::{self, Row, Texts};
use super::{
    AxlError, Device, FaultKind, Page, Pages, ParameterHolder, Pkid, Reader, Subscription,
    SubscriptionValue, requests,
};
use crate::clients::xml::Rows;

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

/// Reads of names at once: one is answered, one is taken apart.
const AT_ONCE: usize = 2;

impl Reader {
    /// The devices among these names that are phones or device profiles.
    pub async fn devices(&self, names: &[String]) -> Result<Vec<Device>, AxlError> {
        let mut all = Vec::new();
        by_names(names, |names| self.some_devices(names), |found| all.extend(found)).await?;
        Ok(all)
    }

    async fn some_devices(&self, names: &[String]) -> Result<Vec<Device>, AxlError> {
        let mut all = Vec::new();
        let mut left = names;
        while !left.is_empty() {
            let (now, later) = query::some(left, self.shared.sizes.of::<Device>(NAMES));
            let request = Request::large(QUERY, requests::sql(&query::devices(now)?))?;
            match self.made(request, devices).await {
                Ok(found) => {
                    all.extend(found);
                    left = later;
                }
                Err(error) => {
                    let fewer = smaller(now.len(), &error).ok_or(error)?;
                    self.shared.sizes.too_large::<Device>(fewer);
                }
            }
        }
        Ok(all)
    }

    /// The subscriptions to these services.
    pub fn subscriptions<'a>(&'a self, services: &'a [String]) -> Pages<'a, Subscription> {
        let filter = Filter::Services(services);
        Pages::new(self, query::subscriptions, answers::subscription, filter)
    }

    /// The values held by subscriptions to these services.
    pub fn values<'a>(&'a self, services: &'a [String]) -> Pages<'a, SubscriptionValue> {
        Pages::new(self, query::values, answers::value, Filter::Services(services))
    }

    /// Some of the subscriptions to these services; where there are more, it says so.
    pub async fn some_subscriptions(
        &self,
        services: &[String],
    ) -> Result<Page<Subscription>, AxlError> {
        let page = self.subscriptions(services).next_alone().await?;
        Ok(page.unwrap_or(Page { rows: Vec::new(), next: None }))
    }

    /// All subscriptions, to any service, of these devices.
    pub async fn subscriptions_of(
        &self,
        devices: &[String],
    ) -> Result<Vec<Subscription>, AxlError> {
        let (text, decode) = (query::subscriptions, answers::subscription);
        let mut all = Vec::new();
        let read = |names| self.every(text, decode, Filter::Devices(names));
        by_names(devices, read, |found| all.extend(found)).await?;
        Ok(all)
    }

    /// All values of all subscriptions of these devices.
    pub async fn values_of(&self, devices: &[String]) -> Result<Vec<SubscriptionValue>, AxlError> {
        let mut all = Vec::new();
        let read = |names| self.every(query::values, answers::value, Filter::Devices(names));
        by_names(devices, read, |found| all.extend(found)).await?;
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
        let mut pages = Pages::new(self, query::names, answers::device_name, Filter::Phones);
        while let Some(page) = pages.next_alone().await? {
            let other = page.rows.into_iter().find(|name| !known.contains(name));
            if other.is_some() {
                return Ok(other);
            }
        }
        Ok(None)
    }

    /// All pages.
    pub(super) async fn every<T: Send + 'static>(
        &self,
        text: Text,
        decode: Decode<T>,
        filter: Filter<'_>,
    ) -> Result<Vec<T>, AxlError> {
        let mut all = Vec::new();
        let mut pages = Pages::new(self, text, decode, filter);
        while let Some(page) = pages.next().await? {
            all.extend(page.rows);
        }
        Ok(all)
    }
}

/// What is read of as many of the names at once as a statement has room for, in their order. While the answer about some
/// is taken apart, the next are asked for.
pub(super) async fn by_names<'n, T, F: Future<Output = Result<T, AxlError>>>(
    names: &'n [String],
    read: impl FnMut(&'n [String]) -> F,
    mut take: impl FnMut(T),
) -> Result<(), AxlError> {
    let mut found = stream::iter(query::batches(names, NAMES)).map(read).buffered(AT_ONCE);
    while let Some(some) = found.try_next().await? {
        take(some);
    }
    Ok(())
}

fn devices(rows: &Rows) -> Result<Vec<Device>, AxlError> {
    let texts = Texts::default();
    let mut all = Vec::new();
    for row in row::all(rows, &texts) {
        all.extend(answers::device(row)?);
    }
    Ok(all)
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
