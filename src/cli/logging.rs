//! `-v` and `-vv`: what happens, on stderr. Text for people never goes through here.

use tracing_subscriber::EnvFilter;

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
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish();
    // Only a second start can fail, and there is none.
    drop(tracing::subscriber::set_global_default(subscriber));
}
