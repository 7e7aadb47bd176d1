//! A sign-in without a browser: from the token call over redirects and forms back to the tokens.
//!
//! What is sent, and where, [`super::decision`] and [`super::allowed`] decide before it is sent.

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, LOCATION, ORIGIN, REFERER, SET_COOKIE,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::allowed::{Role, Target};
use super::answer::{self, Granted, Unread};
use super::cookies::Jar;
use super::decision::{Move, Sending, SignIn, decide};
use super::page::{self, Page};
use super::unsaid::without;
use super::{SsoError, SsoSettings, bytes, encoded, fetch_path};
use crate::clients::http::{HttpReply, HttpRequest};
use crate::playbook::Endpoint;

/// The most requests of a sign-in: a chain of AD FS and one identity service has about eight.
const MOST: usize = 12;
/// The longest foreign text that goes into an error, in characters.
const SHOWN: usize = 200;

/// What came of a sign-in.
#[derive(Debug)]
pub struct Signed {
    /// The tokens; or why there are none, and at which host it ended.
    pub result: Result<Granted, (Endpoint, SsoError)>,
    /// The assertion went to the address that the identity service had before UCCX 12.5(1) SU2.
    pub old_address: bool,
}

/// A failed sign-in, with the host that was spoken to last.
type Failed = (Endpoint, SsoError);

/// Signs in as this agent with a user and password of the identity provider. The password is sent once at most.
pub async fn sign_in(settings: &SsoSettings, agent: &str, who: &SignIn) -> Signed {
    let mut way = Walk { settings, who, jar: Jar::default(), tried: None, old_address: false };
    let result = way.walk(agent).await;
    Signed { result, old_address: way.old_address }
}

/// A sign-in under way.
struct Walk<'a> {
    settings: &'a SsoSettings,
    who: &'a SignIn,
    jar: Jar,
    /// Where the password went.
    tried: Option<Endpoint>,
    old_address: bool,
}

/// What follows from an answer.
enum Next {
    Tokens(Granted),
    Follow(Target),
    Send(Sending),
}

impl Walk<'_> {
    async fn walk(&mut self, agent: &str) -> Result<Granted, Failed> {
        let path = fetch_path(agent);
        let mut at = Target { endpoint: self.settings.finesse.clone(), path };
        let mut request = self.get(&at, None);
        // What a redirect that keeps method and body would repeat.
        let mut posted: Option<Sending> = None;
        for _ in 0..MOST {
            if self.settings.stop.is_set() {
                return Err((at.endpoint, SsoError::Stopped));
            }
            let reply = self.send(&at, request).await;
            let reply = reply.map_err(|error| (at.endpoint.clone(), error))?;
            match self.next(&at, &reply, posted.take())? {
                Next::Tokens(granted) => return Ok(granted),
                Next::Follow(to) => {
                    request = self.get(&to, Some(&at));
                    at = to;
                }
                Next::Send(sending) => {
                    request = self.form(&sending, &at);
                    self.old_address |= sending.old_address;
                    if sending.signs_in {
                        self.tried = Some(sending.to.endpoint.clone());
                    }
                    at = landing(&sending);
                    posted = sending.post.then_some(sending);
                }
            }
        }
        Err((at.endpoint, SsoError::TooManyPages(MOST)))
    }

    fn get(&self, to: &Target, from: Option<&Target>) -> HttpRequest {
        let request = HttpRequest::get(to.endpoint.clone(), to.path.clone());
        self.dressed(request, to, from)
    }

    fn form(&self, sending: &Sending, from: &Target) -> HttpRequest {
        let to = &landing(sending);
        let request = if sending.post {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            let request =
                HttpRequest::post(to.endpoint.clone(), to.path.clone(), bytes(&body(sending)));
            let request = request.header(CONTENT_TYPE, form);
            with(request, ORIGIN, &from.origin())
        } else {
            HttpRequest::get(to.endpoint.clone(), to.path.clone())
        };
        self.dressed(request, to, Some(from))
    }

    /// What a browser would say besides.
    fn dressed(&self, request: HttpRequest, to: &Target, from: Option<&Target>) -> HttpRequest {
        let mut request = request.header(
            ACCEPT,
            HeaderValue::from_static(
                "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
            ),
        );
        if let Some(from) = from {
            request = with(request, REFERER, &from.referer(&to.endpoint));
        }
        match self.jar.header(&to.endpoint, &to.path, Timestamp::now()) {
            Some(cookies) => with(request, COOKIE, &cookies),
            None => request,
        }
    }

    async fn send(&mut self, at: &Target, request: HttpRequest) -> Result<HttpReply, SsoError> {
        // Asked before, too; this is the place that nothing gets around.
        if !self.settings.allowed.holds(&at.endpoint) {
            return Err(SsoError::Astray(super::allowed::Astray::Elsewhere(at.endpoint.clone())));
        }
        let reply = self.settings.http.send(request).await.map_err(SsoError::Http)?;
        tracing::debug!(endpoint = %at.endpoint, status = reply.status, "sign-in");
        for header in reply.headers.get_all(SET_COOKIE) {
            if let Ok(text) = header.to_str() {
                self.jar.keep(&at.endpoint, &at.path, text, Timestamp::now());
            }
        }
        Ok(reply)
    }

    fn next(
        &self,
        at: &Target,
        reply: &HttpReply,
        posted: Option<Sending>,
    ) -> Result<Next, Failed> {
        let failed = |error| (at.endpoint.clone(), error);
        match reply.status {
            301..=303 => self.follow(at, reply).map(Next::Follow).map_err(failed),
            307 | 308 => self.repeat(at, reply, posted).map_err(failed),
            200 => self.answered(at, reply).map_err(failed),
            status => Err(failed(self.refused(at, status, &reply.body))),
        }
    }

    fn follow(&self, at: &Target, reply: &HttpReply) -> Result<Target, SsoError> {
        let why = "a redirect without a target";
        let to = reply.header(LOCATION);
        let to = to.ok_or(SsoError::NotTokens { status: reply.status, why })?;
        self.settings.allowed.target(at, to).map_err(SsoError::Astray)
    }

    /// A redirect that keeps method and body. A password is sent once, whoever asks for it again.
    fn repeat(
        &self,
        at: &Target,
        reply: &HttpReply,
        posted: Option<Sending>,
    ) -> Result<Next, SsoError> {
        let to = self.follow(at, reply)?;
        match posted {
            None => Ok(Next::Follow(to)),
            Some(sent) if sent.signs_in => Err(SsoError::UnknownPage {
                title: format!("HTTP {}", reply.status),
                forms: "a redirect that would send the password again".to_owned(),
            }),
            Some(sent) => Ok(Next::Send(Sending { to, ..sent })),
        }
    }

    fn answered(&self, at: &Target, reply: &HttpReply) -> Result<Next, SsoError> {
        if !reply.web_page() {
            match self.answer(&reply.body) {
                // Tokens are Finesse's to give.
                Ok(granted) if self.settings.allowed.is(&at.endpoint, Role::Finesse) => {
                    self.accepted();
                    return Ok(Next::Tokens(granted));
                }
                Err(error @ Unread::Error { .. }) => return Err(SsoError::unread(200, error)),
                Ok(_) | Err(Unread::Other(_)) => {}
            }
        }
        let page = self.page(&reply.body);
        match decide(&self.settings.allowed, at, &page, self.who, self.tried.is_some()) {
            Move::Send(sending) => {
                if sending.signs_in && self.refused_before(&sending.to.endpoint) {
                    return Err(SsoError::RefusedBefore);
                }
                Ok(Next::Send(sending))
            }
            Move::Refused => {
                self.noted();
                Err(SsoError::Refused)
            }
            Move::PasswordElsewhere(place) => Err(SsoError::PasswordElsewhere(place)),
            Move::Astray(astray) => Err(SsoError::Astray(astray)),
            Move::Unknown => match super::error::of_identity(&page.text) {
                Some(words) => Err(identity(200, words, &page)),
                None if self.says_error(at, &page) => {
                    Err(SsoError::Provider { status: 200, title: titled(&page) })
                }
                None => Err(unknown(&page)),
            },
        }
    }

    fn answer(&self, body: &[u8]) -> Result<Granted, Unread> {
        answer::read_without(body, &[self.who.password.expose_secret()])
    }

    /// A page; what of it may be told, without the password.
    fn page(&self, body: &[u8]) -> Page {
        let told = |text: &str| without(text, &[self.who.password.expose_secret()]);
        let mut page = page::read(body);
        (page.title, page.text) = (told(&page.title), told(&page.text));
        for form in &mut page.forms {
            form.name = told(&form.name);
        }
        page
    }

    /// Whether this is a page of the identity provider that tells of an error. It has nothing to fill in.
    fn says_error(&self, at: &Target, page: &Page) -> bool {
        let says = page.title.to_ascii_lowercase().contains("error");
        says && page.forms.is_empty() && self.settings.allowed.is(&at.endpoint, Role::Idp)
    }

    /// Whether this password was refused before, in another sign-in of this call.
    fn refused_before(&self, at: &Endpoint) -> bool {
        self.settings.refusals.same(at, &self.who.user, &self.who.password) == Some(true)
    }

    /// Whether the identity provider says with this status that the password, which it has been sent, is wrong.
    fn password_refused(&self, at: &Target, status: u16, page: &Page) -> bool {
        if self.tried.is_none() || !self.settings.allowed.is(&at.endpoint, Role::Idp) {
            return false;
        }
        let again = || {
            let next = decide(&self.settings.allowed, at, page, self.who, true);
            matches!(next, Move::Refused)
        };
        matches!(status, 401 | 403) || (400..500).contains(&status) && again()
    }

    fn noted(&self) {
        if let Some(endpoint) = &self.tried {
            self.settings.refusals.note(endpoint, &self.who.user, &self.who.password);
        }
    }

    fn accepted(&self) {
        if let Some(endpoint) = &self.tried {
            self.settings.refusals.accepted(endpoint, &self.who.user, &self.who.password);
        }
    }

    /// What an answer says that is neither a page to go on from nor a redirect.
    fn refused(&self, at: &Target, status: u16, body: &[u8]) -> SsoError {
        let page = self.page(body);
        if self.password_refused(at, status, &page) {
            self.noted();
            return SsoError::Refused;
        }
        if let Err(error @ Unread::Error { .. }) = self.answer(body) {
            return SsoError::unread(status, error);
        }
        if let Some(words) = super::error::of_identity(&page.text) {
            return identity(status, words, &page);
        }
        let is = |role| self.settings.allowed.is(&at.endpoint, role);
        if is(Role::Idp) {
            return SsoError::Provider { status, title: titled(&page) };
        }
        if is(Role::Ids) {
            return SsoError::Identity {
                error: format!("HTTP {status}"),
                description: titled(&page),
            };
        }
        match status {
            403 => SsoError::Forbidden,
            500..=599 => SsoError::Unable(status),
            _ => {
                SsoError::NotTokens { status, why: "it is neither tokens nor a page to sign in at" }
            }
        }
    }
}

/// A form's fields.
fn body(sending: &Sending) -> SecretString {
    let fields = sending.fields.iter().map(|(name, value)| (name.as_str(), value.expose_secret()));
    encoded(fields)
}

/// The address of the page that follows: fields that do not go into a body are a part of it.
fn landing(sending: &Sending) -> Target {
    if sending.post {
        return sending.to.clone();
    }
    let file = sending.to.path.split('?').next().unwrap_or_default();
    let path = format!("{file}?{}", body(sending).expose_secret());
    Target { endpoint: sending.to.endpoint.clone(), path }
}

/// A header whose value nobody logs.
fn with(request: HttpRequest, name: HeaderName, value: &str) -> HttpRequest {
    match HeaderValue::from_str(value) {
        Ok(mut value) => {
            value.set_sensitive(true);
            request.header(name, value)
        }
        // Only foreign text could be the reason, and the request is as good without it.
        Err(_) => request,
    }
}

fn identity(status: u16, words: &str, page: &Page) -> SsoError {
    let around = page.text.to_ascii_lowercase().find(words).unwrap_or(0);
    let start = page.text.get(..around).map_or(0, |before| before.chars().count());
    let from = start.saturating_sub(40);
    let description: String = page.text.chars().skip(from).take(SHOWN).collect();
    SsoError::Identity { error: format!("HTTP {status}"), description }
}

fn titled(page: &Page) -> String {
    if page.title.is_empty() { "without a title".to_owned() } else { page.title.clone() }
}

fn unknown(page: &Page) -> SsoError {
    let names: Vec<String> = page.forms.iter().take(5).map(|form| named(&form.name)).collect();
    let forms = match names.len() {
        0 => "no form".to_owned(),
        1 => format!("the form {}", names.concat()),
        _ => format!("the forms {}", names.join(", ")),
    };
    SsoError::UnknownPage { title: titled(page), forms }
}

fn named(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    if plain.is_empty() { "(without a name)".to_owned() } else { plain }
}
