//! The parts of the pipeline that one command does alone: which kinds of steps each takes, and what of a deployment is
//! left for it.

use crate::playbook::{Deployment, Unlisted};

use super::Kind;

/// A part of what a playbook declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneShot {
    /// The application user with its groups and controlled devices, and the RMCM user.
    AppUser,
    /// Web Access and HTTPS Server.
    PhoneSettings,
    /// The phone services' definitions.
    PhoneService,
    /// Subscriptions and their values.
    Subscribe,
    /// Subscriptions, taken away.
    Unsubscribe,
    /// Certificates in trust stores, and the restarts that imports need.
    Certificates,
    /// *IP Phone Agent Settings* of Finesse, and the restarts that they need.
    FinesseSettings,
    /// Access to the Self Care Portal.
    SelfCare,
    /// Restarts of Finesse Tomcat.
    Restart,
}

impl OneShot {
    /// All of them, in the order of a run.
    pub const ALL: [Self; 9] = [
        Self::AppUser,
        Self::PhoneService,
        Self::PhoneSettings,
        Self::Subscribe,
        Self::Unsubscribe,
        Self::SelfCare,
        Self::Certificates,
        Self::FinesseSettings,
        Self::Restart,
    ];

    /// The command's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::AppUser => "app-user",
            Self::PhoneSettings => "phone-settings",
            Self::PhoneService => "phone-service",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Certificates => "certificates",
            Self::FinesseSettings => "finesse-settings",
            Self::SelfCare => "self-care",
            Self::Restart => "restart",
        }
    }

    /// Whether steps of this kind belong to it, as its own or because they follow from its own.
    pub fn does(self, kind: Kind) -> bool {
        let kinds: &[Kind] = match self {
            Self::AppUser => &[Kind::ApplicationUser, Kind::RmcmUser],
            Self::PhoneSettings => &[Kind::PhoneSettings, Kind::PhoneApply],
            Self::PhoneService => &[Kind::PhoneService],
            Self::Subscribe | Self::Unsubscribe => &[Kind::Subscription, Kind::PhoneApply],
            Self::Certificates => &[Kind::CertificateTrust, Kind::TomcatRestart, Kind::CucmReboot],
            Self::FinesseSettings => &[Kind::FinesseSettings, Kind::TomcatRestart],
            Self::SelfCare => &[Kind::SelfCare],
            Self::Restart => &[Kind::TomcatRestart],
        };
        kinds.contains(&kind)
    }

    /// Whether it works on devices.
    pub fn has_devices(self) -> bool {
        match self {
            Self::AppUser | Self::PhoneSettings | Self::Subscribe | Self::Unsubscribe => true,
            Self::PhoneService
            | Self::Certificates
            | Self::FinesseSettings
            | Self::SelfCare
            | Self::Restart => false,
        }
    }

    /// The section of the playbook that it cannot do without, where the deployment has none.
    pub fn lacks(self, deployment: &Deployment) -> Option<&'static str> {
        let (section, there) = match self {
            Self::PhoneSettings => ("phone_settings", deployment.phone_settings.is_some()),
            Self::Certificates => ("certificates", deployment.certificates.is_some()),
            Self::FinesseSettings => ("finesse_settings", deployment.finesse_settings.is_some()),
            Self::SelfCare => ("self_care", deployment.self_care.is_some()),
            Self::AppUser
            | Self::PhoneService
            | Self::Subscribe
            | Self::Unsubscribe
            | Self::Restart => return None,
        };
        (!there).then_some(section)
    }

    /// Leaves of a deployment what this part needs: other sections are not even read, and devices that are not named stay
    /// unmentioned.
    pub fn narrow(self, deployment: &mut Deployment) {
        let is = |part: Self| self == part;
        deployment.agents.unlisted = Unlisted::Report;
        if !self.has_devices() && !is(Self::SelfCare) {
            deployment.agents.rows.clear();
            deployment.agents.listed = 0;
        }
        if !is(Self::AppUser) {
            deployment.application_user.uccx_rmcm = None;
        }
        if !is(Self::PhoneSettings) {
            deployment.phone_settings = None;
        }
        if !is(Self::PhoneSettings) && !is(Self::Subscribe) && !is(Self::Unsubscribe) {
            deployment.phone_apply = None;
        }
        if !is(Self::Subscribe) {
            deployment.agents.passwords = None;
        }
        deployment.phone_services.retire.clear();
        if !is(Self::Certificates) {
            deployment.certificates = None;
        }
        if !is(Self::FinesseSettings) {
            deployment.finesse_settings = None;
        }
        if !is(Self::SelfCare) {
            deployment.self_care = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OneShot;
    use crate::plan::Kind;

    #[test]
    fn every_kind_of_step_but_nothing_else_has_its_command() {
        for kind in Kind::ALL {
            assert!(OneShot::ALL.iter().any(|part| part.does(kind)), "{kind:?}");
        }
        assert!(!OneShot::Subscribe.does(Kind::PhoneSettings));
        assert!(!OneShot::PhoneSettings.does(Kind::Subscription));
    }
}
