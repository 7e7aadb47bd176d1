//! The cluster's nodes.

use super::answer::{braced, listed};
use super::{Desk, Fault};
use crate::sandbox::soap::Node;

/// `listProcessNode`.
pub fn list(desk: &Desk<'_>, request: &Node) -> Result<Node, Fault> {
    let empty = Node::new("searchCriteria");
    let criteria = request.child("searchCriteria").unwrap_or(&empty);
    let pattern = |name: &str| criteria.value(name).unwrap_or("%");
    let mut statement = desk.db.prepare_cached(
        "select pkid, name, description, nodeusage, processnoderole from processnode
           where name like ?1 and description like ?2 and processnoderole like ?3 order by name",
    )?;
    let nodes = statement
        .query_map([pattern("name"), pattern("description"), pattern("processNodeRole")], |row| {
            let pkid: String = row.get(0)?;
            let mut node = Node::new("processNode").marked("uuid", braced(&pkid));
            for (index, name) in
                ["name", "description", "nodeUsage", "processNodeRole"].into_iter().enumerate()
            {
                node.children.push(Node::maybe(name, row.get(index + 1)?));
            }
            Ok(node)
        })?
        .collect::<rusqlite::Result<Vec<Node>>>()?;
    Ok(listed(request, nodes))
}
