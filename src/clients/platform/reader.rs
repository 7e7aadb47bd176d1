//! Reads over one session on one node.

use super::answers::{
    ActiveVersion, ConnectedUsers, InactivityTimeout, NotRecognised, Replication, ServiceList,
    UccxServers, locked_out,
};
use super::commands::{PAGING_OFF, ReadCommand};
use super::dialogue::{Shell, end_of};
use super::reply::Reply;
use super::{Algorithms, ShellError};
use crate::playbook::Endpoint;

/// One interactive session that only reads: it has no method that changes anything. Dropping it ends the session.
#[derive(Debug)]
pub struct ShellReader {
    shell: Shell,
    endpoint: Endpoint,
    algorithms: Algorithms,
    greeting: String,
}

impl ShellReader {
    pub(super) fn new(
        shell: Shell,
        endpoint: &Endpoint,
        algorithms: Algorithms,
        greeting: String,
    ) -> Self {
        Self { shell, endpoint: endpoint.clone(), algorithms, greeting }
    }

    /// The node, as the playbook names it.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// What was agreed; [`Algorithms::old`] tells which old ones the node forced.
    pub fn algorithms(&self) -> &Algorithms {
        &self.algorithms
    }

    /// Whether the node said at sign-in that it cannot reach its DNS servers.
    pub fn dns_unreachable(&self) -> bool {
        self.greeting.to_ascii_uppercase().contains("DNS UNREACHABLE")
    }

    /// What this command shows, whatever it is.
    pub async fn show(&mut self, command: ReadCommand) -> Result<String, ShellError> {
        let limit = self.shell.dialogue.timings().read;
        self.shell.dialogue.run(command.text(), limit).await
    }

    /// `utils service list`.
    pub async fn services(&mut self) -> Result<ServiceList, ShellError> {
        self.read(ReadCommand::ServiceList, ServiceList::parse).await
    }

    /// `utils dbreplication runtimestate`.
    pub async fn replication(&mut self) -> Result<Replication, ShellError> {
        self.read(ReadCommand::ReplicationState, Replication::parse).await
    }

    /// `show uccx dbreplication servers`; `None` where it shows no table at all, as where it is not known.
    pub async fn uccx_servers(&mut self) -> Result<Option<UccxServers>, ShellError> {
        self.read(ReadCommand::UccxServers, UccxServers::parse).await
    }

    /// `show version active`.
    pub async fn version(&mut self) -> Result<ActiveVersion, ShellError> {
        self.read(ReadCommand::VersionActive, ActiveVersion::parse).await
    }

    /// `utils finesse show_connected_users summary`.
    pub async fn connected_users(&mut self) -> Result<ConnectedUsers, ShellError> {
        self.read(ReadCommand::ConnectedUsersSummary, ConnectedUsers::parse).await
    }

    /// `utils finesse show_connected_users detail`.
    pub async fn connected_users_detail(&mut self) -> Result<ConnectedUsers, ShellError> {
        self.read(ReadCommand::ConnectedUsersDetail, ConnectedUsers::parse).await
    }

    /// `utils finesse locked_out_users list`: who is locked.
    pub async fn locked_out_users(&mut self) -> Result<Vec<String>, ShellError> {
        self.read(ReadCommand::LockedOutUsers, locked_out).await
    }

    /// `utils finesse ippa_inactivity_timeout status`.
    pub async fn inactivity_timeout(&mut self) -> Result<InactivityTimeout, ShellError> {
        self.read(ReadCommand::IppaInactivityTimeout, InactivityTimeout::parse).await
    }

    /// `utils finesse maintenance status`, as text: its form is documented nowhere.
    pub async fn maintenance_status(&mut self) -> Result<String, ShellError> {
        self.show(ReadCommand::MaintenanceStatus).await
    }

    /// Ends the session in the way that SSH foresees; dropping the reader does it too, less politely.
    pub async fn close(self) {
        let Shell { handle, .. } = self.shell;
        let said = handle.disconnect(russh::Disconnect::ByApplication, "", "").await;
        tracing::trace!(?said, "session closed");
    }

    /// What this command shows does not matter: not every account may give it.
    pub(super) async fn paging_off(&mut self) -> Result<(), ShellError> {
        let limit = self.shell.dialogue.timings().read;
        let shown = self.shell.dialogue.run(PAGING_OFF, limit).await?;
        tracing::debug!(shown = end_of(&shown), "pagination");
        Ok(())
    }

    /// A command that only reads, made of parts that the node has named.
    pub(super) async fn run(&mut self, command: &str) -> Result<String, ShellError> {
        let limit = self.shell.dialogue.timings().read;
        self.shell.dialogue.run(command, limit).await
    }

    pub(super) async fn paste(
        &mut self,
        command: &str,
        invitation: &str,
        text: &str,
    ) -> Result<String, ShellError> {
        let timings = self.shell.dialogue.timings();
        let reply = Reply::paste(invitation, text, timings.paste);
        self.shell.dialogue.asked(command, reply, timings.read).await
    }

    pub(super) async fn confirm(
        &mut self,
        command: &str,
        question: &str,
    ) -> Result<String, ShellError> {
        let limit = self.shell.dialogue.timings().change;
        self.shell.dialogue.asked(command, Reply::yes(question), limit).await
    }

    pub(super) async fn change(&mut self, command: &str) -> Result<String, ShellError> {
        let limit = self.shell.dialogue.timings().change;
        self.shell.dialogue.run(command, limit).await
    }

    async fn read<T>(
        &mut self,
        command: ReadCommand,
        parse: fn(&str) -> Result<T, NotRecognised>,
    ) -> Result<T, ShellError> {
        let shown = self.show(command).await?;
        parse(&shown).map_err(|NotRecognised { why }| ShellError::NotRecognised {
            command: command.text().to_owned(),
            why: why.to_owned(),
            shown: end_of(&shown),
        })
    }
}
