//! AXL: the connection, one cheap read of each kind, and what nothing tells without writing.

use crate::checks::doctor::{Area, Line};
use crate::clients::axl::{
    ApplicationUser, AxlError, AxlSettings, DeviceKind, ProcessNode, Reader,
};
use crate::clients::throttle::PATIENCE;
use crate::engine::observe::of_publisher;
use crate::trouble::Trouble;

use super::{Exam, NO_DEVICE, Password};

/// What was learnt over AXL and the next looks rest on.
#[derive(Debug, Default)]
pub(super) struct Cucm {
    /// The client, where AXL works.
    pub(super) reader: Option<Reader>,
    /// The nodes, where they could be read.
    pub(super) nodes: Option<Vec<ProcessNode>>,
    /// The application user.
    pub(super) user: Asked,
    /// Whether no device has the name that exists nowhere; nothing where that was not read.
    pub(super) no_such_device: Option<bool>,
}

/// The application user, as far as it was read.
#[derive(Debug, Default)]
pub(super) enum Asked {
    /// It was not.
    #[default]
    NotRead,
    /// There is none.
    Absent,
    /// This is it.
    There(ApplicationUser),
}

/// Why nothing else is asked with AXL's account.
pub(super) const NOT_TAKEN: &str =
    "because AXL did not take the account, and a refused password is tried once";

const ROLE: &str = "axl-role-missing";

/// Looks at AXL.
pub(super) async fn look(exam: &mut Exam<'_, '_>) -> Result<Cucm, Trouble> {
    let publisher = exam.task.deployment.cucm.publisher.clone();
    let mut cucm = Cucm::default();
    if exam.blocked(Area::Cucm, "AXL", &publisher) {
        return Ok(cucm);
    }
    exam.begin("AXL")?;
    let Some(reader) = connect(exam).await else { return Ok(cucm) };
    exam.begin("AXL, one read of each kind")?;
    let user = exam.task.deployment.application_user.id.clone();
    cucm.user = match read(exam, "application users", reader.application_user(&user).await) {
        None => Asked::NotRead,
        Some(None) => Asked::Absent,
        Some(Some(user)) => Asked::There(user),
    };
    read(exam, "user groups", reader.user_groups("Standard CTI Enabled").await);
    let service = exam.task.deployment.phone_services.primary.name.clone();
    read(exam, "phone services", reader.phone_service(&service).await);
    let phone = reader.device_services(DeviceKind::Phone, NO_DEVICE).await;
    read(exam, "phones", phone);
    let devices = reader.devices(&[NO_DEVICE.to_owned()]).await;
    cucm.no_such_device = read(exam, "database (SQL)", devices).map(|found| found.is_empty());
    cucm.nodes = read(exam, "nodes", reader.process_nodes().await);
    exam.add(
        Line::not_checkable(
            Area::Cucm,
            "AXL write role",
            "no read tells it, and nothing is written here",
        )
        .under(ROLE)
        .fix(
            "look at Cisco Unified CM Administration > User Management > Application User, Permissions Information: \
             Standard AXL API Access lets an account write",
        ),
    );
    cucm.reader = Some(reader);
    Ok(cucm)
}

async fn connect(exam: &mut Exam<'_, '_>) -> Option<Reader> {
    let task = exam.task;
    let credential = &task.deployment.credentials.axl;
    let password = match exam.password(credential) {
        Password::Here(password) => password,
        Password::Missing(why) => {
            let fix = "give the password that credentials.axl of the playbook names";
            exam.add(Line::not_checked(Area::Cucm, "AXL", why).fix(fix));
            return None;
        }
    };
    let connected = Reader::connect(AxlSettings {
        endpoint: task.deployment.cucm.publisher.clone(),
        user: credential.user.clone(),
        password,
        version: task.deployment.cucm.axl_version.clone(),
        http: task.http.clone(),
        concurrency: task.concurrency,
        writes_per_minute: None,
        patience: PATIENCE,
        on_wait: std::sync::Arc::new(|_| ()),
        stop: task.stop.clone(),
        refusals: task.refusals.clone(),
    })
    .await;
    match connected {
        Ok(reader) => {
            let seen = format!("CUCM {}, AXL {}", reader.release(), reader.version());
            exam.add(Line::ok(Area::Cucm, "AXL", seen));
            Some(reader)
        }
        Err(error) => {
            let line = Line::of(Area::Cucm, "AXL", &of_publisher(task, &error)).as_failed();
            let stopped = matches!(error, AxlError::Unexpected { .. } | AxlError::Throttled { .. });
            let line = if stopped { line.under("axl-unreachable").fix(START) } else { line };
            let roleless = matches!(error, AxlError::NoRole);
            exam.add(if roleless { line.fix(GRANT) } else { line });
            None
        }
    }
}

const START: &str = "start Cisco AXL Web Service in Cisco Unified Serviceability > Tools > Control Center - Feature Services \
                     on the publisher (activate it under Tools > Service Activation)";

/// A read of one kind: a line, and what was read.
fn read<T>(exam: &mut Exam<'_, '_>, what: &str, answer: Result<T, AxlError>) -> Option<T> {
    let subject = format!("AXL read of {what}");
    match answer {
        Ok(found) => {
            exam.add(Line::ok(Area::Cucm, subject, "allowed"));
            Some(found)
        }
        Err(error) => {
            let line = Line::of(Area::Cucm, subject, &of_publisher(exam.task, &error));
            let refused = error.fault_kind().is_some();
            exam.add(if refused { line.as_failed().under(ROLE).fix(GRANT) } else { line });
            None
        }
    }
}

const GRANT: &str = "in Cisco Unified CM Administration > User Management > Access Control Group, give the account Standard \
                     AXL API Access (to read only: Standard AXL API Users and Standard AXL Read Only API Access) and Standard \
                     CCM Admin Users; the reason is CUCM's own words";
