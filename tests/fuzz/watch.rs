//! Runs one case and judges it: a panic, more seconds or more memory than any honest input needs.

use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;

use crate::say;
use crate::subjects::Subject;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Longest time of a case on the processor. Without optimisation all is slower.
const SECONDS: f64 = if cfg!(debug_assertions) { 20.0 } else { 2.0 };
/// Most memory of a case, in bytes.
const MOST: usize = 96 * 1024 * 1024;
/// What ends the whole run, because it may never come back.
const HANG: Duration = Duration::from_mins(10);
const RUNAWAY: usize = 1024 * 1024 * 1024;

/// Cases begun so far; even while none runs.
static BEGUN: AtomicU64 = AtomicU64::new(0);
/// The case that runs.
static NOW: Mutex<Option<(PathBuf, Vec<u8>)>> = Mutex::new(None);

thread_local! {
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How a case ended.
pub(crate) enum Word {
    Good { seconds: f64, memory: usize },
    Bad(String),
}

/// Begins to watch cases, one at a time.
pub(crate) fn begin() {
    panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        SAID.with(|said| {
            *said.borrow_mut() =
                format!("panicked at {at}: {}", info.payload_as_str().unwrap_or("?"));
        });
    }));
    thread::spawn(guard);
}

/// Runs a case; a slow one twice more, because the machine may have been busy.
pub(crate) fn case(subject: &Subject, name: &str, input: &[u8]) -> Word {
    let path = failed(subject, name);
    *NOW.lock().unwrap() = Some((path.clone(), input.to_vec()));
    let mut fastest = f64::MAX;
    let mut most = 0;
    for _ in 0..3 {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let (began, used) = (Instant::now(), on_processor());
        let ended = panic::catch_unwind(AssertUnwindSafe(|| (subject.decode)(input)));
        let seconds = match (used, on_processor()) {
            (Some(before), Some(after)) => after - before,
            _ => began.elapsed().as_secs_f64(),
        };
        fastest = fastest.min(seconds);
        most = MEMORY.peak_usage().saturating_sub(before);
        BEGUN.fetch_add(1, Ordering::SeqCst);
        if ended.is_err() {
            let said = SAID.take();
            return Word::Bad(kept(&path, input, &said));
        }
        if fastest <= SECONDS {
            break;
        }
    }
    if fastest > SECONDS {
        return Word::Bad(kept(&path, input, &format!("{fastest:.1} s")));
    }
    if most > MOST {
        return Word::Bad(kept(&path, input, &format!("{} MB", most / 1024 / 1024)));
    }
    Word::Good { seconds: fastest, memory: most }
}

/// Seconds that this thread has had on a processor: on a busy machine a case waits longer than it runs. `None` where
/// the system does not tell.
fn on_processor() -> Option<f64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds).as_secs_f64())
}

/// Ends the run when a case neither ends nor stays small.
fn guard() {
    let (mut seen, mut since) = (0, Instant::now());
    loop {
        thread::sleep(Duration::from_millis(50));
        let begun = BEGUN.load(Ordering::SeqCst);
        if begun != seen || begun.is_multiple_of(2) {
            (seen, since) = (begun, Instant::now());
        }
        let runaway = MEMORY.current_usage() > RUNAWAY;
        if runaway || since.elapsed() > HANG {
            let now = NOW.lock().unwrap().take();
            if let Some((path, input)) = now {
                let why = if runaway { "memory without bound" } else { "it does not end" };
                say(&format!("fuzz: {}", kept(&path, &input, why)));
            }
            std::process::abort();
        }
    }
}

fn failed(subject: &Subject, name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    target.join("fuzz").join(subject.name).join(name.replace(' ', "-"))
}

fn kept(path: &Path, input: &[u8], why: &str) -> String {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, input).unwrap();
    format!("{why}; the input is {}", path.display())
}
