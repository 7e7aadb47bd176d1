//! What a request asks for, judged from outside: whether it changes something, and whether twice is more than once.

use super::http::Message;

/// One request, as far as tests speak of it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The endpoint as the playbook names it.
    pub(crate) endpoint: String,
    /// What it is, in words.
    pub(crate) what: String,
    /// It changes something.
    pub(crate) mutating: bool,
    /// It makes something that would be there twice, or be refused, if it came twice.
    pub(crate) once: Option<String>,
}

impl Asked {
    /// A request over HTTP.
    pub(crate) fn http(endpoint: &str, request: &Message) -> Self {
        let (method, path) = request.asked();
        if path.starts_with("/axl") {
            return axl(endpoint, request);
        }
        // RisPort, Control Center and the phones' page ask by POST; what only asks names itself so.
        let asks = action(request).is_some_and(|word| reads(&word));
        let asks = asks || path.ends_with("/authenticate.jsp");
        let mutating = matches!(method, "PUT" | "POST" | "DELETE" | "PATCH") && !asks;
        let what = format!("{method} {path}");
        Self { endpoint: endpoint.to_owned(), what, mutating, once: None }
    }

    /// A line typed at a shell. Only those that change something are asked about.
    pub(crate) fn typed(endpoint: &str, line: &str) -> Self {
        let words = ["restart", "stop", "start"];
        let mutating = words.iter().any(|word| line.starts_with(&format!("utils service {word} ")))
            || line.starts_with("utils system")
            || line.starts_with("set cert");
        Self { endpoint: endpoint.to_owned(), what: line.to_owned(), mutating, once: None }
    }

    /// Whether a service is restarted.
    pub(crate) fn is_restart(&self) -> bool {
        self.what.starts_with("utils service ")
    }
}

fn axl(endpoint: &str, request: &Message) -> Asked {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let operation = action(request).unwrap_or_default();
    let object = ["name", "userid", "serviceName"].iter().find_map(|key| element(&body, key));
    let sql = element(&body, "sql");
    let shown: String = sql.clone().or(object).unwrap_or_default();
    let shown: String = shown.chars().take(160).collect();
    let makes = operation.starts_with("add")
        || body.contains("<addParameters>")
        || sql.as_ref().is_some_and(|sql| sql.trim_start().starts_with("insert"));
    let once = makes.then(|| sql.unwrap_or_else(|| format!("{operation} {shown}")));
    let list = if body.contains("<services>") { " with its whole list" } else { "" };
    let what = format!("{operation} {shown}{list}").trim().to_owned();
    Asked { endpoint: endpoint.to_owned(), what, mutating: !reads(&operation), once }
}

/// The operation that `SOAPAction` names.
fn action(request: &Message) -> Option<String> {
    let header = request.headers.iter().find(|(name, _)| name == "soapaction")?;
    let word = header.1.trim_matches('"').rsplit([' ', '/', '#']).next()?;
    Some(word.to_owned()).filter(|word| !word.is_empty())
}

fn reads(operation: &str) -> bool {
    let asks = ["get", "list", "select", "doAuthenticate", "soapGet"];
    operation == "executeSQLQuery" || asks.iter().any(|word| operation.starts_with(word))
}

fn element(body: &str, name: &str) -> Option<String> {
    let rest = body.split_once(&format!("<{name}>"))?.1;
    Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
}
