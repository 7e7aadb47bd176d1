//! Checks one request against its type: order, cardinality, names, namespaces, attributes, simple values.

use super::{ANY, Element, Kind, Part, Version};
use crate::sandbox::soap::Node;

/// How a request is read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// The request's version.
    version: Version,
    /// Inside `returnedTags`, where only names and order count.
    tags: bool,
}

/// Checks the children of `request` against `parts`.
///
/// # Errors
/// One sentence that names the element that breaks the schema.
pub fn check(request: &Node, parts: &[Part], version: Version) -> Result<(), String> {
    attributes(request, &["sequence", "isMGCP"])?;
    children(request, parts, Reading { version, tags: false })
}

fn children(node: &Node, parts: &[Part], reading: Reading) -> Result<(), String> {
    if !node.text.trim().is_empty() {
        return Err(format!("element '{}' holds text where only elements may stand", node.name));
    }
    if let Some(child) = node.children.iter().find(|child| !child.space.is_empty()) {
        return Err(format!(
            "element '{}' must not be qualified; it is in namespace {}",
            child.name, child.space
        ));
    }
    let taken = sequence(node, parts, 0, reading)?;
    match node.children.get(taken) {
        None => Ok(()),
        Some(child) => {
            Err(format!("element '{}' is unknown or out of order in '{}'", child.name, node.name))
        }
    }
}

fn sequence(node: &Node, parts: &[Part], from: usize, reading: Reading) -> Result<usize, String> {
    let mut at = from;
    for part in parts {
        at = match part {
            Part::Element(element) => occurrences(node, element, at, reading)?,
            Part::Sequence(parts) => sequence(node, parts, at, reading)?,
            Part::Choice { branches, needed } => {
                let next = node.children.get(at).map(|child| child.name.as_str());
                match branches.iter().find(|branch| next.is_some_and(|name| starts(branch, name))) {
                    Some(branch) => sequence(node, std::slice::from_ref(branch), at, reading)?,
                    None if *needed && !reading.tags => {
                        return Err(match next {
                            Some(name) => format!(
                                "element '{name}' stands where '{}' needs its key or choice",
                                node.name
                            ),
                            None => format!("element '{}' lacks its key or choice", node.name),
                        });
                    }
                    None => at,
                }
            }
        };
    }
    Ok(at)
}

fn starts(part: &Part, name: &str) -> bool {
    match part {
        Part::Element(element) => element.name == name,
        Part::Sequence(parts) => {
            for part in *parts {
                if starts(part, name) {
                    return true;
                }
                if matches!(part, Part::Element(element) if element.min > 0) {
                    return false;
                }
            }
            false
        }
        Part::Choice { branches, .. } => branches.iter().any(|branch| starts(branch, name)),
    }
}

fn occurrences(
    node: &Node,
    element: &Element,
    from: usize,
    reading: Reading,
) -> Result<usize, String> {
    if reading.version < element.since || element.until <= reading.version {
        return Ok(from);
    }
    let mut at = from;
    while at - from < element.max {
        let Some(child) = node.children.get(at).filter(|child| child.name == element.name) else {
            break;
        };
        value(child, element, reading)?;
        at += 1;
    }
    if at - from < element.min && !reading.tags {
        return Err(match node.children.get(at) {
            Some(other) => format!(
                "element '{}' stands in '{}' where '{}' is expected",
                other.name, node.name, element.name
            ),
            None => format!("element '{}' lacks its child '{}'", node.name, element.name),
        });
    }
    Ok(at)
}

fn value(node: &Node, element: &Element, reading: Reading) -> Result<(), String> {
    let nil = node.attribute("xsi:nil").is_some_and(|value| matches!(value, "true" | "1"));
    if nil {
        return if element.nillable && node.children.is_empty() && node.text.is_empty() {
            Ok(())
        } else {
            Err(format!("element '{}' cannot be nil", node.name))
        };
    }
    if reading.tags {
        return match element.kind {
            Kind::Children(parts) => children(node, parts, reading),
            Kind::Open | Kind::Vendor => Ok(()),
            Kind::Text(_)
            | Kind::Word
            | Kind::Boolean
            | Kind::Integer
            | Kind::Uuid
            | Kind::Reference
            | Kind::Load
            | Kind::Criteria(_)
            | Kind::Tags(_) => match node.children.first() {
                None => Ok(()),
                Some(child) => {
                    Err(format!("element '{}' is not part of '{}'", child.name, node.name))
                }
            },
        };
    }
    match element.kind {
        Kind::Children(parts) => {
            attributes(node, &[])?;
            children(node, parts, reading)
        }
        Kind::Criteria(parts) => {
            attributes(node, &[])?;
            if node.children.is_empty() {
                return Err(format!("element '{}' needs at least one criterion", node.name));
            }
            children(node, parts, reading)
        }
        Kind::Tags(parts) => {
            attributes(node, &["uuid", "ctiid"])?;
            braces(node.attribute("uuid"), node)?;
            children(node, parts, Reading { tags: true, ..reading })
        }
        Kind::Vendor => {
            attributes(node, &[])?;
            unqualified(node)
        }
        Kind::Open => Ok(()),
        Kind::Text(_)
        | Kind::Word
        | Kind::Boolean
        | Kind::Integer
        | Kind::Uuid
        | Kind::Reference
        | Kind::Load => simple(node, element.kind),
    }
}

fn simple(node: &Node, kind: Kind) -> Result<(), String> {
    if let Some(child) = node.children.first() {
        return Err(format!("element '{}' is not expected in '{}'", child.name, node.name));
    }
    let allowed: &[&str] = if matches!(kind, Kind::Reference) {
        &["uuid"]
    } else if matches!(kind, Kind::Load) {
        &["special"]
    } else {
        &[]
    };
    attributes(node, allowed)?;
    let text = node.text.as_str();
    let wrong = match kind {
        Kind::Text(most) if most != ANY && text.chars().count() > most => {
            return Err(format!("element '{}' is longer than {most} characters", node.name));
        }
        Kind::Boolean => !matches!(text.trim(), "t" | "f" | "true" | "false" | "0" | "1"),
        Kind::Integer => !text.trim().is_empty() && text.trim().parse::<i64>().is_err(),
        Kind::Uuid => !is_uuid(text),
        Kind::Reference => return braces(node.attribute("uuid"), node),
        Kind::Text(_)
        | Kind::Word
        | Kind::Load
        | Kind::Vendor
        | Kind::Open
        | Kind::Children(_)
        | Kind::Criteria(_)
        | Kind::Tags(_) => false,
    };
    if wrong {
        return Err(format!("element '{}' has the invalid value '{text}'", node.name));
    }
    Ok(())
}

fn unqualified(node: &Node) -> Result<(), String> {
    for child in &node.children {
        if !child.space.is_empty() {
            return Err(format!(
                "element '{}' in '{}' must not be qualified; it is in namespace {}",
                child.name, node.name, child.space
            ));
        }
        unqualified(child)?;
    }
    Ok(())
}

fn attributes(node: &Node, allowed: &[&str]) -> Result<(), String> {
    match node
        .attributes
        .iter()
        .find(|(name, _)| !name.starts_with("xsi:") && !allowed.contains(&name.as_str()))
    {
        None => Ok(()),
        Some((name, _)) => {
            Err(format!("element '{}' has the unexpected attribute '{name}'", node.name))
        }
    }
}

fn braces(uuid: Option<&str>, node: &Node) -> Result<(), String> {
    match uuid {
        Some(uuid) if !is_uuid(uuid) => {
            Err(format!("attribute uuid of element '{}' has the invalid value '{uuid}'", node.name))
        }
        _ => Ok(()),
    }
}

/// Whether `text` is a uuid in braces.
fn is_uuid(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return false;
    };
    let groups: Vec<&str> = inner.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
