//! Services stopped, started and restarted. Constructed by `apply` alone.

use super::answers::{RestartEnd, StopEnd};
use super::commands::Change;
use super::{ServiceName, ShellError, ShellReader};

/// Changes services over the session it wraps. Nothing is ever repeated, and a running restart is never broken off.
#[derive(Debug)]
pub struct ShellWriter {
    reader: ShellReader,
}

impl ShellWriter {
    /// A writer over this session.
    pub fn new(reader: ShellReader) -> Self {
        Self { reader }
    }

    /// The session, to read over it.
    pub fn reader(&mut self) -> &mut ShellReader {
        &mut self.reader
    }

    /// `utils service restart`. `Started` is the process, not the web application in it.
    ///
    /// # Errors
    /// Where [`ShellError::outcome_unknown`] holds, connect again and look at the list of services.
    pub async fn restart(&mut self, service: &ServiceName) -> Result<RestartEnd, ShellError> {
        let shown = self.change(Change::Restart, service).await?;
        Ok(RestartEnd::parse(&shown, service.as_str()))
    }

    /// `utils service start`.
    ///
    /// # Errors
    /// As [`ShellWriter::restart`].
    pub async fn start(&mut self, service: &ServiceName) -> Result<RestartEnd, ShellError> {
        let shown = self.change(Change::Start, service).await?;
        Ok(RestartEnd::parse(&shown, service.as_str()))
    }

    /// `utils service stop`.
    ///
    /// # Errors
    /// As [`ShellWriter::restart`].
    pub async fn stop(&mut self, service: &ServiceName) -> Result<StopEnd, ShellError> {
        let shown = self.change(Change::Stop, service).await?;
        Ok(StopEnd::parse(&shown, service.as_str()))
    }

    async fn change(
        &mut self,
        change: Change,
        service: &ServiceName,
    ) -> Result<String, ShellError> {
        let command = change.command(service);
        tracing::debug!(endpoint = %self.reader.endpoint(), command, "platform shell");
        self.reader.change(&command).await
    }
}
