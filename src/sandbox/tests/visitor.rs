//! A plain client with a cookie jar, for the tests of single sign-on: it knows HTTP and forms, and nothing of the sandbox.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// What is sent.
pub(super) struct Sent {
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// What comes back.
#[derive(Debug, Clone, Default)]
pub(super) struct Got {
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) cookies: Vec<String>,
    pub(super) media: String,
    pub(super) body: String,
}

impl Got {
    /// The JSON that has to be there.
    pub(super) fn json(&self) -> serde_json::Value {
        assert!(self.media.starts_with("application/json"), "{}: {}", self.url, self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// The first form: its whole action, and its hidden fields.
    pub(super) fn form(&self) -> (String, Vec<(String, String)>) {
        let form =
            self.body.split("<form").nth(1).unwrap_or_else(|| panic!("no form: {}", self.body));
        let form = form.split("</form>").next().unwrap();
        let (tag, inner) = form.split_once('>').unwrap();
        let action = attribute(tag, "action").unwrap();
        let hidden = inner.split("<input").skip(1).filter_map(|input| {
            let input = input.split('>').next()?;
            (attribute(input, "type")? == "hidden").then_some(())?;
            Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
        });
        (joined(&self.url, &action), hidden.collect())
    }

    pub(super) fn title(&self) -> &str {
        self.body.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("")
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&amp;", "&"),
    )
}

/// `https://host:port` and the path of an address.
fn parts(url: &str) -> (String, String) {
    let rest = url.strip_prefix("https://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    (host.to_owned(), format!("/{path}"))
}

fn joined(from: &str, to: &str) -> String {
    if to.starts_with("https://") {
        return to.to_owned();
    }
    format!("https://{}{to}", parts(from).0)
}

/// A form as it is sent.
pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let one = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect();
    pairs.join("&")
}

type Carrier<'a> = Box<dyn Fn(&Sent) -> Got + 'a>;

/// The client.
pub(super) struct Visitor<'a> {
    carrier: Carrier<'a>,
    /// Cookies by host, name: path and value.
    jar: RefCell<BTreeMap<(String, String), (String, String)>>,
    /// Every address that was asked, without its query.
    pub(super) asked: RefCell<Vec<String>>,
}

impl<'a> Visitor<'a> {
    pub(super) fn new(carrier: impl Fn(&Sent) -> Got + 'a) -> Self {
        Self { carrier: Box::new(carrier), jar: RefCell::default(), asked: RefCell::default() }
    }

    /// One request, with the cookies that belong to it.
    pub(super) fn send(
        &self,
        method: &'static str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Got {
        let (host, path) = parts(url);
        let name = host.split(':').next().unwrap().to_owned();
        let cookies: Vec<String> = self
            .jar
            .borrow()
            .iter()
            .filter(|((own, _), (under, _))| *own == name && path.starts_with(under.as_str()))
            .map(|((_, name), (_, value))| format!("{name}={value}"))
            .collect();
        let mut headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        headers.push(("host".to_owned(), host.clone()));
        if !cookies.is_empty() {
            headers.push(("cookie".to_owned(), cookies.join("; ")));
        }
        self.asked.borrow_mut().push(format!("{method} {}", url.split('?').next().unwrap()));
        let sent = Sent { method, url: url.to_owned(), headers, body: body.to_owned() };
        let got = Got { url: url.to_owned(), ..(self.carrier)(&sent) };
        for cookie in &got.cookies {
            let mut words = cookie.split("; ");
            let (key, value) = words.next().unwrap().split_once('=').unwrap();
            let rest: Vec<&str> = words.collect();
            assert!(rest.contains(&"Secure") && rest.contains(&"HttpOnly"), "{cookie}");
            let under = rest.iter().find_map(|word| word.strip_prefix("Path=")).unwrap_or("/");
            let place = (name.clone(), key.to_owned());
            self.jar.borrow_mut().insert(place, (under.to_owned(), value.to_owned()));
        }
        got
    }

    /// A request whose redirects are followed.
    fn follow(&self, mut got: Got) -> Got {
        for _ in 0..12 {
            let Some(to) = got.location.clone().filter(|_| got.status == 302) else { return got };
            got = self.send("GET", &joined(&got.url, &to), &[], "");
        }
        panic!("too many redirects");
    }

    pub(super) fn get(&self, url: &str) -> Got {
        self.follow(self.send("GET", url, &[], ""))
    }

    pub(super) fn post(&self, url: &str, fields: &[(&str, &str)]) -> Got {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.follow(self.send("POST", url, &[kind], &encoded(fields)))
    }

    /// Sends the first form of a page, with more fields.
    pub(super) fn submit(&self, page: &Got, more: &[(&str, &str)]) -> Got {
        let (action, hidden) = page.form();
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend(more);
        self.post(&action, &fields)
    }

    /// Signs in from the provider's form on, until there is JSON or a page of another kind.
    pub(super) fn sign_in(&self, page: &Got, user: &str) -> Got {
        let mut got = self.submit(page, &[("UserName", user), ("Password", "sandbox-demo")]);
        for _ in 0..3 {
            if !got.body.contains("name=\"hiddenform\"") {
                break;
            }
            got = self.submit(&got, &[]);
        }
        got
    }

    pub(super) fn has_cookie(&self, host: &str, name: &str) -> bool {
        self.jar.borrow().contains_key(&(host.to_owned(), name.to_owned()))
    }
}
