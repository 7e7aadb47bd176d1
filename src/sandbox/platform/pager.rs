//! The pager of the shell.
//!
//! Source: facts/vos.md section 2.3, exact bytes.

use super::terminal::{Gone, INTERRUPT, Terminal};

const QUESTION: &str =
    "\u{1b}[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\u{1b}[0m";
const ERASE: &str = "\r\u{1b}[K";

/// Writes lines, a page at a time; `page` 0 writes them all.
///
/// # Errors
/// The client is gone.
pub async fn write(terminal: &mut Terminal, lines: &[String], page: usize) -> Result<(), Gone> {
    let mut room = if page == 0 { usize::MAX } else { page };
    for line in lines {
        if room == 0 {
            terminal.write(QUESTION).await?;
            room = loop {
                match terminal.key().await? {
                    b'\n' => break 1,
                    b' ' => break page,
                    b'q' | b'Q' | INTERRUPT => break 0,
                    _ => {}
                }
            };
            terminal.write(ERASE).await?;
            if room == 0 {
                return Ok(());
            }
        }
        terminal.line(line).await?;
        room -= 1;
    }
    Ok(())
}
