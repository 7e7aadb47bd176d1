//! Typed reads of single objects, and the session they share with everything else.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::answers::{self, Answer};
use super::bulk;
use super::exchange::Request;
use super::session::Session;
use super::sizes::Sizes;
use super::{
    ApplicationUser, AxlError, AxlSettings, DeviceKind, FaultKind, PhoneService, SubscribedService,
    requests, version,
};
use crate::clients::http::HttpReply;
use crate::clients::xml::{Body, Element, Rows};
use crate::playbook::Endpoint;

/// Groups asked for at once, before a server says that this is too much.
const GROUPS: usize = 500;

/// Reads over AXL. Cheap to clone; clones share session, limits and counters.
#[derive(Clone)]
pub struct Reader {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    session: Session,
    version: String,
    release: String,
    /// How much bulk reads ask for at once, as far as learnt.
    pub(super) sizes: Sizes,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("version", &self.shared.version)
            .field("release", &self.shared.release)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Authenticates once, learns the release and the AXL version to speak: the one given, else the highest
    /// common one that is not newer than the release.
    ///
    /// # Errors
    /// [`AxlError::VersionUnsupported`] for releases before 11.5.
    pub async fn connect(settings: AxlSettings) -> Result<Self, AxlError> {
        let asked = settings.version.clone();
        let session = Session::new(settings);
        let (version, release) = match asked {
            Some(version) => {
                if !version::SPOKEN.contains(&version.as_str()) {
                    return Err(AxlError::Refused {
                        why: format!(
                            "AXL version {version:?} is none of {}",
                            version::SPOKEN.join(", ")
                        ),
                    });
                }
                let release = release(&session, &version).await?;
                (version, release)
            }
            None => negotiate(&session).await?,
        };
        tracing::info!(endpoint = %session.settings().endpoint, version, release, "connected to AXL");
        let sizes = Sizes::default();
        Ok(Self { shared: Arc::new(Shared { session, version, release, sizes }) })
    }

    /// AXL version in use, e.g. `14.0`.
    pub fn version(&self) -> &str {
        &self.shared.version
    }

    /// CUCM release, e.g. `14.0.1.13900(155)`.
    pub fn release(&self) -> &str {
        &self.shared.release
    }

    /// The publisher.
    pub fn endpoint(&self) -> &Endpoint {
        &self.shared.session.settings().endpoint
    }

    /// Requests sent so far, by operation; every sending counts.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.shared.session.requests()
    }

    /// An application user, `None` when there is none of this id.
    pub async fn application_user(&self, id: &str) -> Result<Option<ApplicationUser>, AxlError> {
        let operation = "getAppUser";
        let body = requests::get_application_user(id);
        let Some(found) = self.get(operation, body).await? else { return Ok(None) };
        answers::application_user(Answer::new(operation, &found).object("appUser")?).map(Some)
    }

    /// Whether an end user of this id exists.
    pub async fn end_user_exists(&self, id: &str) -> Result<bool, AxlError> {
        let operation = "getUser";
        let Some(found) = self.get(operation, requests::get_end_user(id)).await? else {
            return Ok(false);
        };
        Answer::new(operation, &found).object("user").map(|_| true)
    }

    /// Names of user groups, in the server's spelling; `%` is the wildcard.
    pub async fn user_groups(&self, pattern: &str) -> Result<Vec<String>, AxlError> {
        let operation = "listUserGroup";
        let mut all = Vec::new();
        let mut most = GROUPS;
        loop {
            let body = requests::list_user_groups(pattern, all.len(), most);
            let found = match self.call(&Request::read(operation, body)?).await {
                Ok(found) => found,
                Err(error) => {
                    most = bulk::smaller(most, &error).ok_or(error)?;
                    continue;
                }
            };
            let page = answers::group_names(Answer::new(operation, &found))?;
            // A server that does not page gives the same page again.
            let repeated = !page.is_empty() && page.first() == all.first();
            let last = page.len() < most || repeated;
            if !repeated {
                all.extend(page);
            }
            if last {
                return Ok(all);
            }
        }
    }

    /// A phone service with its parameters, `None` when there is none of this name.
    pub async fn phone_service(&self, name: &str) -> Result<Option<PhoneService>, AxlError> {
        let operation = "getIpPhoneServices";
        let body = requests::get_phone_service(name);
        let Some(found) = self.get(operation, body).await? else { return Ok(None) };
        let service = Answer::new(operation, &found).object("ipPhoneServices")?;
        answers::phone_service(service).map(Some)
    }

    /// A device's `services`, the merge base of a whole-list write; `None` when the device does not exist.
    pub async fn device_services(
        &self,
        kind: DeviceKind,
        name: &str,
    ) -> Result<Option<Vec<SubscribedService>>, AxlError> {
        let (operation, element) = requests::get_operation(kind);
        let body = requests::get_device_services(name);
        let Some(found) = self.get(operation, body).await? else { return Ok(None) };
        answers::device_services(Answer::new(operation, &found).object(element)?).map(Some)
    }

    pub(super) async fn call(&self, request: &Request) -> Result<Element, AxlError> {
        self.shared.session.call(&self.shared.version, request).await
    }

    /// The rows of an SQL answer.
    pub(super) async fn rows(&self, request: &Request) -> Result<Rows, AxlError> {
        self.shared.session.call(&self.shared.version, request).await
    }

    /// An answer to a query as it came.
    pub(super) async fn answer(&self, request: &Request) -> Result<HttpReply, AxlError> {
        self.shared.session.call(&self.shared.version, request).await
    }

    async fn get(&self, operation: &'static str, body: Body) -> Result<Option<Element>, AxlError> {
        self.found(&Request::read(operation, body)?).await
    }

    /// The answer; `None` when the server says that there is no such object.
    pub(super) async fn found(&self, request: &Request) -> Result<Option<Element>, AxlError> {
        match self.call(request).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.fault_kind() == Some(FaultKind::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Asks in the oldest version, follows the offer of a server that has it no more, then goes by the release.
async fn negotiate(session: &Session) -> Result<(String, String), AxlError> {
    let (release, offer) = match release(session, version::SPOKEN[0]).await {
        Ok(release) => (release, None),
        Err(AxlError::VersionUnsupported { supported }) => {
            let Some(common) = version::highest_common(&supported) else {
                return Err(AxlError::VersionUnsupported { supported });
            };
            (release(session, common).await?, Some(supported))
        }
        Err(error) => return Err(error),
    };
    let fitting = version::for_release(&release, offer.as_deref());
    match fitting {
        Some(version) if version != version::SPOKEN[0] && offer.is_none() => {
            // The release says that it has this version; only the server knows.
            match self::release(session, version).await {
                Ok(release) => Ok((version.to_owned(), release)),
                Err(AxlError::VersionUnsupported { supported }) => {
                    let common = version::highest_common(&supported);
                    let common = common.ok_or(AxlError::VersionUnsupported { supported })?;
                    Ok((common.to_owned(), release))
                }
                Err(error) => Err(error),
            }
        }
        Some(version) => Ok((version.to_owned(), release)),
        None => Err(AxlError::VersionUnsupported { supported: vec![format!("release {release}")] }),
    }
}

async fn release(session: &Session, version: &str) -> Result<String, AxlError> {
    let operation = "getCCMVersion";
    let found: Element = session.call(version, &Request::read(operation, Body::new())?).await?;
    answers::release(Answer::new(operation, &found))
}
