//! Product-specific settings (`vendorConfig`) at their three levels: phone, common phone profile, enterprise; and
//! telling phones to take a changed configuration.
//!
//! Shapes: AXL 14.0 schema, `UpdatePhoneReq`, `UpdateCommonPhoneConfigReq`, `UpdateEnterprisePhoneConfigReq`,
//! `NameAndGUIDRequest`.

use std::sync::Arc;

use super::answers::Answer;
use super::exchange::{QUERY, Request};
use super::row::{self, Texts};
use super::statement::quoted;
use super::{
    AxlError, Configurations, DeviceKind, FaultKind, Reader, SubscribedService, Writer, requests,
};
use crate::clients::xml::Body;

const CONFIG: &str = "vendorConfig";
/// Where the database keeps a phone's configuration, by size.
const TABLES: [&str; 3] = ["devicexml4k", "devicexml8k", "devicexml16k"];
/// Reference phones that are looked at.
const REFERENCES: usize = 20;

/// What a phone's own configuration says, and which profile it follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneConfiguration {
    /// Device name.
    pub device: String,
    /// Model, e.g. `Cisco 8845`.
    pub model: Arc<str>,
    /// Common phone profile; empty where the database does not say.
    pub profile: Arc<str>,
    /// What stands inside of `vendorConfig`; empty when the phone has nothing of its own.
    pub config: String,
}

/// The merge base of a phone's write.
#[derive(Debug, Clone)]
pub struct PhoneBase {
    /// What stands inside of `vendorConfig`, byte for byte.
    pub config: String,
    /// The complete `services`.
    pub services: Vec<SubscribedService>,
}

/// How a phone is told to take its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyRequest {
    /// `applyPhone`: the mild one.
    Apply,
    /// `restartPhone`: registers anew.
    Restart,
    /// `resetPhone`: starts anew.
    Reset,
}

impl Reader {
    /// Configuration, model and profile of these phones. Phones that do not exist are left out.
    pub async fn phone_configurations(
        &self,
        names: &[String],
    ) -> Result<Vec<PhoneConfiguration>, AxlError> {
        let mut all = Vec::new();
        let mut configurations = self.configurations(names);
        while configurations.left() > 0 {
            all.extend(configurations.next().await?);
        }
        Ok(all)
    }

    /// The same, as many at a time as one answer bears.
    pub fn configurations<'a>(&'a self, names: &'a [String]) -> Configurations<'a> {
        Configurations::new(self, names)
    }

    pub(super) async fn configuration_of(
        &self,
        name: &str,
    ) -> Result<Option<PhoneConfiguration>, AxlError> {
        let operation = "getPhone";
        let mut body = Body::new();
        body.text("name", name).nest("returnedTags", |tags| {
            tags.empty("name").empty("model").empty("commonPhoneConfigName").empty(CONFIG);
        });
        let request = Request::read(operation, body)?.keeping(CONFIG);
        let Some(found) = self.found(&request).await? else { return Ok(None) };
        let phone = Answer::new(operation, &found).object("phone")?;
        Ok(Some(PhoneConfiguration {
            device: phone.needed("name")?.to_owned(),
            model: phone.optional("model").into(),
            profile: phone.optional("commonPhoneConfigName").into(),
            config: phone.kept(CONFIG),
        }))
    }

    /// What a write of this phone has to be merged into; `None` when it does not exist.
    pub async fn phone_base(&self, name: &str) -> Result<Option<PhoneBase>, AxlError> {
        let (operation, element) = requests::get_operation(DeviceKind::Phone);
        let request = Request::read(operation, requests::get_phone_base(name))?.keeping(CONFIG);
        let Some(found) = self.found(&request).await? else { return Ok(None) };
        let phone = Answer::new(operation, &found).object(element)?;
        let services = super::answers::device_services(phone)?;
        Ok(Some(PhoneBase { config: phone.kept(CONFIG), services }))
    }

    /// What stands inside of a common phone profile's `vendorConfig`; `None` when there is no such profile.
    pub async fn profile_configuration(&self, name: &str) -> Result<Option<String>, AxlError> {
        let operation = "getCommonPhoneConfig";
        let mut body = Body::new();
        body.text("name", name).nest("returnedTags", |tags| {
            tags.empty("name").empty(CONFIG);
        });
        let request = Request::read(operation, body)?.keeping(CONFIG);
        let Some(found) = self.found(&request).await? else { return Ok(None) };
        Ok(Some(Answer::new(operation, &found).object("commonPhoneConfig")?.kept(CONFIG)))
    }

    /// What stands inside of the enterprise phone configuration's `vendorConfig`.
    pub async fn enterprise_configuration(&self) -> Result<String, AxlError> {
        let operation = "getEnterprisePhoneConfig";
        let request = Request::read(operation, Body::new())?.keeping(CONFIG);
        let found = self.call(&request).await?;
        Ok(Answer::new(operation, &found).object("enterprisePhoneConfig")?.kept(CONFIG))
    }

    /// Configurations of a few phones anywhere on the cluster that have this element, and not with this value: what
    /// somebody has set in the console. Empty where the database's text columns cannot be searched.
    pub async fn reference_configurations(
        &self,
        element: &str,
        other_than: &str,
    ) -> Result<Vec<String>, AxlError> {
        let mut configs = Vec::new();
        for table in TABLES {
            let text = format!(
                "select first {REFERENCES} x.xml from {table} x where x.xml like {} and x.xml not like {}",
                quoted("element", &format!("%<{element}>%"))?,
                quoted("element", &format!("%<{element}>{other_than}</{element}>%"))?,
            );
            match self.rows(&Request::large(QUERY, requests::sql(&text))?).await {
                Ok(found) => {
                    for row in row::all(&found, &Texts::default()) {
                        configs.push(row.column("xml")?.to_owned());
                    }
                }
                Err(error) if refuses_statement(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(configs)
    }
}

/// Whether the server understood the request and would not run the statement.
pub(super) fn refuses_statement(error: &AxlError) -> bool {
    matches!(error.fault_kind(), Some(FaultKind::Other | FaultKind::TooLarge { .. }))
}

impl Writer {
    /// `updatePhone` with the configuration, the complete `services`, or both; what is `None` is left alone.
    pub async fn update_phone(
        &self,
        name: &str,
        config: Option<&str>,
        services: Option<&[SubscribedService]>,
    ) -> Result<(), AxlError> {
        let secrets = services.unwrap_or_default().iter().filter_map(|s| s.url.clone()).collect();
        let mut body = Body::new();
        body.text("name", name);
        if let Some(config) = config {
            body.kept(CONFIG, config);
        }
        if let Some(services) = services {
            requests::services(&mut body, services);
        }
        self.write("updatePhone", body, secrets).await
    }

    /// `updateCommonPhoneConfig` with nothing but the configuration.
    pub async fn update_profile_configuration(
        &self,
        name: &str,
        config: &str,
    ) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("name", name).kept(CONFIG, config);
        self.write("updateCommonPhoneConfig", body, Vec::new()).await
    }

    /// `updateEnterprisePhoneConfig`.
    pub async fn update_enterprise_configuration(&self, config: &str) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.kept(CONFIG, config);
        self.write("updateEnterprisePhoneConfig", body, Vec::new()).await
    }

    /// Tells a phone to take its configuration.
    pub async fn apply_phone(&self, name: &str, how: ApplyRequest) -> Result<(), AxlError> {
        let operation = match how {
            ApplyRequest::Apply => "applyPhone",
            ApplyRequest::Restart => "restartPhone",
            ApplyRequest::Reset => "resetPhone",
        };
        self.named(operation, name).await
    }

    /// Tells all phones of a profile to take their configuration; a profile cannot be restarted, only reset.
    pub async fn apply_profile(&self, name: &str, how: ApplyRequest) -> Result<(), AxlError> {
        let operation = match how {
            ApplyRequest::Apply => "applyCommonPhoneConfig",
            ApplyRequest::Restart | ApplyRequest::Reset => "resetCommonPhoneConfig",
        };
        self.named(operation, name).await
    }

    async fn named(&self, operation: &'static str, name: &str) -> Result<(), AxlError> {
        let mut body = Body::new();
        body.text("name", name);
        self.write(operation, body, Vec::new()).await
    }
}
