//! Switches of single sign-on: what a site decides, what no source tells, and what goes wrong.

use serde::{Deserialize, Serialize};

use crate::sandbox::finesse::knobs::Presence;

/// What a token looks like (facts/finesse.md section 10.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// Encrypted, as by default.
    Opaque,
    /// A JWS that can be read.
    Signed,
}

/// What a refresh is answered with when a token has ended (section 10.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// 302 to the Identity Service.
    Redirect,
    /// 200 with a page.
    Page,
    /// 401 with JSON.
    Unauthorized,
}

/// The name that a token has for its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserId {
    /// UCCE: the login name; UCCX: the id.
    Auto,
    /// The login name.
    Login,
    /// The agent id.
    Id,
}

/// The page that an identity provider begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// User name and password.
    Login,
    /// A choice of identity providers, then that.
    HomeRealm,
    /// A certificate is asked for.
    Certificate,
    /// 401: integrated Windows authentication.
    Windows,
    /// User name and password, sent to another host.
    OutsideForm,
    /// 302 to another host.
    OutsideRedirect,
}

/// What comes after the right password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// The sign-in is complete.
    SignedIn,
    /// A second factor.
    Mfa,
    /// The password has expired.
    PasswordExpired,
    /// The assertion is sent to another host.
    OutsideForm,
}

/// What goes wrong (section 10.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// Nothing.
    Nothing,
    /// 401: Finesse is not registered.
    InvalidClient,
    /// 401: whatever the address.
    InvalidRedirectUri,
    /// 503: no metadata of the identity provider.
    MetadataMissing,
    /// 500: the signing certificate of the identity provider has changed.
    InvalidSignature,
    /// 500: SAML processing failed.
    SamlProcessing,
    /// 500: no `uid`.
    NoUserIdentifier,
    /// 500: no `user_principal`.
    NoUserPrincipal,
    /// The identity provider's own error page.
    RelyingParty,
}

/// Where the identity provider sends its assertions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assertions {
    /// Where the Identity Service wants them.
    AsWanted,
    /// To the address of the other releases: nobody changed it after an upgrade.
    Stale,
}

/// All switches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct SignOnKnobs {
    /// Life of an access token, seconds.
    pub access_s: u64,
    /// Life of a refresh token, seconds.
    pub refresh_s: u64,
    /// Life of an authorization code, seconds.
    pub code_s: u64,
    /// So much of its life has passed when an access token is handed out, seconds.
    pub spent_s: u64,
    /// What tokens look like.
    pub tokens: Look,
    /// A refresh gives a new refresh token, and the old one ends.
    pub new_refresh_token: bool,
    /// A refresh ends the access token that it began with.
    pub refresh_ends_old: bool,
    /// What a refresh is answered with when a token has ended.
    pub gone: Gone,
    /// The token call reads its query; old releases do not.
    pub query: Presence,
    /// The second node answers calls of single sign-on with 403.
    pub secondary_refuses: bool,
    /// The name that a token has for its user.
    pub user_id: UserId,
    /// Assertions go to an address with `?metaAlias=/sp`; UCCX does so from 12.5(1) SU2.
    pub meta_alias: Presence,
    /// Where the identity provider sends them.
    pub assertions: Assertions,
    /// What goes wrong.
    pub broken: Broken,
    /// Pages submit themselves; otherwise they have a button.
    pub scripts: bool,
    /// Forms of the identity provider have a whole address as their action, else a path.
    pub whole_action: bool,
    /// The page it begins with.
    pub first: First,
    /// What comes after the right password.
    pub then: Then,
    /// The hidden field `Context` of the form has to come back.
    pub context: bool,
    /// User names need a domain: `EXAMPLE\name` or `name@example.com`.
    pub domain: bool,
    /// It remembers who signed in.
    pub remembers: bool,
    /// Wrong passwords that lock a user there.
    pub lock_after: u32,
    /// What posts to the Identity Service needs an `Origin` of the provider or of itself.
    pub origin: bool,
    /// So far ahead is the clock of the Identity Service, seconds.
    pub ids_ahead_s: i64,
    /// And that of the identity provider.
    pub idp_ahead_s: i64,
    /// How far the two may be apart.
    pub skew_s: i64,
}

impl Default for SignOnKnobs {
    fn default() -> Self {
        Self {
            access_s: 3_600,
            refresh_s: 36_000,
            code_s: 60,
            spent_s: 0,
            tokens: Look::Opaque,
            new_refresh_token: false,
            refresh_ends_old: false,
            gone: Gone::Redirect,
            query: Presence::Auto,
            secondary_refuses: true,
            user_id: UserId::Auto,
            meta_alias: Presence::Auto,
            assertions: Assertions::AsWanted,
            broken: Broken::Nothing,
            scripts: true,
            whole_action: false,
            first: First::Login,
            then: Then::SignedIn,
            context: false,
            domain: true,
            remembers: true,
            lock_after: 5,
            origin: false,
            ids_ahead_s: 0,
            idp_ahead_s: 0,
            skew_s: 300,
        }
    }
}
