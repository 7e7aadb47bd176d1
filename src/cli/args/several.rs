//! The playbooks of a call, how many of them run at once, and the flags of `verify` and `plan`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::report::scope::Shard;

use super::{Command, Global, History};

/// The playbooks of a call.
#[derive(Debug, Args)]
pub struct Several {
    /// Playbooks, one deployment each; they run at once
    #[arg(required = true, value_name = "PLAYBOOK")]
    pub playbooks: Vec<String>,
    /// How many deployments run at once
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub at_once: u16,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Which deployments.
    #[command(flatten)]
    pub several: Several,
    /// Part i of n: of several playbooks the deployments are split, of one its devices; `report merge` joins the parts
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Findings that somebody answers for; default: NAME.waivers.yaml beside NAME.yaml
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Where reports are kept.
    #[command(flatten)]
    pub history: History,
}

/// `plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// Which deployments.
    #[command(flatten)]
    pub several: Several,
    /// Exit with 2 when changes are pending
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Part i of n: of several playbooks the deployments are split, of one its devices; `report merge` joins the parts
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Where reports are kept.
    #[command(flatten)]
    pub history: History,
}

/// Why these flags are refused: they belong to one deployment, or the command has nothing that they could tell.
pub(super) fn refused(global: &Global, command: &Command) -> Option<String> {
    if let Some(path) = &global.events {
        if path == Path::new("-") {
            return Some("--events needs a file: stdout is the result".to_owned());
        }
        if !command.runs() {
            return Some(format!("`{}` has no events", command.word()));
        }
    }
    let (several, flags) = if let Command::Plan(plan) = command {
        (&plan.several, None)
    } else if let Command::Verify(verify) = command {
        (&verify.several, None)
    } else if let Command::Apply(apply) = command {
        (&apply.several, Some(apply))
    } else {
        return None;
    };
    if several.playbooks.len() < 2 {
        return None;
    }
    if global.sandbox_state.is_some() {
        return Some("--sandbox-state keeps one cluster, and each playbook has its own".to_owned());
    }
    let apply = flags?;
    let of_one = [
        (apply.expect.is_some(), "--expect", "a fingerprint is of one deployment's plan"),
        (!apply.operator_done.is_empty(), "--operator-done", "a token is of one deployment's plan"),
        (!apply.reboot.is_empty(), "--reboot", "a node is of one deployment"),
        (
            apply.canary.is_some(),
            "--canary",
            "the first devices of one deployment are looked at before it goes on",
        ),
    ];
    of_one.into_iter().find(|(given, ..)| *given).map(|(_, flag, why)| {
        format!("{flag} has no use with several playbooks: {why}; apply that one alone")
    })
}

/// `i/n`, from 1.
fn shard(text: &str) -> Result<Shard, String> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=1000).contains(number));
    let parts = text.split_once('/').and_then(|(i, n)| Some((number(i)?, number(n)?)));
    match parts {
        Some((index, of)) if index <= of => Ok(Shard { index, of }),
        _ => Err("expected i/n with i from 1 to n, and n at most 1000, for example 1/4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::shard;
    use crate::report::scope::Shard;

    #[test]
    fn a_shard_is_one_of_its_number() {
        assert_eq!(shard("2/4").unwrap(), Shard { index: 2, of: 4 });
        for wrong in ["0/4", "5/4", "4", "/4", "1/", "1/0", "-1/4", "1/1001", "a/b"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
