//! `-v` and `-vv`: what happens, on stderr. Text for people never goes through here.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::report::sanitize::line;

/// Starts logging at this verbosity; nothing at 0.
pub fn start(verbose: u8) {
    let filter = match verbose {
        0 => return,
        1 => "ippactl=debug",
        2 => "ippactl=trace,info",
        _ => "trace",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(|| Harmless)
        .with_ansi(false)
        .finish();
    // Only a second start can fail, and there is none.
    drop(tracing::subscriber::set_global_default(subscriber));
}

/// stderr, for events: each is one line, and what servers say in it cannot move the cursor.
struct Harmless;

impl Write for Harmless {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        writeln!(io::stderr().lock(), "{}", line(text.trim_end_matches('\n')))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
