//! Every decoder of Finesse's answers, one after the other, for tests that feed them anything.

use super::session::{Asker, judged, tree};
use super::{ConnectedUsersInfo, Selector, ServletAnswer, SystemInfo, User, reasons, users};
use crate::clients::decoders::reply;

/// Reads an answer as an error, as a list and as a single object: of which kind, its length decides.
pub(in crate::clients) fn decode(body: &[u8]) {
    let status = [400, 404, 500, 503][body.len() % 4];
    if let Err(error) = judged("User", Asker::Administrator, reply(status, body)) {
        drop(error.trouble("place"));
    }
    match body.len() % 3 {
        0 => drop(users::all(body)),
        1 => drop(reasons::codes(body)),
        _ => drop(reasons::wrap_ups(body)),
    }
    match tree("SystemInfo", &reply(200, body)) {
        Ok(root) => {
            drop(SystemInfo::read(&root));
            drop(ConnectedUsersInfo::read(&root));
            drop(ServletAnswer::read(&root));
            drop(User::read(&root));
            for place in ["//user", "/SystemInfo/status"] {
                drop(Selector::new(place).map(|selector| selector.read_back(&root)));
            }
        }
        Err(error) => drop(error.trouble("place")),
    }
}
