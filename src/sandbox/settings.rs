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
        }
    }
}
