//! Checks of Finesse's pages for phones, asked in the name of a device that exists nowhere.

use crate::plan::{Object, ObjectKind, Plan};
use crate::planner::build::Inputs;
use crate::playbook::Location;

use super::{Seen, finding, not_checkable};

/// The device that is asked for: a name that no phone has.
pub const NOBODY: &str = "SEP0000DEADBEEF";

/// What a node's page answered.
#[derive(Debug)]
pub struct ServletSeen {
    /// The node, as the playbook names it.
    pub host: String,
    /// What it answered.
    pub page: Page,
}

/// An answer of the page for phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// An object that phones understand.
    Phone,
    /// None, or one that says that the node is not in service; what the phone's user would see.
    Silent(String),
    /// What the proxy says in place of a node that is down.
    Proxy(String),
    /// Something else that is no phone's; for a device that exists nowhere that may be right.
    Strange(String),
    /// It was not asked: a phone has that name.
    Taken,
}

/// All of them.
pub(super) fn judge(inputs: Inputs<'_>, seen: &Seen, plan: &mut Plan) {
    // Where one node answers as a phone wants it, an unknown device is no reason for another answer.
    let known = seen.servlets.iter().any(|servlet| servlet.page == Page::Phone);
    for ServletSeen { host, page } in &seen.servlets {
        let found = |check, found: &str| {
            let object = Object::new(ObjectKind::FinesseNode, host);
            let expected = "an object that phones understand";
            finding(check, object, "page for phones", expected, found, at(inputs, host))
        };
        match page {
            Page::Phone => {}
            Page::Silent(why) => plan.findings.push(found("servlet-not-answering", why)),
            Page::Proxy(why) => plan.findings.push(found("servlet-not-phone-xml", why)),
            Page::Strange(why) if known => {
                plan.findings.push(found("servlet-not-phone-xml", why));
            }
            Page::Strange(why) => plan.not_checked.push(not_checkable(
                format!("page for phones of {host}"),
                format!(
                    "to a device that exists nowhere it answers {why}: no document says whether that is right; open the service on a phone"
                ),
            )),
            Page::Taken => plan.findings.push(found(
                "servlet-real-device",
                &format!("not asked: CUCM has a device of the name {NOBODY}"),
            )),
        }
    }
}

fn at<'a>(inputs: Inputs<'a>, host: &str) -> Option<&'a Location> {
    let finesse = &inputs.deployment.finesse;
    let nodes = std::iter::once(&finesse.primary).chain(&finesse.secondary);
    nodes.into_iter().find(|node| node.api.host == host).map(|node| &node.at)
}

#[cfg(test)]
mod tests {
    use super::{Page, ServletSeen};
    use crate::checks::stage::Stage;

    fn stage(pages: [Page; 2]) -> Stage {
        let mut stage = Stage::finesse(&[]);
        let hosts = ["fin-a.example.com", "fin-b.example.com"];
        let seen = hosts.into_iter().zip(pages);
        let seen = seen.map(|(host, page)| ServletSeen { host: host.to_owned(), page });
        stage.seen.servlets = seen.collect();
        stage
    }

    #[test]
    fn what_may_be_right_for_a_device_that_exists_nowhere_is_no_finding() {
        let strange = || Page::Strange("HTTP 404".to_owned());
        let both = stage([strange(), strange()]).plan();
        assert!(both.findings.iter().all(|finding| !finding.check.starts_with("servlet")));
        let pages = both.not_checked.iter().filter(|item| item.subject.contains("page for phones"));
        assert_eq!(pages.filter(|item| item.not_checkable).count(), 2);
        let one = stage([Page::Phone, strange()]);
        assert_eq!(one.names("servlet-not-phone-xml"), ["fin-b.example.com"]);
    }

    #[test]
    fn what_no_phone_can_use_is_found() {
        let down = stage([Page::Silent("no connection".to_owned()), Page::Proxy("502".to_owned())]);
        assert_eq!(down.names("servlet-not-answering"), ["fin-a.example.com"]);
        assert_eq!(down.names("servlet-not-phone-xml"), ["fin-b.example.com"]);
        let fine = stage([Page::Phone, Page::Phone]);
        assert!(fine.names("servlet-not-answering").is_empty());
        assert!(fine.names("servlet-not-phone-xml").is_empty());
        assert_eq!(stage([Page::Taken, Page::Taken]).names("servlet-real-device").len(), 2);
    }
}
