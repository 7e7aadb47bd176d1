//! Switches for what no source tells about a real server, so that both answers can be tested.

use serde::{Deserialize, Serialize};

/// What a subscription's secure URL becomes when AXL writes it (facts/axl.md section 21, question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecureUrl {
    /// The service's secure template, without values.
    Template,
    /// Nothing.
    Null,
    /// The secure template with the values of `url`.
    WithValues,
}

/// What writing `vendorConfig` does (question 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VendorConfig {
    /// Replaces the whole.
    Replace,
    /// Replaces the elements sent and keeps the others.
    Merge,
}

/// What a request to `RisPort` over the allowed rate is answered with (facts/vos.md section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverRate {
    /// A SOAP fault.
    Fault,
    /// HTTP 503.
    Status,
}

/// All switches, with the worst case as default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, one per open question")]
pub struct Settings {
    /// The secure URL after an AXL subscription.
    pub secure_after_axl: SecureUrl,
    /// Effect of writing `vendorConfig`.
    pub vendor_config: VendorConfig,
    /// A replaced parameter list keeps the rows of parameters whose name stays (question 12).
    pub kept_parameters: bool,
    /// `updateUserGroup` takes application users as members (question 8).
    pub groups_take_application_users: bool,
    /// *Control of All Devices* authorises every device at `authenticate.jsp`.
    pub control_all_authorises: bool,
    /// NULL of a query is nil instead of empty.
    pub sql_null_is_nil: bool,
    /// A reference to nothing is nil, as the developer guide has it; otherwise empty, as the reply types have it,
    /// where nothing is nillable.
    pub nil_references: bool,
    /// `axlcode` of a broken database rule (question 11).
    pub rule_axlcode: i64,
    /// Largest answer in bytes; a larger one becomes the "too large" fault.
    pub answer_limit: usize,
    /// Idle time after which a session is forgotten, seconds.
    pub session_seconds: u64,
    /// The number of `webProtocol` that means HTTPS only (question 2). The seeded phone that was set by hand follows.
    pub https_only_value: String,
    /// The internal name of *Self Care Portal Default Server* (question 1). The database follows.
    pub self_care_parameter: String,
    /// Text of the fault when a phone with a call in progress is to be applied, restarted or reset.
    pub busy_text: String,
    /// Requests that `RisPort` takes in a minute.
    pub ris_per_minute: usize,
    /// What it answers to more.
    pub ris_over_rate: OverRate,
    /// Most devices that one request to `RisPort` may name.
    pub ris_devices: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure_after_axl: SecureUrl::Template,
            vendor_config: VendorConfig::Replace,
            kept_parameters: false,
            groups_take_application_users: false,
            control_all_authorises: false,
            sql_null_is_nil: false,
            nil_references: true,
            rule_axlcode: -1,
            answer_limit: 8 * 1024 * 1024,
            session_seconds: 30 * 60,
            https_only_value: "1".to_owned(),
            self_care_parameter: "SelfCarePortalDefaultServer".to_owned(),
            busy_text: "Device has an active call".to_owned(),
            ris_per_minute: 15,
            ris_over_rate: OverRate::Fault,
            ris_devices: 1000,
        }
    }
}
