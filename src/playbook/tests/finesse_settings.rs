//! `finesse_settings`: modes, the request of a site, sites of PCCE, and the accounts that go with them.

use super::{SMALL, folder, read, rendered};
use crate::playbook::{FinesseSettings, SettingsMethod, SettingsMode, SettingsRequest};

/// With the accounts of Finesse.
fn accounts(product: &str) -> String {
    SMALL.replace("product: uccx", &format!("product: {product}")).replace(
        "AXL_PASSWORD } }\n",
        "AXL_PASSWORD } }\n  finesse: { user: a, password: { prompt: true } }\n  \
         finesse_platform: { user: b, password: { prompt: true } }\n",
    )
}

fn settings(product: &str, lines: &str) -> FinesseSettings {
    let text = format!("{}finesse_settings:\n{lines}", accounts(product));
    read(&text, &folder(&[])).finesse_settings.unwrap()
}

fn request(lines: &str) -> SettingsRequest {
    match settings("uccx", &format!("  mode: rest\n{lines}")).mode {
        SettingsMode::Rest(request) => request,
        SettingsMode::Operator | SettingsMode::Elsewhere => panic!("not rest"),
    }
}

fn wrong(lines: &str) -> String {
    rendered(&format!("{}finesse_settings:\n{lines}", accounts("uccx")), &folder(&[]))
}

const BODY: &str =
    "  path: /finesse/api/X\n  body: \"<X><u>{{ user }}</u><p>{{password}}</p></X>\"\n";

#[test]
fn a_person_makes_them_unless_the_playbook_says_otherwise() {
    let operator = read(&format!("{}finesse_settings: {{}}\n", accounts("uccx")), &folder(&[]));
    let settings = operator.finesse_settings.unwrap();
    assert!(matches!(settings.mode, SettingsMode::Operator));
    assert_eq!(settings.at.to_string(), "books/p.yaml:18:1");
    assert_eq!(operator.restart.at, settings.at);
    assert!(matches!(mode_of("  mode: operator\n"), SettingsMode::Operator));
    assert!(matches!(mode_of("  mode: elsewhere\n"), SettingsMode::Elsewhere));
}

fn mode_of(lines: &str) -> SettingsMode {
    settings("uccx", lines).mode
}

#[test]
fn a_site_describes_its_request() {
    let short = request(BODY);
    assert_eq!((short.method, short.path.as_str()), (SettingsMethod::Put, "/finesse/api/X"));
    assert_eq!(short.body, "<X><u>{{ user }}</u><p>{{password}}</p></X>");
    assert!(short.read_back.is_none());
    let long = request(
        "  method: POST\n  path: /finesse/api/X?all=true\n  body: |\n    <X>\n      <user>{{ user }}</user>\n      \
         <password>{{ password }}</password>\n    </X>\n  read_back: { path: /finesse/api/X, user: //user }\n",
    );
    assert_eq!(long.method, SettingsMethod::Post);
    assert_eq!(long.body.lines().count(), 4);
    let back = long.read_back.unwrap();
    assert_eq!((back.path.as_str(), back.user.as_str()), ("/finesse/api/X", "//user"));
    let deep = request(&format!("{BODY}  read_back: {{ path: /x, user: /Settings/user }}\n"));
    assert_eq!(deep.read_back.map(|back| back.user).as_deref(), Some("/Settings/user"));
}

#[test]
fn mistakes_of_the_request() {
    insta::assert_snapshot!(wrong("  mode: rest\n  method: GET\n  path: https://fin-a/finesse/api/X\n  \
        body: <X>{{ usr }}</X>\n  read_back: { path: finesse, user: username, pasword: x }\n  bdy: x\n"), @r#"
    error[unknown-word]: `GET` is not a word for `finesse_settings.method`
      --> books/p.yaml:20:11
       |
    20 |   method: GET
       |           ^^^
       = one of: PUT, POST
    error[bad-value]: `https://fin-a/finesse/api/X` is not a path for `finesse_settings.path`
      --> books/p.yaml:21:9
       |
    21 |   path: https://fin-a/finesse/api/X
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = did you mean `/finesse/api/X`?
       = it begins with one slash, without host; no blanks, no `#`, ASCII only
    error[unknown-word]: `finesse_settings.body` has an unknown placeholder
      --> books/p.yaml:22:3
       |
    22 |   body: …
       |   ^^^^
       = did you mean `{{ user }}`?
       = placeholders: {{ user }}, {{ password }}
    error[bad-value]: `finesse` is not a path for `finesse_settings.read_back.path`
      --> books/p.yaml:23:22
       |
    23 |   read_back: { path: finesse …
       |                      ^^^^^^^
       = it begins with one slash, without host; no blanks, no `#`, ASCII only
    error[bad-value]: `username` is not a place in an answer
      --> books/p.yaml:23:37
       |
    23 |   read_back: { path: finesse, user: username …
       |                                     ^^^^^^^^
       = did you mean `//username`?
       = written like //username or /Settings/username, names without prefix
    error[unknown-key]: `pasword` is not a key of finesse_settings.read_back
      --> books/p.yaml:23:47
       |
    23 |   read_back: { path: finesse, user: username, pasword: …
       |                                               ^^^^^^^
       = its keys: path, user
    error[unknown-key]: `bdy` is not a key of finesse_settings
      --> books/p.yaml:24:3
       |
    24 |   bdy: …
       |   ^^^
       = did you mean `body`?
    "#);
    insta::assert_snapshot!(wrong("  mode: rest\n"), @r#"
    error[missing-key]: `finesse_settings.path` is missing
      --> books/p.yaml:18:1
       |
    18 | finesse_settings:
       | ^^^^^^^^^^^^^^^^
    error[missing-key]: `finesse_settings.body` is missing
      --> books/p.yaml:18:1
       |
    18 | finesse_settings:
       | ^^^^^^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(wrong("  mode: rest\n  path: //fin-a/x\n  body: [a]\n  read_back: /x\n"), @r#"
    error[bad-value]: `//fin-a/x` is not a path for `finesse_settings.path`
      --> books/p.yaml:20:9
       |
    20 |   path: //fin-a/x
       |         ^^^^^^^^^
       = it begins with one slash, without host; no blanks, no `#`, ASCII only
    error[wrong-type]: `finesse_settings.body` must be text, not a list
      --> books/p.yaml:21:3
       |
    21 |   body: …
       |   ^^^^
    error[wrong-type]: `finesse_settings.read_back` must be a mapping (`key: value`), not `/x`
      --> books/p.yaml:22:14
       |
    22 |   read_back: /x
       |              ^^
    "#);
    insta::assert_snapshot!(wrong("  mode: rest\n  path: /x\n  body: <X>{{ user }}</X>\n  read_back: {}\n"), @r#"
    error[bad-value]: `finesse_settings.body` lacks {{ password }}
      --> books/p.yaml:21:3
       |
    21 |   body: …
       |   ^^^^
       = write it where the console's request has that value
    error[missing-key]: `finesse_settings.read_back.path` is missing
      --> books/p.yaml:22:3
       |
    22 |   read_back: …
       |   ^^^^^^^^^
    error[missing-key]: `finesse_settings.read_back.user` is missing
      --> books/p.yaml:22:3
       |
    22 |   read_back: …
       |   ^^^^^^^^^
    "#);
}

#[test]
fn the_request_belongs_to_mode_rest() {
    insta::assert_snapshot!(wrong(&format!("  method: PUT\n{BODY}  read_back: {{}}\n")), @r#"
    error[bad-value]: `finesse_settings.method` belongs to `mode: rest` only
      --> books/p.yaml:19:3
       |
    19 |   method: …
       |   ^^^^^^
       = write `mode: rest`, or leave it out
    error[bad-value]: `finesse_settings.path` belongs to `mode: rest` only
      --> books/p.yaml:20:3
       |
    20 |   path: …
       |   ^^^^
       = write `mode: rest`, or leave it out
    error[bad-value]: `finesse_settings.body` belongs to `mode: rest` only
      --> books/p.yaml:21:3
       |
    21 |   body: …
       |   ^^^^
       = write `mode: rest`, or leave it out
    error[bad-value]: `finesse_settings.read_back` belongs to `mode: rest` only
      --> books/p.yaml:22:3
       |
    22 |   read_back: …
       |   ^^^^^^^^^
       = write `mode: rest`, or leave it out
    "#);
    assert!(wrong("  mode: elsewhere\n  path: /x\n").contains("belongs to `mode: rest` only"));
    assert!(wrong("  mode: rset\n  path: /x\n").contains("did you mean `rest`?"));
}

#[test]
fn a_secret_in_the_request_is_refused_and_never_shown() {
    for lines in [
        "  body: <X><u>{{ user }}</u><password>hunter2</password>{{ password }}</X>\n  path: /x\n",
        "  body: <X><u>{{ user }}</u><password>{{ hunter2 }}</password></X>\n  path: /x\n",
        "  body: |\n    <u>{{ user }}</u>\n    <pwd>\n      hunter2\n    </pwd>{{ password }}\n  path: /x\n",
        "  body: '{{ user }}{{ password }}&pass=hunter2'\n  path: /x\n",
        "  body: '{{ user }}{{ password }}'\n  path: /x?password=hunter2\n",
        "  body: '{{ user }}{{ password }}'\n  path: https://admin:hunter2@fin-a/x\n",
        "  body: { password: hunter2 }\n  path: /x\n",
        "  body: [ hunter2, '\n",
        "  body: |\n    <p>hunter2</p>\n   [\n",
    ] {
        let out = wrong(&format!("  mode: rest\n{lines}"));
        assert!(!out.is_empty() && !out.contains("hunter2"), "{out}\n{lines}");
    }
    let flow = "finesse_settings: { mode: rest, body: <p>hunter2</p>, path: x }\n";
    let out = rendered(&(accounts("uccx") + flow), &folder(&[]));
    assert!(out.contains("is not a path") && !out.contains("hunter2"), "{out}");
    let body = "  body: <X><u>{{ user }}</u><password>hunter2</password>{{ password }}</X>\n";
    insta::assert_snapshot!(wrong(&format!("  mode: rest\n  path: /x?pin=1&password=hunter2\n{body}")), @r#"
    error[inline-secret]: `finesse_settings.path` has a secret written into it; secrets never are
      --> books/p.yaml:20:9
       |
    20 |   path: ********
       |         ^^^^^^^^
       = the password goes into the body, as {{ password }}
    error[inline-secret]: `finesse_settings.body` has a secret written into it; secrets never are
      --> books/p.yaml:21:3
       |
    21 |   body: …
       |   ^^^^
       = write {{ password }} in its place; the value is application_user.password
    "#);
}

#[test]
fn sites_exist_on_pcce() {
    assert_eq!(settings("pcce", "  site: Main\n").site.as_deref(), Some("Main"));
    assert_eq!(settings("pcce", "  mode: operator\n").site, None);
    insta::assert_snapshot!(wrong("  site: Main\n"), @r#"
    error[bad-value]: `finesse_settings.site` does not exist on uccx
      --> books/p.yaml:19:3
       |
    19 |   site: …
       |   ^^^^
       = only PCCE has these settings per site: leave it out
    "#);
}

#[test]
fn accounts_go_with_them() {
    let rest = format!("{SMALL}finesse_settings:\n  mode: rest\n{BODY}");
    insta::assert_snapshot!(rendered(&rest, &folder(&[])), @r#"
    error[missing-key]: `credentials.finesse` is missing
      --> books/p.yaml:16:1
       |
    16 | finesse_settings:
       | ^^^^^^^^^^^^^^^^
       = `mode: rest` signs in to Finesse as its administrator: declare the account
    error[missing-key]: `credentials.finesse_platform` is missing
      --> books/p.yaml:16:1
       |
    16 | finesse_settings:
       | ^^^^^^^^^^^^^^^^
       = the settings need a restart of Finesse Tomcat over the platform shell: declare the account, or write `restart: { finesse_tomcat: never }` and restart by hand
    "#);
    let operator = format!("{SMALL}finesse_settings: {{}}\n");
    assert!(
        rendered(&operator, &folder(&[])).contains("`credentials.finesse_platform` is missing")
    );
    let fine = |text: &str| assert_eq!(rendered(text, &folder(&[])), "", "{text}");
    fine(&format!("{operator}restart: {{ finesse_tomcat: never }}\n"));
    fine(&format!("{SMALL}finesse_settings: {{ mode: elsewhere }}\n"));
    fine(&format!("{SMALL}restart: {{}}\n"));
}
