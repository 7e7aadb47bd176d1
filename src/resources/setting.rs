//! Web Access and HTTPS Server as elements of `vendorConfig`: names, values, and what a level says of them.

use super::vendor_config;

/// One of the two settings that IPPA needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// *Web Access*: 0 is Enabled, 1 or nothing is Disabled (public code, three sources).
    WebAccess,
    /// *HTTPS Server*: 0 or nothing is *HTTP and HTTPS*; the number of *HTTPS Only* is not documented.
    HttpsServer,
}

/// `webAccess` of Enabled.
pub(super) const ENABLED: &str = "0";
/// `webProtocol` of *HTTP and HTTPS*.
pub const HTTP_AND_HTTPS: &str = "0";

impl Setting {
    /// Both.
    pub const ALL: [Self; 2] = [Self::WebAccess, Self::HttpsServer];

    /// Its element of `vendorConfig`.
    pub fn element(self) -> &'static str {
        match self {
            Self::WebAccess => "webAccess",
            Self::HttpsServer => "webProtocol",
        }
    }

    /// Its name in the console.
    pub fn title(self) -> &'static str {
        match self {
            Self::WebAccess => "Web Access",
            Self::HttpsServer => "HTTPS Server",
        }
    }

    pub(super) fn check(self) -> &'static str {
        match self {
            Self::WebAccess => "phone-web-access",
            Self::HttpsServer => "phone-https-server",
        }
    }

    /// What the console calls a value.
    pub(crate) fn shown(self, value: Option<&str>, https_only: Option<&str>) -> String {
        match (self, value) {
            (Self::WebAccess, None) => "not set (Disabled)".to_owned(),
            (Self::WebAccess, Some(ENABLED)) => "Enabled".to_owned(),
            (Self::WebAccess, Some("1")) => "Disabled".to_owned(),
            (Self::HttpsServer, None) => "not set (HTTP and HTTPS)".to_owned(),
            (Self::HttpsServer, Some(HTTP_AND_HTTPS)) => "HTTP and HTTPS".to_owned(),
            (Self::HttpsServer, Some(value)) if Some(value) == https_only => {
                "HTTPS Only".to_owned()
            }
            (_, Some(value)) => format!("unknown value {value:?}"),
        }
    }
}

/// What one level says.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Values {
    web_access: Option<String>,
    https_server: Option<String>,
    new_call: Option<String>,
}

/// *Simplified New Call UI* as an element of `vendorConfig` (public code, four sources): only looked at.
const NEW_CALL: &str = "simplifiedNewCall";

impl Values {
    /// From the inside of a `vendorConfig`.
    pub fn of(config: &str) -> Self {
        let config = vendor_config::unwrapped(config);
        let elements = [Setting::WebAccess.element(), Setting::HttpsServer.element(), NEW_CALL];
        let [web_access, https_server, new_call] = vendor_config::values(config, elements);
        Self { web_access, https_server, new_call }
    }

    /// What this level says of *Simplified New Call UI*.
    pub fn new_call(&self) -> Option<&str> {
        self.new_call.as_deref()
    }

    /// The value of a setting, where this level says one.
    pub fn get(&self, setting: Setting) -> Option<&str> {
        match setting {
            Setting::WebAccess => self.web_access.as_deref(),
            Setting::HttpsServer => self.https_server.as_deref(),
        }
    }
}
