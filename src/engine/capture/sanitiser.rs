//! Takes secrets out of exchanges before anything is kept. Every secret becomes a placeholder, the same value the same
//! one, so that equal stays equal; neither its length nor its letters stay.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::markup::{Element, fragment, parse};
use super::meaning::{Known, secret_name, url};

/// Parameters whose values a rehearsal needs, unless a service says that they are passwords.
const OPEN: [&str; 2] = ["id", "extension"];
/// What an error of Finesse says about itself.
const ERROR: [&str; 4] = ["ErrorType", "ErrorMessage", "ErrorData", "uri"];
/// How often elements may be written as text inside of elements written as text.
const DEEPEST: usize = 4;
/// The longest error that is kept, in bytes: every secret is looked for in it.
const LONGEST_ERROR: usize = 64 * 1024;
/// The page's words.
const VERDICTS: [&str; 3] = ["AUTHORIZED", "UN-AUTHORIZED", "ERROR"];

/// What an exchange is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interface {
    /// AXL.
    Axl,
    /// RisPort.
    Ris,
    /// The phones' authentication page.
    Authenticate,
    /// A Finesse node.
    Finesse,
    /// The path at which a site reads Finesse's settings back.
    Settings,
}

impl Interface {
    /// The word in the folder.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Axl => "axl",
            Self::Ris => "ris",
            Self::Authenticate => "authenticate",
            Self::Finesse => "finesse",
            Self::Settings => "finesse-settings",
        }
    }
}

/// Knows what was a secret so far.
#[derive(Default)]
pub(super) struct Sanitiser {
    /// Placeholders by secret.
    placeholders: BTreeMap<String, String>,
    /// By service: its parameters, and whether each is a password.
    services: BTreeMap<String, BTreeMap<String, bool>>,
    /// The service of each subscription, by key.
    subscriptions: BTreeMap<String, String>,
    /// The element of Finesse's settings that holds the user.
    user: Option<String>,
    /// Texts inside of texts that are being read.
    inside: usize,
}

struct Parameters<'a>(Option<&'a BTreeMap<String, bool>>);

impl Parameters<'_> {
    fn password(&self, name: &str) -> bool {
        let mut own = self.0.into_iter().flatten();
        own.any(|(known, password)| *password && known.eq_ignore_ascii_case(name))
    }
}

impl Known for Parameters<'_> {
    fn open(&self, name: &str) -> bool {
        let open = OPEN.iter().any(|own| own.eq_ignore_ascii_case(name));
        open && self.0.is_some() && !self.password(name)
    }

    fn defined(&self, name: &str) -> bool {
        let usual = OPEN.iter().chain(&["password"]).any(|own| own.eq_ignore_ascii_case(name));
        usual || self.0.is_some_and(|known| known.contains_key(name))
    }
}

fn key(text: &str) -> String {
    text.trim().trim_matches(['{', '}']).to_ascii_lowercase()
}

impl Sanitiser {
    /// Knows the element that holds the user of Finesse's settings.
    pub(super) fn new(user: Option<&str>) -> Self {
        let user = user.and_then(|path| path.rsplit('/').next()).map(str::to_owned);
        Self { user, ..Self::default() }
    }

    /// How many secrets there were.
    pub(super) fn found(&self) -> usize {
        self.placeholders.len()
    }

    /// Which placeholder stands for whose declared password.
    pub(super) fn owners(
        &self,
        declared: &BTreeMap<String, SecretString>,
    ) -> BTreeMap<String, Vec<String>> {
        let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, password) in declared {
            if let Some(placeholder) = self.placeholders.get(password.expose_secret()) {
                owners.entry(placeholder.clone()).or_default().push(id.clone());
            }
        }
        owners
    }

    fn place(&mut self, secret: &str) -> String {
        if secret.is_empty() {
            return String::new();
        }
        let next = self.placeholders.len() + 1;
        let known = self.placeholders.entry(secret.to_owned());
        known.or_insert_with(|| format!("captured-{next:04}")).clone()
    }

    /// A request's body; `None` for one that cannot be read, and so is not kept.
    pub(super) fn request(&mut self, interface: Interface, body: &[u8]) -> Option<String> {
        if body.is_empty() {
            return Some(String::new());
        }
        let text = std::str::from_utf8(body).ok()?;
        if interface == Interface::Authenticate {
            let open = |pair: &&str| pair.starts_with("UserID=") || pair.starts_with("devicename=");
            return Some(text.split('&').filter(open).collect::<Vec<_>>().join("&"));
        }
        let mut root = parse(text).ok()?;
        self.element(&mut root);
        Some(root.document())
    }

    /// An answer's body; `None` for one that cannot be read, and so is not kept.
    pub(super) fn reply(
        &mut self,
        interface: Interface,
        status: u16,
        body: &[u8],
    ) -> Option<String> {
        let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Some(String::new());
        }
        if interface == Interface::Authenticate {
            let word = text.trim().to_ascii_uppercase();
            return VERDICTS.contains(&word.as_str()).then_some(word);
        }
        if status != 200 && text.len() > LONGEST_ERROR {
            return None;
        }
        let mut root = parse(text.trim_start()).ok()?;
        if root.local().eq_ignore_ascii_case("html") {
            return None;
        }
        if interface == Interface::Settings && status == 200 {
            self.settings(&mut root);
        } else {
            self.element(&mut root);
        }
        if status != 200 {
            self.sweep(&mut root);
        }
        Some(root.document())
    }

    /// A path with the values of its query replaced.
    pub(super) fn path(&mut self, path: &str) -> String {
        let time = "/finesse/api/SystemInfo?nocache=";
        if path.starts_with(time) {
            return time.trim_end_matches("?nocache=").to_owned();
        }
        if let Some(codes) = path.strip_suffix("/ReasonCodes?category=ALL") {
            return format!("{codes}/ReasonCodes");
        }
        url(path, "", &Parameters(None), &mut |value| self.place(value))
    }

    /// Of settings whose form only the site knows, the user alone is kept.
    fn settings(&mut self, element: &mut Element) {
        let user = self.user.as_deref();
        let named = |name: &str| user.is_some_and(|own| own.eq_ignore_ascii_case(name));
        let open = named(element.local()) || ERROR.contains(&element.local());
        for (name, value) in &mut element.attributes {
            if !name.starts_with("xmlns") {
                *value = self.place(value);
            }
        }
        let text = element.text();
        if !open && !text.trim().is_empty() {
            let hidden = self.place(&text);
            element.set_text(hidden);
        }
        element.children_mut().for_each(|child| self.settings(child));
    }

    /// What a server says of an error may quote anything.
    fn sweep(&self, element: &mut Element) {
        let text = element.text();
        let mut clean = text.clone();
        for (secret, placeholder) in self.placeholders.iter().filter(|(secret, _)| secret.len() > 2)
        {
            clean = clean.replace(secret.as_str(), placeholder);
        }
        if clean != text {
            element.set_text(clean);
        }
        element.children_mut().for_each(|child| self.sweep(child));
    }

    fn element(&mut self, element: &mut Element) {
        match element.local() {
            "row" => return self.row(element),
            "ipPhoneServices" => self.learn(element),
            "service" => self.subscribed(element),
            "serviceParameter" if secret_name(&element.text_of("name")) => {
                self.hide(element, "value");
            }
            "sql" => return,
            _ => {}
        }
        let secret = secret_name(element.local()) && element.local() != "paramPassword";
        for (name, value) in &mut element.attributes {
            if secret || secret_name(name.rsplit(':').next().unwrap_or_default()) {
                *value = self.place(value);
            } else if value.contains("://") && !name.starts_with("xmlns") {
                *value = url(value, "", &Parameters(None), &mut |value| self.place(value));
            }
        }
        if secret {
            return self.hide_all(element);
        }
        self.leaf(element, &Parameters(None));
        element.children_mut().for_each(|child| self.element(child));
    }

    /// A text of its own: a URL, or elements written as text.
    fn leaf(&mut self, element: &mut Element, known: &Parameters<'_>) {
        let text = element.text();
        if text.trim_start().starts_with('<') {
            self.inside += 1;
            let read = if self.inside > DEEPEST { None } else { fragment(&text).ok() };
            let inner = match read {
                Some(mut inner) => {
                    inner.children_mut().for_each(|child| self.element(child));
                    inner.inner()
                }
                // Nobody can tell what stands in it.
                None => self.place(&text),
            };
            self.inside -= 1;
            element.set_text(inner);
        } else if text.contains("://") || element.local().to_ascii_lowercase().contains("url") {
            let clean = url(&text, "", known, &mut |value| self.place(value));
            element.set_text(clean);
        }
    }

    fn hide(&mut self, parent: &mut Element, name: &str) {
        for child in parent.children_mut().filter(|child| child.local() == name) {
            let hidden = self.place(&child.text());
            child.set_text(hidden);
        }
    }

    fn hide_all(&mut self, element: &mut Element) {
        let text = element.text();
        if !text.trim().is_empty() {
            let hidden = self.place(&text);
            element.set_text(hidden);
        }
        element.children_mut().for_each(|child| self.hide_all(child));
    }

    /// A service's definition: which of its parameters are passwords.
    fn learn(&mut self, service: &mut Element) {
        let name = service.text_of("serviceName");
        if name.is_empty() {
            return;
        }
        let mut parameters = BTreeMap::new();
        for list in service.children_mut().filter(|child| child.local() == "parameters") {
            for parameter in list.children_mut().filter(|child| child.local() == "parameter") {
                let name = parameter.text_of("name");
                let flag = parameter.text_of("paramPassword");
                let password = matches!(flag.trim(), "t" | "true" | "1") || secret_name(&name);
                if password {
                    self.hide(parameter, "default");
                }
                parameters.insert(name, password);
            }
        }
        for field in ["serviceUrl", "secureServiceUrl"] {
            self.urls(service, field, "", Some(&parameters));
        }
        self.services.insert(name, parameters);
    }

    /// One entry of a device's `services`.
    fn subscribed(&mut self, entry: &mut Element) {
        let parameters = self.services.get(&entry.text_of("telecasterServiceName")).cloned();
        self.urls(entry, "url", "", parameters.as_ref());
    }

    fn urls(
        &mut self,
        parent: &mut Element,
        field: &str,
        template: &str,
        parameters: Option<&BTreeMap<String, bool>>,
    ) {
        for child in parent.children_mut().filter(|c| c.local().eq_ignore_ascii_case(field)) {
            let known = Parameters(parameters);
            let clean = url(&child.text(), template, &known, &mut |value| self.place(value));
            child.set_text(clean);
        }
    }

    /// A row of a database query: columns mean what their names and their neighbours say.
    fn row(&mut self, row: &mut Element) {
        let key_of = |row: &Element, name: &str| key(&row.text_of(name));
        let mut service = Some(row.text_of("telecastername")).filter(|name| !name.is_empty());
        if let Some(service) = &service {
            let (subscription, service) = (key_of(row, "pkid"), service.clone());
            self.subscriptions.insert(subscription, service);
        } else {
            service = self.subscriptions.get(&key_of(row, "subscriptionkey")).cloned();
        }
        let parameters = service.and_then(|name| self.services.get(&name).cloned());
        let templates = [row.text_of("urltemplate"), row.text_of("secureurltemplate")];
        let own = parameters.as_ref();
        for (url, template) in ["serviceurl", "secureserviceurl"].into_iter().zip(&templates) {
            self.urls(row, url, template, own);
        }
        for template in ["urltemplate", "secureurltemplate"] {
            self.urls(row, template, "", own);
        }
        if !Parameters(own).open(&row.text_of("parametername")) {
            let values = |child: &&mut Element| child.local().eq_ignore_ascii_case("value");
            for child in row.children_mut().filter(values) {
                let hidden = self.place(&child.text());
                child.set_text(hidden);
            }
        }
        let done = ["serviceurl", "secureserviceurl", "urltemplate", "secureurltemplate", "value"];
        for child in row.children_mut() {
            let name = child.local().to_ascii_lowercase();
            if done.contains(&name.as_str()) || name.ends_with("key") {
                continue;
            }
            self.element(child);
        }
    }
}
