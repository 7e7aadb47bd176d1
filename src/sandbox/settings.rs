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

/// What a list of services in an update does to subscriptions that stay (question 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServicesUpdate {
    /// Every subscription is made anew: value rows, secure URLs and priorities go.
    Replace,
    /// A subscription whose service and button stay keeps its row, and what hangs on it.
    KeepRows,
}

/// Whether somebody has set *HTTPS only* by hand, and to what (question 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HttpsOnlyReference {
    /// One phone, in the console.
    ByHand,
    /// Nobody.
    Nobody,
    /// Two phones of different models, and their numbers differ.
    Differs,
}

/// What stands between template and values in URLs that the console builds (question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UrlSeparator {
    /// `?`, or `&` when the template has a `?`.
    Usual,
    /// `&` always.
    Ampersand,
}

/// How the console encodes values in URLs (question 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UrlEncoding {
    /// Percent signs.
    Percent,
    /// Percent signs, and `+` for a space.
    Plus,
    /// Not at all.
    None,
}

/// What the drop-down of *Self Care Portal Default Server* stores (question 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelfCareValue {
    /// The name of the node.
    Name,
    /// Its address.
    Address,
    /// Its key in the database.
    Key,
}

/// Which columns a caller's SQL finds in `telecasterserviceparameter` (question 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterColumns {
    /// Those that the schema's field names suggest.
    AsTheFields,
    /// `pkid` and `name`; the others are called otherwise.
    Others,
}

/// What a phone needs before its menu shows a changed subscription (question 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubscriptionNeeds {
    /// Nothing: it asks when the menu is opened.
    Nothing,
    /// An apply, restart or reset.
    Apply,
    /// A restart or reset.
    Reset,
}

/// The AXL service of the publisher (question 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxlService {
    /// Runs.
    #[serde(rename = "on")]
    On,
    /// Does not; its path answers 404.
    #[serde(rename = "404")]
    NotFound,
    /// Does not; its path answers 503.
    #[serde(rename = "503")]
    Unavailable,
    /// Does not; the connection is closed.
    #[serde(rename = "closed")]
    Closed,
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

/// Which uploaded certificates come into the file systems of the other nodes by themselves (facts/vos.md section 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateSpread {
    /// None: whoever imports on one node only has imported on one node only.
    Nowhere,
    /// Those of tomcat-trust and CallManager-trust; not those of Phone-trust.
    AsDocumented,
    /// All.
    Everywhere,
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
    /// Effect of writing `services`.
    pub services_update: ServicesUpdate,
    /// What the console puts between a URL and its values. The seeded subscriptions follow.
    pub url_separator: UrlSeparator,
    /// How the console encodes values.
    pub url_encoding: UrlEncoding,
    /// An element written through AXL ticks its *Override Common Settings*, so that it counts (question 7).
    pub axl_ticks_override: bool,
    /// `tkuserassociation` of a controlled device profile (question 5). The type table follows.
    pub profile_association: i64,
    /// Columns of `telecasterserviceparameter` that a caller's SQL finds.
    pub parameter_columns: ParameterColumns,
    /// Most devices that an application user may control (question 9).
    pub device_limit: Option<usize>,
    /// What makes a changed subscription show.
    pub subscription_needs: SubscriptionNeeds,
    /// Whether AXL runs.
    pub axl_service: AxlService,
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
    /// Whether anybody has set it.
    pub https_only_reference: HttpsOnlyReference,
    /// The internal name of *Self Care Portal Default Server* (question 1). The database follows.
    pub self_care_parameter: String,
    /// There is a second enterprise parameter whose name would fit. The database follows.
    pub second_self_care_parameter: bool,
    /// What that drop-down stores.
    pub self_care_value: SelfCareValue,
    /// Text of the fault when a phone with a call in progress is to be applied, restarted or reset.
    pub busy_text: String,
    /// Requests that `RisPort` takes in a minute.
    pub ris_per_minute: usize,
    /// What it answers to more.
    pub ris_over_rate: OverRate,
    /// Most devices that one request to `RisPort` may name.
    pub ris_devices: usize,
    /// Which uploaded certificates come to the other nodes.
    pub certificate_spread: CertificateSpread,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure_after_axl: SecureUrl::Template,
            vendor_config: VendorConfig::Replace,
            services_update: ServicesUpdate::Replace,
            url_separator: UrlSeparator::Usual,
            url_encoding: UrlEncoding::Percent,
            axl_ticks_override: true,
            profile_association: 7,
            parameter_columns: ParameterColumns::AsTheFields,
            device_limit: None,
            subscription_needs: SubscriptionNeeds::Nothing,
            axl_service: AxlService::On,
            kept_parameters: false,
            groups_take_application_users: false,
            control_all_authorises: false,
            sql_null_is_nil: false,
            nil_references: true,
            rule_axlcode: -1,
            answer_limit: 8 * 1024 * 1024,
            session_seconds: 30 * 60,
            https_only_value: "1".to_owned(),
            https_only_reference: HttpsOnlyReference::ByHand,
            self_care_parameter: "SelfCarePortalDefaultServer".to_owned(),
            second_self_care_parameter: false,
            self_care_value: SelfCareValue::Name,
            busy_text: "Device has an active call".to_owned(),
            ris_per_minute: 15,
            ris_over_rate: OverRate::Fault,
            ris_devices: 1000,
            certificate_spread: CertificateSpread::Nowhere,
        }
    }
}
