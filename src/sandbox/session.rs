//! Who is asking: HTTP Basic, or the cookie of a session that Basic began.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::state::new_pkid;
use super::{Account, Role};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "JSESSIONIDSSO";

/// Sessions by cookie value.
#[derive(Debug, Default)]
pub struct Sessions {
    open: BTreeMap<String, (String, Instant)>,
}

/// How a request was admitted or not.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission {
    /// The account's name and role; a fresh cookie value when Basic was used.
    Admitted {
        /// Account name.
        user: String,
        /// What it may do.
        role: Role,
        /// Cookie to set.
        cookie: Option<String>,
    },
    /// 401, for this account name (empty when none was given).
    Wrong(String),
    /// 404: the cookie's session is unknown or has expired.
    Expired,
}

impl Sessions {
    /// Admits or refuses a request.
    pub fn admit(
        &mut self,
        accounts: &[Account],
        headers: &HeaderMap,
        idle: Duration,
    ) -> Admission {
        let find = |user: &str| accounts.iter().find(|account| account.user == user);
        if let Some(header) = headers.get(AUTHORIZATION) {
            let Some((user, password)) = header.to_str().ok().and_then(basic) else {
                return Admission::Wrong(String::new());
            };
            let Some(account) = find(&user).filter(|account| account.password == password) else {
                return Admission::Wrong(user);
            };
            let cookie = new_pkid().replace('-', "").to_uppercase();
            self.open.insert(cookie.clone(), (user.clone(), Instant::now()));
            return Admission::Admitted { user, role: account.role, cookie: Some(cookie) };
        }
        let Some(cookie) = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .find_map(session_cookie)
        else {
            return Admission::Wrong(String::new());
        };
        let live = self.open.get(&cookie).filter(|(_, seen)| seen.elapsed() < idle).cloned();
        if let Some(account) = live.as_ref().and_then(|(user, _)| find(user)) {
            self.open.insert(cookie, (account.user.clone(), Instant::now()));
            Admission::Admitted { user: account.user.clone(), role: account.role, cookie: None }
        } else {
            self.open.remove(&cookie);
            Admission::Expired
        }
    }

    /// Forgets all sessions.
    pub fn expire(&mut self) {
        self.open.clear();
    }
}

/// User and password of a Basic header.
pub fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

fn session_cookie(line: &str) -> Option<String> {
    line.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == SESSION_COOKIE).then(|| value.to_owned())
    })
}
