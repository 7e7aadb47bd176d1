//! The dialogue of one shell: greeting, prompt, command, and again.
//!
//! Source: facts/vos.md sections 2.1, 2.2.

use std::sync::Arc;
use std::time::Duration;

use super::knobs::{Knobs, Pager};
use super::terminal::{Gone, Terminal};
use super::{Station, commands, pager, transcript};
use crate::sandbox::site::Site;

/// Documented milliseconds until "starting up", "Welcome" and the prompt.
const STAGES: [u64; 3] = [700, 5_400, 2_500];

/// One shell of one user.
#[derive(Debug)]
pub struct Shell {
    /// Where the user sits.
    pub terminal: Terminal,
    /// The cluster.
    pub site: Arc<Site>,
    /// The node.
    pub station: Station,
    /// The account.
    pub user: String,
    /// Its level.
    pub level: u8,
    /// The pager has not been switched off in this session.
    pub paging: bool,
}

/// What a command says in the end.
#[derive(Debug, Default)]
pub struct Said {
    /// Lines.
    pub lines: Vec<String>,
    /// Paging is an option of the command, which was not chosen.
    pub unpaged: bool,
}

impl Said {
    /// These lines.
    pub fn text(text: &str) -> Self {
        Self { lines: text.lines().map(str::to_owned).collect(), unpaged: false }
    }
}

impl Shell {
    /// A shell on a terminal.
    pub fn new(
        terminal: Terminal,
        (site, station): (Arc<Site>, Station),
        (user, level): (String, u8),
    ) -> Self {
        Self { terminal, site, station, user, level, paging: true }
    }

    /// The switches as they are now.
    pub fn knobs(&self) -> Knobs {
        self.site.front().shells.knobs(&self.station.host)
    }

    /// Talks until the user leaves.
    pub async fn run(mut self) {
        // An error here says that the client is gone, and there is nobody to tell.
        if self.talk().await.is_ok() {
            self.terminal.close().await;
        }
    }

    async fn talk(&mut self) -> Result<(), Gone> {
        let knobs = self.knobs();
        if !knobs.transcript.is_empty() {
            return transcript::play(self, &knobs).await;
        }
        let wait = |stage: usize| Duration::from_millis(STAGES[stage]).mul_f64(knobs.scale());
        tokio::time::sleep(wait(0)).await;
        self.terminal.line("Command Line Interface is starting up, please wait ...").await?;
        tokio::time::sleep(wait(1)).await;
        let warning = if knobs.dns_warning { "WARNING: DNS unreachable\r\n" } else { "" };
        let greeting = format!(
            "\r\n   Welcome to the Platform Command Line Interface\r\n\r\n{warning}VMware Installation:\r\n\t2 vCPU: Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz\r\n\tDisk 1: 146GB, Partitions aligned\r\n\t10240 Mbytes RAM\r\n\r\n"
        );
        self.terminal.write(&greeting).await?;
        tokio::time::sleep(wait(2)).await;
        let mut lost = knobs.lost_characters;
        let mut count = 0;
        loop {
            let knobs = self.knobs();
            tokio::time::sleep(Duration::from_millis(knobs.prompt_delay_ms)).await;
            let prompt = knobs.command_count.prompt(&knobs.prompt, count);
            self.terminal.write(&prompt).await?;
            let Some(line) = self.terminal.read_line(lost).await? else { continue };
            let line = line.trim();
            if line.is_empty() {
                let again = if knobs.double_prompt { prompt.as_str() } else { "" };
                self.terminal.write(&format!("{again}\r\n\r")).await?;
                continue;
            }
            lost = 0;
            count += 1;
            self.site.front().ledger.ssh.command(&self.station.host, line);
            if matches!(line, "exit" | "quit") {
                return Ok(());
            }
            let Some(said) = commands::perform(self, line).await? else { continue };
            self.say(said).await?;
        }
    }

    async fn say(&mut self, mut said: Said) -> Result<(), Gone> {
        let knobs = self.knobs();
        if knobs.decoys && !said.lines.is_empty() {
            let middle = said.lines.len() / 2;
            said.lines.insert(middle, "Password: is not asked here".to_owned());
            said.lines.insert(middle, "admin: is the prompt of this shell".to_owned());
            said.lines.insert(middle, "Password:".to_owned());
        }
        let pages = self.paging
            && match knobs.pager {
                Pager::Off => false,
                Pager::Everything => true,
                Pager::Usual => !said.unpaged,
            };
        let lines = if knobs.pager_follows_rows {
            self.terminal.rows.saturating_sub(1)
        } else {
            knobs.pager_lines
        };
        let page = if pages { lines.max(1) } else { 0 };
        pager::write(&mut self.terminal, &said.lines, page).await
    }
}
