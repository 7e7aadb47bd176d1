//! The nodes' pages for phones, asked in the name of a device that exists nowhere: nobody is disturbed.

use std::time::Duration;

use crate::checks::Seen;
use crate::checks::servlet::{NOBODY, Page, ServletSeen};
use crate::clients::finesse::{FinesseError, FinesseReader};
use crate::engine::observe::at_publisher;
use crate::trouble::Trouble;

use super::agents::failed;
use super::{Around, not_checked};

/// Asks every node. A phone that has the name after all is never asked for: a page could sign its agent out.
pub(super) async fn look(around: Around<'_>, seen: &mut Seen) -> Result<(), Trouble> {
    let Some(nodes) = around.nodes else { return Ok(()) };
    let taken = match around.reader.devices(&[NOBODY.to_owned()]).await {
        Ok(devices) => !devices.is_empty(),
        Err(error) => {
            let why = at_publisher(around.task, &error).why;
            seen.not_checked.push(not_checked("pages for phones", why));
            return Ok(());
        }
    };
    let states = around.observation.finesse.iter().flat_map(|finesse| &finesse.nodes);
    for (node, state) in nodes.all().zip(states) {
        around.task.stop.check()?;
        let host = state.host.clone();
        if taken {
            seen.servlets.push(ServletSeen { host, page: Page::Taken });
            continue;
        }
        // A node that has been waited for is not waited for again.
        let serves = state.state.as_ref().is_ok_and(|state| state.in_service);
        let asked = if state.state.is_ok() {
            ask(node, serves).await
        } else {
            ask(&node.with_patience(Duration::ZERO), serves).await
        };
        match asked {
            Ok(page) => seen.servlets.push(ServletSeen { host, page }),
            Err(error) => {
                failed(around, node, &error, &format!("page for phones of {host}"), seen);
            }
        }
    }
    Ok(())
}

/// Asks a node, which serves or does not; the error where nothing was asked.
pub(in crate::engine) async fn ask(
    node: &FinesseReader,
    serves: bool,
) -> Result<Page, FinesseError> {
    match node.servlet(NOBODY).await {
        Ok(answer) if answer.phone_object() => Ok(Page::Phone),
        Ok(answer) => Ok(Page::Strange(format!("an element {}", answer.root))),
        Err(error) => page(&error, serves).ok_or(error),
    }
}

/// What an error is to a phone; `None` when nothing was asked.
fn page(error: &FinesseError, serves: bool) -> Option<Page> {
    let why = error.to_string();
    match error {
        FinesseError::Unreachable { .. }
        | FinesseError::Timeout { .. }
        | FinesseError::Lost { .. }
        | FinesseError::OutOfService { .. } => Some(Page::Silent(why)),
        FinesseError::Starting { .. } => Some(Page::Proxy(why)),
        FinesseError::Internal { .. }
        | FinesseError::NotApi { .. }
        | FinesseError::NotFound { .. }
        | FinesseError::Forbidden { .. }
        | FinesseError::CredentialWanted { .. }
        | FinesseError::Invalid { .. }
        | FinesseError::TooLarge { .. } => {
            Some(if serves { Page::Strange(why) } else { Page::Proxy(why) })
        }
        FinesseError::Certificate(_)
        | FinesseError::Handshake(_)
        | FinesseError::Denied { .. }
        | FinesseError::NoCredential { .. }
        | FinesseError::Refused { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{FinesseError, Page, page};

    #[test]
    fn what_a_phone_would_see() {
        let what = "the phone servlet";
        let down = FinesseError::Unreachable { why: "refused".to_owned() };
        assert!(matches!(page(&down, true), Some(Page::Silent(_))));
        assert!(matches!(page(&FinesseError::Starting { what }, true), Some(Page::Proxy(_))));
        let other = FinesseError::NotApi { what, status: 404, why: "no such path".to_owned() };
        assert!(matches!(page(&other, true), Some(Page::Strange(_))));
        assert!(matches!(page(&other, false), Some(Page::Proxy(_))), "the node is not in service");
        assert_eq!(page(&FinesseError::Refused { why: String::new() }, true), None);
    }
}
