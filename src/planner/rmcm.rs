//! The part of planning that is done for UCCX's RMCM user.

use crate::clients::axl::DeviceKind;
use crate::plan::Plan;
use crate::resources::application_user::Associations;
use crate::resources::rmcm_user;

use super::build::Inputs;

/// The devices and profiles that the user has to control: those of the roster that exist.
pub fn associations(inputs: Inputs<'_>) -> Associations<'_> {
    let of_kind = |kind: DeviceKind| {
        let devices = inputs.observation.existing(inputs.desired);
        let devices = devices.filter(move |device| device.kind == kind);
        devices.map(|device| (device.name.as_str(), &device.declared)).collect()
    };
    rmcm_user::associations(of_kind(DeviceKind::Phone), of_kind(DeviceKind::DeviceProfile))
}

/// The user's devices are found missing, or added; nothing else of it is touched.
pub(super) fn plan(inputs: Inputs<'_>, plan: &mut Plan) {
    let Some(rmcm) = &inputs.deployment.application_user.uccx_rmcm else { return };
    let observed = inputs.observation.rmcm.as_ref();
    let (step, findings) = rmcm_user::compare(rmcm, &associations(inputs), observed);
    plan.findings.extend(findings);
    plan.steps.extend(step);
}
