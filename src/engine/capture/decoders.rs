//! What `capture` does with bytes of a server before they are kept, for tests that feed it anything.

use super::sanitiser::{Interface, Sanitiser};

/// Takes the secrets out of a body as if each interface had sent it, in both directions.
pub fn decode(bytes: &[u8]) {
    let mut sanitiser = Sanitiser::new(Some("//user"));
    for interface in [Interface::Axl, Interface::Authenticate, Interface::Settings] {
        drop(sanitiser.request(interface, bytes));
        for status in [200, 500] {
            drop(sanitiser.reply(interface, status, bytes));
        }
    }
    drop(sanitiser.path(&String::from_utf8_lossy(bytes)));
}
