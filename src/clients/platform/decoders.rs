//! The screen, and every decoder of what it shows, one after the other, for tests that feed them anything.

use super::answers::locked_out;
use super::certificates::{end, files, property};
use super::screen::Screen;
use super::{
    ActiveVersion, ConnectedUsers, InactivityTimeout, Replication, RestartEnd, ServiceList,
    StopEnd, UccxServers, dialogue, echo,
};
use crate::clients::certificate::Certificate;

/// How much of a session arrives at once: all, or pieces that tear sequences; its length decides.
const PIECES: [usize; 4] = [7, 64, 1500, usize::MAX];

/// Longest command that is taken from a session, in characters: those that are typed are much shorter.
const COMMAND: usize = 256;

/// Reads a session as the answer to the command on its first line.
pub(in crate::clients) fn decode(bytes: &[u8]) {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let command: String = String::from_utf8_lossy(first).trim().chars().take(COMMAND).collect();
    let piece = PIECES[bytes.len() % PIECES.len()];
    let mut screen = Screen::default();
    for part in bytes.chunks(piece.max(bytes.len() / 4096)) {
        if screen.feed(part).is_err() {
            return;
        }
        screen.take_pager();
        screen.at_prompt();
        screen.at_counted_prompt();
        drop(screen.question());
    }
    drop(screen.open_question());
    every(&echo::answer(&screen.text(), &command));
}

fn every(shown: &str) {
    drop(dialogue::end_of(shown));
    drop(ServiceList::parse(shown));
    if let Ok(read) = Replication::parse(shown) {
        read.queued();
        drop(read);
    }
    drop(UccxServers::parse(shown));
    drop(ActiveVersion::parse(shown));
    drop(ConnectedUsers::parse(shown));
    drop(InactivityTimeout::parse(shown).map(InactivityTimeout::words));
    drop(locked_out(shown));
    for service in ["Cisco Finesse Tomcat", "", "["] {
        drop(RestartEnd::parse(shown, service));
        drop(StopEnd::parse(shown, service));
    }
    drop(files(shown));
    property(shown, "trustAllCertificates");
    drop(end(shown, "tomcat"));
    drop(Certificate::from_pem(shown));
}
