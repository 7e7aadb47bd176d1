//! `utils system restart`, `utils ntp status`.
//!
//! Source: facts/vos.md section 2.7. The words after a *no*, and the table of an unsynchronised node, are in no source.

use serde_json::json;

use crate::sandbox::platform::machines;
use crate::sandbox::platform::shell::{Said, Shell};
use crate::sandbox::platform::terminal::Gone;

const WARNING: &str = "     ***   W A R N I N G   ***\r\nPlease make sure database replication setup is complete. Use the command 'utils dbreplication runtimestate' to get the current status.\r\nIf database replication setup is in progress, restarting the server may leave database replication unable to complete.\r\n";

/// Asks, reboots the machine and hangs up.
///
/// # Errors
/// The client is gone.
pub async fn restart(shell: &mut Shell) -> Result<(), Gone> {
    if shell.knobs().reboot_warning {
        shell.terminal.write(WARNING).await?;
    }
    shell.terminal.line("Do you really want to restart ?").await?;
    loop {
        shell.terminal.write("Enter (yes/no)? ").await?;
        let Some(line) = shell.terminal.read_line(0).await? else { return Ok(()) };
        match line.trim() {
            "yes" => break,
            "no" => return shell.terminal.line("Operation cancelled").await,
            _ => {}
        }
    }
    shell.terminal.line("Appliance is being Restarted ...").await?;
    shell.terminal.line("Warning: Restart could take up to 5 minutes.").await?;
    shell.terminal.line("Stopping Service Manager...").await?;
    shell.terminal.write("-  Service Manager shutting down services... Please Wait\r").await?;
    shell.terminal.line("\\  Service Manager shutting down services... Please Wait").await?;
    let fields = json!({ "node": shell.station.host, "user": shell.user });
    shell.site.tell("reboot-begun", fields);
    machines::reboot(&shell.site, &shell.station);
    shell.terminal.hang_up().await;
    Err(Gone)
}

/// `utils ntp status`.
pub fn ntp(shell: &Shell) -> Said {
    let table = "ntpd (pid 12345) is running...\n\n     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n";
    Said::text(&if shell.knobs().ntp_synchronised {
        format!(
            "{table}*192.0.2.123     198.51.100.7     2 u  512 1024  377    0.412    0.045   0.022\n\n\nsynchronised to NTP server (192.0.2.123) at stratum 3\n   time correct to within 45 ms\n   polling server every 1024 s\n\nCurrent time in UTC is : Sat Jan 31 10:00:00 UTC 2026\nCurrent time in Europe/Prague is : Sat Jan 31 11:00:00 CET 2026"
        )
    } else {
        format!(
            "{table} 192.0.2.123     .INIT.          16 u    - 1024    0    0.000    0.000   0.000\n\n\nunsynchronised\n   polling server every 1024 s\n\nCurrent time in UTC is : Sat Jan 31 10:00:00 UTC 2026\nCurrent time in Europe/Prague is : Sat Jan 31 11:00:00 CET 2026"
        )
    })
}
