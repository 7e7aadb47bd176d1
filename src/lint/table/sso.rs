//! Checks of single sign-on.

use super::{Check, Judged};
use crate::plan::Severity::{Error, Info, Warning};

/// The rows.
pub(super) const ROWS: &[Check] = &[
    Check {
        id: "sso-mode",
        subject: "sso",
        severity: Error,
        title: "Finesse is in SSO mode",
        why: "All IPPA sign-ins fail since SSO was enabled. IPPA is unsupported with SSO.",
        how: "`SystemInfo.systemAuthMode` = SSO (ignore case, `-`, `_`).",
        fix: "Take Finesse out of SSO, or use UCCE hybrid mode with agents that do not sign in \
              by SSO.",
        source: "UCCX Solution Design Guide 12.5(1) SU1, integrated features; UCCE Features \
              Guide 12.5(1), single sign-on; UCCE Solution Design Guide 15.0(1), integrated \
              features",
        judged: Judged::Verify,
    },
    Check {
        id: "sso-hybrid-unknown",
        subject: "sso",
        severity: Warning,
        title: "The agents' authentication modes cannot be read",
        why: "Agents of a hybrid system cannot be judged. `UserAuthMode` answers 403 (switched \
              off).",
        how: "`GET UserAuthMode/<id>`.",
        fix: "`utils finesse set_property webservices enableUserAuthMode true`.",
        source: "Finesse developer guide, user authentication mode; Finesse Administration Guide \
              15.0(1), CLI",
        judged: Judged::Verify,
    },
    Check {
        id: "sso-release",
        subject: "sso",
        severity: Warning,
        title: "This release's token call ignores its parameters",
        why: "Token call ignores the query parameters. Release below 11.6(1) ES10, 12.0(1) ES3, \
              12.5(1) ES1.",
        how: "Release; or no `refresh_token` in the answer although asked for.",
        fix: "Upgrade; until then the token comes as a cookie only.",
        source: "Cisco tech-note 215626: Fetch Access Token",
        judged: Judged::Lint,
    },
    Check {
        id: "sso-browser-needed",
        subject: "sso",
        severity: Info,
        title: "The first token needs a browser",
        why: "The first token needs a person. Redirects, IdP form and JavaScript; Cisco excludes \
              plain clients for these APIs.",
        how: "3xx or HTML on the token call.",
        fix: "Sign in with the browser, hand the JSON over.",
        source: "Cisco tech-note 215626; Finesse developer guide, single sign-on",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-token-refused",
        subject: "sso",
        severity: Error,
        title: "Finesse refuses the token",
        why: "401 on REST calls with a token. Expired, wrong user in the URI, or Basic used for \
              an SSO user.",
        how: "401 with Bearer; error type.",
        fix: "Refresh or sign in again; Bearer for SSO users.",
        source: "Cisco tech-note 215626; Finesse developer guide, API errors",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-refresh-due",
        subject: "sso",
        severity: Warning,
        title: "A token is about to end",
        why: "Token about to end. 75 % of `expires_in` has passed since receipt.",
        how: "Kept time of receipt.",
        fix: "Refresh now (POST).",
        source: "Cisco tech-note 215626: Refresh Access Token; Finesse developer guide, single \
              sign-on",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-refresh-dead",
        subject: "sso",
        severity: Error,
        title: "The token can no longer be refreshed",
        why: "Refresh answers HTML, 3xx or 4xx. Refresh token expired (default 10 h), or the \
              access token already has: both must be valid.",
        how: "Answer of the refresh call; `exp` when it decodes.",
        fix: "Sign in again.",
        source: "Cisco tech-note 215626; UCCX Solution Design Guide 12.5(1) SU1, integrated \
              features",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-refresh-in-url",
        subject: "sso",
        severity: Warning,
        title: "The refresh token travels in a URL",
        why: "Credential in access logs. The GET form with `refresh-token=` in the query is used.",
        how: "Which form of the refresh call is set.",
        fix: "Use the POST form.",
        source: "Cisco tech-note 215626; Finesse developer guide, single sign-on",
        judged: Judged::Lint,
    },
    Check {
        id: "sso-user-id",
        subject: "sso",
        severity: Error,
        title: "The token's user id is not the REST user id",
        why: "404 or 401 with a valid token on UCCE. The token's `user_id` is the login name, \
              REST wants the `loginId`.",
        how: "`GET User/<user_id>` with the token; `loginId` differs.",
        fix: "Use the `loginId` from then on.",
        source: "Finesse developer guide, single sign-on",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-identity-service",
        subject: "sso",
        severity: Error,
        title: "The identity service reports an error",
        why: "IdS error JSON or page. Client not registered; redirect URI not registered (IP or \
              alias used); IdP metadata missing; signing certificate changed; claim rules.",
        how: "The error that the identity service answers, against its known causes.",
        fix: "Repair what the message names: registration, redirect URI, metadata, signing \
              certificate or claim rules.",
        source: "Cisco tech-note 200662; Cisco tech-note 212428",
        judged: Judged::SignIn,
    },
    Check {
        id: "sso-acs-url",
        subject: "sso",
        severity: Warning,
        title: "The identity provider has the old assertion URL",
        why: "SSO broken after UCCX 12.5(1) SU1 → SU2. The assertion URL gained `?metaAlias=/sp`.",
        how: "Form action during sign-in.",
        fix: "Import the service provider metadata into the IdP again.",
        source: "UCCX Install and Upgrade Guide 15.0; Field experience",
        judged: Judged::SignIn,
    },
];
