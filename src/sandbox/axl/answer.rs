//! Shapes of answers: identifiers, `returnedTags`, paging.

use crate::sandbox::soap::Node;

/// A pkid as AXL writes it: upper case, in braces.
pub fn braced(pkid: &str) -> String {
    format!("{{{}}}", pkid.to_uppercase())
}

/// A uuid of a request as the database writes it.
pub fn bare(uuid: &str) -> String {
    uuid.trim_matches(['{', '}']).to_lowercase()
}

/// The answer to a write: the object's uuid.
pub fn written(pkid: &str) -> Node {
    Node::leaf("return", braced(pkid))
}

/// `t` and `f` of the database as AXL answers them.
pub fn boolean(flag: &str) -> &'static str {
    if flag == "t" { "true" } else { "false" }
}

/// A boolean of a request as the database stores it.
pub fn flag(text: &str) -> &'static str {
    if matches!(text.trim(), "t" | "true" | "1") { "t" } else { "f" }
}

/// A reference element: name and uuid, or nil.
pub fn reference(name: &str, to: Option<(String, String)>) -> Node {
    match to {
        Some((pkid, text)) => Node::leaf(name, text).marked("uuid", braced(&pkid)),
        None => Node::maybe(name, None),
    }
}

/// What a get answers: everything, or what `returnedTags` asks for. A tag without a value comes back empty.
pub fn got(request: &Node, full: Node) -> Node {
    let content = match request.child("returnedTags") {
        None => full,
        Some(tags) => projected(&full, tags, true),
    };
    Node::new("return").with(content)
}

/// What a list answers: the page that `skip` and `first` ask for, each object with the tags asked for.
/// `skip` counts only together with `first`.
pub fn listed(request: &Node, full: Vec<Node>) -> Node {
    let number =
        |name: &str| request.value(name).and_then(|text| text.trim().parse::<usize>().ok());
    let (skip, first) = match number("first") {
        Some(first) => (number("skip").unwrap_or(0), first),
        None => (0, usize::MAX),
    };
    let empty = Node::new("returnedTags");
    let tags = request.child("returnedTags").unwrap_or(&empty);
    let page = full.into_iter().skip(skip).take(first);
    Node::new("return").with_all(page.map(|object| projected(&object, tags, true)))
}

fn projected(full: &Node, tags: &Node, outermost: bool) -> Node {
    let mut out = Node { children: Vec::new(), ..full.clone() };
    for tag in &tags.children {
        let mut found = full.all(&tag.name).peekable();
        if found.peek().is_none() && outermost {
            out.children.push(Node::new(&tag.name));
        }
        for child in found {
            out.children.push(if tag.children.is_empty() {
                child.clone()
            } else {
                projected(child, tag, false)
            });
        }
    }
    out
}
