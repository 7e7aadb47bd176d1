//! The shell's commands: which there are, and who may use them.
//!
//! Source: facts/vos.md section 2.6. What the shell says to an unknown command, and to one above the account's level, is
//! in no source; it is taken to be the same.

pub mod certificate;
pub mod contact_center;
pub mod replication;
pub mod service;
pub mod show;
pub mod system;

use super::knobs::PagingOff;
use super::shell::{Said, Shell};
use super::terminal::Gone;

/// What is said to a command that does not exist, or not for this account.
pub const UNKNOWN: &str = "\nExecuted command unsuccessfully\nNo valid command entered";

/// Performs one command. Nothing when it has said everything itself.
///
/// # Errors
/// The client is gone.
pub async fn perform(shell: &mut Shell, line: &str) -> Result<Option<Said>, Gone> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let finesse = shell.station.kind.side();
    let said = match words.as_slice() {
        ["utils", "service", "list"] => Said { unpaged: true, ..service::list(shell) },
        ["utils", "service", "list", "page"] => service::list(shell),
        ["utils", "service", verb @ ("restart" | "stop" | "start"), name @ ..]
            if shell.level >= 1 && !name.is_empty() =>
        {
            return service::change(shell, verb, &name.join(" ")).await.map(|()| None);
        }
        ["utils", "system", "restart"] if shell.level >= 1 => {
            return system::restart(shell).await.map(|()| None);
        }
        ["utils", "ntp", "status"] => system::ntp(shell),
        ["utils", "dbreplication", "runtimestate"] => replication::runtimestate(shell),
        ["show", "uccx", "dbreplication", "servers"] => replication::uccx_servers(shell),
        ["show", "perf", "query", "class", ..]
            if line.ends_with("\"Number of Replicates Created and State of Replication\"") =>
        {
            replication::replicate_state(shell)
        }
        ["show", "version", "active"] => show::version(shell),
        ["show", "myself"] => show::myself(shell),
        ["show", "account"] if shell.level >= 4 => show::account(shell),
        ["show", "cert", "list", which @ ("own" | "trust")] if shell.level >= 1 => {
            certificate::list(shell, which)
        }
        ["show", "cert", "own", unit] if shell.level >= 1 => certificate::own(shell, unit),
        ["show", "cert", "trust", file] if shell.level >= 1 => certificate::trusted(shell, file),
        ["set", "cert", "import", "trust", unit] if shell.level >= 1 => {
            certificate::import(shell, unit).await?
        }
        ["set", "cert", "delete", unit, file] if shell.level >= 1 => {
            certificate::delete(shell, unit, file)
        }
        ["show", "network", "cluster"] => show::network_cluster(shell),
        ["show", "cli", "pagination"] => {
            let state = if shell.paging { "On" } else { "Off" };
            Said::text(&format!("Automatic Pagination : {state}."))
        }
        ["set", "cli", "pagination", switch @ ("on" | "off")] if may_page_off(shell) => {
            shell.paging = *switch == "on";
            Said::text(&format!("Automatic pagination is turned {switch}"))
        }
        ["show", "accountlocking"] => show::account_locking(shell),
        ["utils", "finesse", rest @ ..] => match finesse {
            Some(side) => contact_center::perform(shell, side, rest),
            None => Said::text(UNKNOWN),
        },
        _ => Said::text(UNKNOWN),
    };
    Ok(Some(said))
}

fn may_page_off(shell: &Shell) -> bool {
    match shell.knobs().paging_off {
        PagingOff::Level1 => shell.level >= 1,
        PagingOff::Anybody => true,
        PagingOff::Nobody => false,
    }
}
