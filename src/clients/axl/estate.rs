//! What a cluster has, where nobody has said its names: all phone services with their URLs, all application users.
//!
//! Shapes: AXL 14.0 schema, `ListAppUserReq`; table and columns of the services as in [`super::query`].

use std::sync::Arc;

use super::answers::Answer;
use super::exchange::Request;
use super::query::{self, Filter};
use super::row::Row;
use super::{AxlError, Reader};
use crate::clients::xml::Body;

/// Application users of one page.
const PAGE: usize = 500;

/// A phone service as the database lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedService {
    /// Name.
    pub name: String,
    /// URL, a template without values.
    pub url: Arc<str>,
    /// HTTPS URL, a template without values.
    pub secure_url: Arc<str>,
}

impl Reader {
    /// All phone services, whatever they are for.
    pub async fn listed_services(&self) -> Result<Vec<ListedService>, AxlError> {
        self.every(query::services, service, Filter::Everything).await
    }

    /// Ids of all application users, in the server's order.
    pub async fn application_users(&self) -> Result<Vec<String>, AxlError> {
        let operation = "listAppUser";
        let mut all: Vec<String> = Vec::new();
        loop {
            let mut body = Body::new();
            body.nest("searchCriteria", |criteria| {
                criteria.text("userid", "%");
            })
            .nest("returnedTags", |tags| {
                tags.empty("userid");
            })
            .text("skip", &all.len().to_string())
            .text("first", &PAGE.to_string());
            let found = self.call(&Request::read(operation, body)?).await?;
            let mut page = Vec::new();
            for user in Answer::new(operation, &found).all("appUser") {
                page.push(user.needed("userid")?.to_owned());
            }
            // A server that does not page gives the same page again.
            let more = page.len() >= PAGE && page.first() != all.first();
            all.extend(page);
            if !more {
                return Ok(all);
            }
        }
    }
}

fn service(row: Row<'_>) -> Result<Option<ListedService>, AxlError> {
    Ok(Some(ListedService {
        name: row.name_column("telecastername")?,
        url: row.shared_column("urltemplate")?,
        secure_url: row.shared_column("secureurltemplate")?,
    }))
}
