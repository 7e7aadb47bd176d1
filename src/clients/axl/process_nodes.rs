//! The nodes of the cluster, with what each is there for.
//!
//! Shapes: AXL 14.0 schema, `ListProcessNodeReq`, `LProcessNode`.

use super::answers::Answer;
use super::exchange::Request;
use super::{AxlError, Reader};
use crate::clients::xml::Body;

/// The virtual node that holds enterprise parameters.
const VIRTUAL: &str = "EnterpriseWideData";
/// Nodes of one page; a cluster has a few dozen at most.
const PAGE: usize = 200;

/// A node as *System > Server* lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessNode {
    /// Host name or address, as it was entered.
    pub name: String,
    /// `Publisher` or `Subscriber`; empty when not said.
    pub usage: String,
    /// `CUCM Voice/Video` or `CUCM IM and Presence`; empty when not said.
    pub role: String,
}

impl ProcessNode {
    /// Whether CUCM itself runs on it, and not IM and Presence.
    pub fn processes_calls(&self) -> bool {
        !self.role.to_ascii_lowercase().contains("presence")
    }

    /// Whether it is the publisher.
    pub fn publisher(&self) -> bool {
        self.usage.eq_ignore_ascii_case("publisher")
    }
}

impl Reader {
    /// The cluster's nodes.
    pub async fn process_nodes(&self) -> Result<Vec<ProcessNode>, AxlError> {
        let operation = "listProcessNode";
        let mut body = Body::new();
        body.nest("searchCriteria", |criteria| {
            criteria.text("name", "%");
        })
        .nest("returnedTags", |tags| {
            tags.empty("name").empty("nodeUsage").empty("processNodeRole");
        })
        .text("skip", "0")
        .text("first", &PAGE.to_string());
        let found = self.call(&Request::read(operation, body)?).await?;
        let mut nodes = Vec::new();
        for node in Answer::new(operation, &found).all("processNode") {
            nodes.push(ProcessNode {
                name: node.needed("name")?.to_owned(),
                usage: node.optional("nodeUsage"),
                role: node.optional("processNodeRole"),
            });
        }
        nodes.retain(|node| node.name != VIRTUAL);
        Ok(nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::ProcessNode;

    #[test]
    fn nodes_of_presence_are_told_apart() {
        let node = |role: &str| ProcessNode {
            name: "n".to_owned(),
            usage: "Subscriber".to_owned(),
            role: role.to_owned(),
        };
        assert!(node("CUCM Voice/Video").processes_calls() && node("").processes_calls());
        assert!(!node("CUCM IM and Presence").processes_calls());
        assert!(!node("").publisher());
    }
}
