//! No memory of this process, which holds passwords, ends up in a file when it dies.

/// Switches core dumps off for this process and what it starts. On Linux it cannot be traced or dumped by other processes
/// of the user either, which also keeps it from a program that the kernel would hand the dump to. Elsewhere than on Unix
/// nothing is done: there is no such limit.
pub fn off() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Lowering is always allowed; should it fail all the same, there is nothing else to try.
        _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
