//! What agents need for the Self Care Portal: enterprise parameters, and members of a user group by delta.
//!
//! Shapes: AXL 14.0 schema, `ListServiceParameterReq`, `UpdateServiceParameterReq`, `UpdateUserGroupReq`.

use std::collections::BTreeSet;

use super::answers::Answer;
use super::configuration::refuses_statement;
use super::exchange::{QUERY, Request};
use super::query;
use super::row::{self, Texts};
use super::{AxlError, Reader, Writer, requests};
use crate::clients::xml::Body;

/// The virtual node and service under which AXL keeps enterprise parameters.
const NODE: &str = "EnterpriseWideData";
const SERVICE: &str = "Enterprise Wide";
/// Users in one statement.
const USERS: usize = 100;
/// Parameters of one page.
const PARAMETERS: usize = 500;

/// An enterprise parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterpriseParameter {
    /// Internal name.
    pub name: String,
    /// Value; empty when it has none.
    pub value: String,
}

/// A server as *System > Server* lists it, which is where the console's drop-downs take theirs from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedServer {
    /// Key in the database.
    pub pkid: String,
    /// Host name or address, as it was entered.
    pub name: String,
}

impl Reader {
    /// The cluster's servers; none where the database does not tell.
    pub async fn listed_servers(&self) -> Result<Vec<ListedServer>, AxlError> {
        let text = "select n.pkid, n.name from processnode n order by n.name";
        let found = match self.rows(&Request::read(QUERY, requests::sql(text))?).await {
            Ok(found) => found,
            Err(error) if refuses_statement(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let texts = Texts::default();
        let servers = row::all(&found, &texts).map(|row| {
            let pkid = row.name_column("pkid")?;
            Ok(ListedServer { pkid, name: row.column("name")?.to_owned() })
        });
        let servers = servers.collect::<Result<Vec<_>, AxlError>>()?;
        Ok(servers.into_iter().filter(|server| server.name != NODE).collect())
    }

    /// All enterprise parameters.
    pub async fn enterprise_parameters(&self) -> Result<Vec<EnterpriseParameter>, AxlError> {
        let operation = "listServiceParameter";
        let mut all: Vec<EnterpriseParameter> = Vec::new();
        loop {
            let mut body = Body::new();
            body.nest("searchCriteria", |criteria| {
                criteria.text("processNodeName", NODE).text("service", SERVICE);
            })
            .nest("returnedTags", |tags| {
                tags.empty("name").empty("value");
            })
            .text("skip", &all.len().to_string())
            .text("first", &PARAMETERS.to_string());
            let found = self.call(&Request::read(operation, body)?).await?;
            let mut page = Vec::new();
            for parameter in Answer::new(operation, &found).all("serviceParameter") {
                page.push(EnterpriseParameter {
                    name: parameter.needed("name")?.to_owned(),
                    value: parameter.optional("value"),
                });
            }
            // A server that does not page gives the same page again.
            let more = page.len() >= PARAMETERS && page.first() != all.first();
            all.extend(page);
            if !more {
                return Ok(all);
            }
        }
    }

    /// Those of these end users that exist, spelt as the cluster spells them.
    pub async fn end_users(&self, ids: &[String]) -> Result<BTreeSet<String>, AxlError> {
        let mut all = BTreeSet::new();
        for ids in ids.chunks(USERS) {
            all.extend(self.user_ids(&query::end_users(ids)?).await?);
        }
        Ok(all)
    }

    /// Those of these end users that are members of a group.
    pub async fn members_of(
        &self,
        group: &str,
        ids: &[String],
    ) -> Result<BTreeSet<String>, AxlError> {
        let mut all = BTreeSet::new();
        for ids in ids.chunks(USERS) {
            all.extend(self.user_ids(&query::members(group, ids)?).await?);
        }
        Ok(all)
    }

    async fn user_ids(&self, statement: &str) -> Result<Vec<String>, AxlError> {
        let found = self.rows(&Request::read(QUERY, requests::sql(statement))?).await?;
        row::all(&found, &Texts::default()).map(|row| row.name_column("userid")).collect()
    }
}

impl Writer {
    /// `updateServiceParameter` of an enterprise parameter.
    pub async fn update_enterprise_parameter(
        &self,
        name: &str,
        value: &str,
    ) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("processNodeName", NODE)
            .text("name", name)
            .text("service", SERVICE)
            .text("value", value);
        self.write("updateServiceParameter", body, Vec::new()).await
    }

    /// `updateUserGroup` with `addMembers` alone: nobody else's membership is touched.
    pub async fn add_members(&self, group: &str, users: &[String]) -> Result<(), AxlError> {
        self.change_members("addMembers", group, users).await
    }

    /// `updateUserGroup` with `removeMembers` alone.
    pub async fn remove_members(&self, group: &str, users: &[String]) -> Result<(), AxlError> {
        self.change_members("removeMembers", group, users).await
    }

    async fn change_members(
        &self,
        change: &'static str,
        group: &str,
        users: &[String],
    ) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("name", group).nest(change, |list| {
            for user in users {
                list.nest("member", |member| {
                    member.text("userId", user);
                });
            }
        });
        self.write("updateUserGroup", body, Vec::new()).await
    }
}
