//! How the agents of a hybrid system sign in: each is asked for, until the node says that it does not tell.

use futures::StreamExt as _;

use crate::checks::sso::ModesSeen;
use crate::clients::finesse::{AuthMode, FinesseError, FinesseReader, Told};
use crate::clients::stop::Stop;
use crate::trouble::Trouble;

/// So many refusals and no answer: it is switched off, and nobody else is asked for.
const SWITCHED_OFF: usize = 3;

/// What the node tells of these agents, and the read that failed. `told` hears how many have been read.
///
/// # Errors
/// When the end was asked for.
pub(super) async fn read(
    node: &FinesseReader,
    ids: &[&str],
    concurrency: usize,
    stop: &Stop,
    told: impl Fn(usize),
) -> Result<(ModesSeen, Option<FinesseError>), Trouble> {
    let asked = ids.iter().map(async |id| (*id, node.user_auth_mode(id).await));
    let mut answers = futures::stream::iter(asked).buffered(concurrency.max(1));
    let mut modes = ModesSeen::default();
    let (mut read, mut known, mut refused) = (0, false, 0);
    while let Some((id, answer)) = answers.next().await {
        stop.check()?;
        read += 1;
        told(read);
        match answer {
            Ok(Some(Told::Known(mode))) => {
                known = true;
                if mode == AuthMode::Sso {
                    modes.sso.insert(id.to_owned());
                }
            }
            // An agent whom Finesse does not know is another check's.
            Ok(None) => {}
            Ok(Some(Told::CannotTell(why))) => {
                modes.off = Some(why);
                refused += 1;
                if !known && refused == SWITCHED_OFF {
                    break;
                }
            }
            Err(error) => return Ok((modes, Some(error))),
        }
    }
    Ok((modes, None))
}
