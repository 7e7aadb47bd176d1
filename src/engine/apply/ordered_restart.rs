//! The restart that an import of certificates asks for: Tomcat stopped, the notification service stopped and started, Tomcat
//! started (Finesse Administration Guide, Manage Finesse IP Phone Agent and Perform Routine Maintenance).

use std::time::Duration;

use crate::clients::platform::{
    Platform, PlatformAccount, RestartEnd, ServiceName, ServiceState, ShellError, ShellReader,
    ShellWriter, StopEnd,
};
use crate::playbook::Endpoint;

/// How often it is looked whether a service has come to a state, and how long between.
const LOOKS: u32 = 60;
const PAUSE: Duration = Duration::from_secs(2);

/// Performs it. Whatever goes wrong in between, both services are told to start again: over a new session where the first
/// one broke.
pub(super) async fn perform(
    mut shell: ShellReader,
    (platform, endpoint, account): (&Platform, &Endpoint, &PlatformAccount),
) -> Result<RestartEnd, ShellError> {
    let services = shell.services().await?;
    let tomcat = ServiceName::finesse_tomcat();
    let notification = services.notification_service().map(|service| service.name.clone());
    let mut writer = ShellWriter::new(shell);
    let Some(notification) = notification else {
        // A list without it is no ground to stop anything.
        let text = "the list of services has no notification service";
        return Ok(RestartEnd::Failed(text.to_owned()));
    };
    let notification = ServiceName::new(&notification)?;
    let between = async {
        if let Some(why) = stopped(&mut writer, &tomcat).await? {
            return Ok(Some(why));
        }
        if let Some(why) = stopped(&mut writer, &notification).await? {
            return Ok(Some(why));
        }
        started(&mut writer, &notification).await
    };
    let wrong: Result<Option<String>, ShellError> = between.await;
    if let Err(error) = &wrong {
        // What was done before the session broke is not known: the restart stays owed.
        let mut again = ShellWriter::new(platform.connect(endpoint, account).await?);
        again.start(&notification).await?;
        again.start(&tomcat).await?;
        return Ok(RestartEnd::Failed(error.to_string()));
    }
    let begun = writer.start(&tomcat).await;
    match wrong {
        Ok(Some(why)) => Ok(RestartEnd::Failed(why)),
        Ok(None) | Err(_) => begun,
    }
}

/// Stops a service; why it is not stopped.
async fn stopped(
    writer: &mut ShellWriter,
    service: &ServiceName,
) -> Result<Option<String>, ShellError> {
    match writer.stop(service).await? {
        StopEnd::Stopped => Ok(None),
        StopEnd::Failed(line) => Ok(Some(line)),
        StopEnd::Stopping | StopEnd::NotRecognised => {
            becomes(writer, service, &ServiceState::Stopped).await
        }
    }
}

/// Starts a service; why it is not started.
async fn started(
    writer: &mut ShellWriter,
    service: &ServiceName,
) -> Result<Option<String>, ShellError> {
    match writer.start(service).await? {
        RestartEnd::Started => Ok(None),
        RestartEnd::Failed(line) => Ok(Some(line)),
        RestartEnd::Starting | RestartEnd::NotRecognised => {
            becomes(writer, service, &ServiceState::Started).await
        }
    }
}

/// Waits for a state that the command itself has not shown.
async fn becomes(
    writer: &mut ShellWriter,
    service: &ServiceName,
    state: &ServiceState,
) -> Result<Option<String>, ShellError> {
    for _ in 0..LOOKS {
        let services = writer.reader().services().await?;
        if services.state(service.as_str()) == Some(state) {
            return Ok(None);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Some(format!("{service} did not come to the state it was told to")))
}
