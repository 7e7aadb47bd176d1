//! The reading half of `remove`: what of the playbook is there, who else uses it, and the plan.

use crate::clients::axl::AxlError;
use crate::planner::build::Observation;
use crate::planner::remove::{build, devices};
use crate::resources::desired::Desired;
use crate::trouble::Trouble;

use super::journal::Lock;
use super::observe::{
    at_publisher, connect, finesse, inputs, read_subscriptions, read_whole, services,
};
use super::password;
use super::{Prepared, Purpose, Task};

/// Connects, reads, and plans.
pub async fn prepare(task: &Task<'_>) -> Result<Prepared, Trouble> {
    let lock = Lock::take(task.state)?;
    let desired = Desired::new(task.deployment, &None)?;
    let reader = connect(task).await?;
    let mut prepared = Prepared {
        desired,
        observation: Observation::default(),
        plan: crate::plan::Plan::default(),
        reader,
        nodes: finesse::Nodes::new(task, Purpose::Apply)?,
        lock: Some(lock),
        password: password::Tested::default(),
        seen: crate::checks::Seen::default(),
        only: None,
    };
    look(task, &mut prepared).await?;
    Ok(prepared)
}

/// Reads what is there, and plans.
pub async fn look(task: &Task<'_>, prepared: &mut Prepared) -> Result<(), Trouble> {
    let failed = |error: AxlError| at_publisher(task, &error);
    let Prepared { desired, reader, .. } = prepared;
    let mut fresh = Observation {
        application_user: reader
            .application_user(&task.deployment.application_user.id)
            .await
            .map_err(failed)?,
        list_writes: prepared.observation.list_writes,
        ..Observation::default()
    };
    let names: Vec<String> = desired.devices.keys().map(ToString::to_string).collect();
    let found = reader.devices(&names).await.map_err(failed)?;
    fresh.devices =
        found.into_iter().map(|device| (device.name, (device.kind, device.model))).collect();
    fresh.services = services(task, reader, desired).await?;
    read_subscriptions(task, reader, desired, &mut fresh).await?;
    let subscribed = devices(inputs(task, desired, &fresh));
    let subscribed: Vec<String> = subscribed
        .map(|device| device.name.to_string())
        .filter(|name| fresh.states.contains(name))
        .collect();
    fresh.whole = read_whole(task, reader, &subscribed).await?;
    prepared.observation = fresh;
    prepared.plan = build(inputs(task, &prepared.desired, &prepared.observation));
    Ok(())
}
