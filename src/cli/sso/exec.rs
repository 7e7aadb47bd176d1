//! `sso exec`: a command that is given the token by a variable or through a pipe, and whose exit code is passed on.

use std::ffi::{OsStr, OsString};
use std::process::ExitStatus;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::process::Command;

use crate::outcome::Outcome;
use crate::trouble::Trouble;

use super::super::Call;
use super::super::args::OneAgent;
use super::super::way::{Failure, SpeaksTo, travel};

/// The variable that holds the token.
const TOKEN: &str = "IPPACTL_SSO_TOKEN";
/// The variable that holds the number of the pipe.
const NUMBER: &str = "IPPACTL_SSO_TOKEN_FD";
/// What a pipe takes without anybody reading it.
#[cfg(unix)]
const LONGEST: usize = 60_000;

/// Runs the command; gives back its exit code.
pub fn exec(call: &Call, who: &OneAgent, fd: bool, line: &[OsString]) -> Result<u8, Failure> {
    let token = travel(call, &who.playbook, SpeaksTo::Finesse, async |way, _| {
        let current = way.refreshing().current(&who.agent).await?;
        if let Some(note) = &current.note {
            call.console.note(note);
        }
        Ok(current.kept.access)
    })?;
    let (program, arguments) = line.split_first().unzip();
    let program = program.map_or(OsStr::new(""), |program| program);
    let mut command = Command::new(program);
    command.args(arguments.unwrap_or_default());
    command.env_remove(TOKEN).env_remove(NUMBER);
    let status = super::super::runtime()?.block_on(run(command, &token, fd));
    Ok(code(status.map_err(|why| unstartable(program, why))?))
}

fn unstartable(program: &OsStr, why: String) -> Trouble {
    Trouble::new("sso-exec-failed", Outcome::Failed, "The command cannot be run")
        .at(program.display().to_string())
        .because(why)
        .then("check its name and path; what comes before -- belongs to ippactl")
}

async fn run(mut command: Command, token: &SecretString, fd: bool) -> Result<ExitStatus, String> {
    let reading = if fd {
        Some(pipe(&mut command, token)?)
    } else {
        command.env(TOKEN, token.expose_secret());
        None
    };
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    // The child has its own end now.
    drop(reading);
    loop {
        tokio::select! {
            status = child.wait() => return status.map_err(|error| error.to_string()),
            // Ctrl-C is the child's too, and it decides what comes of it.
            Ok(()) = tokio::signal::ctrl_c() => {}
        }
    }
}

/// A pipe that the child inherits, with the token in it and nothing after it.
#[cfg(unix)]
fn pipe(command: &mut Command, token: &SecretString) -> Result<std::io::PipeReader, String> {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    let said = |error: std::io::Error| error.to_string();
    let text = token.expose_secret().as_bytes();
    if text.len() > LONGEST {
        return Err("the token is too long for a pipe".to_owned());
    }
    let (reading, mut writing) = std::io::pipe().map_err(said)?;
    writing.write_all(text).map_err(said)?;
    drop(writing);
    rustix::io::fcntl_setfd(&reading, rustix::io::FdFlags::empty())
        .map_err(|error| error.to_string())?;
    command.env(NUMBER, reading.as_raw_fd().to_string());
    Ok(reading)
}

#[cfg(not(unix))]
fn pipe(_: &mut Command, _: &SecretString) -> Result<std::io::PipeReader, String> {
    Err("this system hands no pipes to commands; leave out --fd".to_owned())
}

/// The child's exit code; of one that a signal ended, what a shell would say.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().and_then(|code| u8::try_from(code & 0xff).ok()).unwrap_or(1)
}

#[cfg(all(test, unix))]
mod tests {
    use tokio::process::Command;

    use super::{TOKEN, code, run};

    #[test]
    fn the_token_comes_by_variable_or_pipe_and_the_code_is_passed_on() {
        let ended = |script: &str, fd: bool| {
            let runtime = crate::cli::runtime().unwrap();
            let mut command = Command::new("sh");
            command.arg("-c").arg(script).env_remove(TOKEN);
            code(runtime.block_on(run(command, &"tok.en".into(), fd)).unwrap())
        };
        assert_eq!(ended("test \"$IPPACTL_SSO_TOKEN\" = tok.en && exit 7", false), 7);
        let by_pipe = "test -z \"$IPPACTL_SSO_TOKEN\" || exit 1; t=$(cat /dev/fd/$IPPACTL_SSO_TOKEN_FD); test \"$t\" = tok.en && exit 9";
        assert_eq!(ended(by_pipe, true), 9);
        assert_eq!(ended("kill -TERM $$", false), 143);
    }

    #[test]
    fn a_command_that_is_not_there_is_said() {
        let runtime = crate::cli::runtime().unwrap();
        let absent = Command::new("ippactl-test-no-such-program");
        assert!(runtime.block_on(run(absent, &"t".into(), false)).is_err());
    }
}
