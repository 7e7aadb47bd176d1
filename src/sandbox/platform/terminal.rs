//! The terminal of a shell: lines with echo, keys, and output with `\r\n`.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use russh::server::Handle;
use russh::{ChannelId, Disconnect};
use tokio::sync::mpsc::UnboundedReceiver;

/// Ctrl-C.
pub const INTERRUPT: u8 = 0x03;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;

/// The client is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// A terminal on a channel.
pub struct Terminal {
    handle: Handle,
    channel: ChannelId,
    input: UnboundedReceiver<Vec<u8>>,
    typed: VecDeque<u8>,
    /// Lines that the client's terminal shows.
    pub rows: usize,
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Terminal {
    /// A terminal.
    pub fn new(
        (handle, channel): (Handle, ChannelId),
        input: UnboundedReceiver<Vec<u8>>,
        rows: usize,
    ) -> Self {
        Self { handle, channel, input, typed: VecDeque::new(), rows }
    }

    /// Sends text as it is.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn write(&self, text: &str) -> Result<(), Gone> {
        let bytes = text.as_bytes().to_vec();
        self.handle.data(self.channel, bytes).await.map_err(|_| Gone)
    }

    /// Sends a line.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn line(&self, text: &str) -> Result<(), Gone> {
        self.write(&format!("{text}\r\n")).await
    }

    /// The next key. As on any Unix terminal a carriage return is a line feed, so both together are two lines.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn key(&mut self) -> Result<u8, Gone> {
        loop {
            if let Some(key) = self.typed.pop_front() {
                return Ok(if key == b'\r' { b'\n' } else { key });
            }
            self.typed.extend(self.input.recv().await.ok_or(Gone)?);
        }
    }

    /// Reads a line and echoes it. Nothing for a line that was broken off by Ctrl-C.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn read_line(&mut self, mut lost: usize) -> Result<Option<String>, Gone> {
        let mut line: Vec<u8> = Vec::new();
        loop {
            match self.key().await? {
                b'\n' => {
                    self.write("\r\n").await?;
                    return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
                }
                INTERRUPT => {
                    self.write("^C\r\n").await?;
                    return Ok(None);
                }
                BACKSPACE | DELETE if line.pop().is_some() => self.write("\u{8} \u{8}").await?,
                BACKSPACE | DELETE => {}
                b' '.. if lost > 0 => lost -= 1,
                key if key >= b' ' || key == b'\t' => {
                    line.push(key);
                    // Half of a character is echoed with its other half.
                    let shown = String::from_utf8_lossy(&[key]).into_owned();
                    self.write(&shown).await?;
                }
                _ => {}
            }
        }
    }

    /// Waits; true when Ctrl-C came meanwhile. Other keys are kept for later.
    ///
    /// # Errors
    /// The client is gone.
    pub async fn pause(&mut self, time: Duration) -> Result<bool, Gone> {
        let waited = tokio::time::sleep(time);
        tokio::pin!(waited);
        loop {
            if let Some(at) = self.typed.iter().position(|key| *key == INTERRUPT) {
                self.typed.drain(..=at);
                return Ok(true);
            }
            tokio::select! {
                () = &mut waited => return Ok(false),
                more = self.input.recv() => self.typed.extend(more.ok_or(Gone)?),
            }
        }
    }

    /// Forgets what was typed and not read yet.
    pub fn forget(&mut self) {
        while let Ok(more) = self.input.try_recv() {
            drop(more);
        }
        self.typed.clear();
    }

    /// Ends the connection without a word to the shell's user.
    pub async fn hang_up(&self) {
        let ended = self.handle.disconnect(Disconnect::ByApplication, String::new(), String::new());
        drop(ended.await);
    }

    /// Ends the shell.
    pub async fn close(&self) {
        // A client that is gone needs no goodbye.
        let _told: Result<(), ()> = self.handle.close(self.channel).await;
    }
}
