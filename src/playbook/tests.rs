//! Whole playbooks: what they become, and how the main mistakes are shown.

mod certificates;
mod contract;
mod finesse_settings;
mod phones;
mod places;
mod restarts;
mod rosters;
mod secrets;

use std::collections::BTreeMap;

use super::{
    Cell, Deployment, Diagnostic, Files, Manage, PasswordChange, SecretSource, SqlWrites, parse,
};

struct Folder(BTreeMap<&'static str, Vec<u8>>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

fn folder(files: &[(&'static str, &str)]) -> Folder {
    Folder(files.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect())
}

/// The smallest playbook.
const SMALL: &str = "\
version: 1
deployment: emea-prod
cucm:
  publisher: cucm-pub.example.com
finesse:
  product: uccx
  release: 12.5(1)SU3
  primary: fin-a.example.com
credentials:
  axl: { user: axladmin, password: { env: AXL_PASSWORD } }
application_user:
  id: ippa
  password: { file: secrets/ippa }
phone_services:
  primary: { name: Cisco Finesse }
";

/// Every key that is understood so far.
const FULL: &str = r#"version: 1
deployment: emea-prod
cucm:
  publisher: CUCM-pub.example.com:9443
  axl_version: 14.0
  platform_ssh: cucm-pub.example.com:22
  platform_port: 443
finesse:
  product: ucce
  release: "12.6(2)"
  language_packs: [en_US, cs_CZ]
  primary: { host: 10.0.0.5, api_port: 8446, platform_port: 443, ssh_port: 2222, service_host: fin-a.example.com }
  secondary: fin-b.example.com
credentials:
  axl: { user: axladmin, password: { env: AXL_PASSWORD } }
  finesse: { user: on, password: { prompt: true } }
  finesse_platform: { user: osadmin, password: { command: [pass, show, voice/finesse-os] } }
  cucm_platform: { user: osadmin, password: { prompt: true } }
  serviceability: { user: risreader, password: { env: RIS_PASSWORD } }
tls:
  ca_files: [corp-ca.pem]
  pins: { "fin-a.example.com:8445": ["sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"] }
ssh: { known_hosts: known_hosts }
application_user:
  id: ippa
  password: { file: secrets/ippa }
  password_change: rotate
  shared: true
phone_services:
  subscription: manual
  primary: { name: Cisco Finesse, adopt: Finesse IPPA }
  secondary: { name: Cisco Finesse Secondary }
  retire: [CAD IP Agent]
  sql_writes: allow
one_button_sign_in: { id: administrator, extension: administrator, password: administrator }
agents:
  roster: agents.csv
  phones: hotdesk.csv
  passwords: { file: secrets/agents.csv }
  unlisted: clear-values
dialect: { url_separator: "&", https_only_value: 1, self_care_parameter: SelfCareServer }
limits: { concurrency: 4, max_altered_percent: 50, max_removals: 3 }
"#;

fn mistakes(text: &str, files: &Folder) -> Vec<Diagnostic> {
    parse("books/p.yaml", text, files).err().unwrap_or_default()
}

fn rendered(text: &str, files: &Folder) -> String {
    mistakes(text, files).iter().map(|mistake| mistake.render(false)).collect()
}

fn read(text: &str, files: &Folder) -> Deployment {
    parse("books/p.yaml", text, files).unwrap_or_else(|_| panic!("{}", rendered(text, files)))
}

#[test]
fn the_smallest_playbook_gets_the_defaults() {
    let small = read(SMALL, &folder(&[]));
    assert_eq!(small.cucm.publisher.to_string(), "cucm-pub.example.com:8443");
    assert_eq!(small.cucm.axl_version, None);
    assert_eq!(small.finesse.primary.api.to_string(), "fin-a.example.com:8445");
    assert_eq!(small.finesse.primary.service_host, "fin-a.example.com");
    assert_eq!(small.phone_services.sql_writes, SqlWrites::Ask);
    assert_eq!(small.application_user.password_change, PasswordChange::Refuse);
    assert_eq!(
        small.application_user.password.source,
        SecretSource::File("books/secrets/ippa".to_owned())
    );
    assert_eq!(small.application_user.password.purpose, "application_user.password");
    assert_eq!(small.application_user.password.at.to_string(), "books/p.yaml:13:3");
    assert_eq!(small.limits.concurrency, 8);
    assert_eq!(small.finesse.primary.ssh.to_string(), "fin-a.example.com:22");
    assert_eq!((small.cucm.platform_ssh, small.ssh.known_hosts), (None, None));
    assert!(small.application_user.uccx_rmcm.is_none());
    assert!(small.agents.rows.is_empty());
}

#[test]
fn every_key_that_is_understood() {
    let files = folder(&[
        (
            "books/agents.csv",
            "\u{feff}manage,extension,id,device,device_profile,user\r\n\
             verify,5001,1001,SEP0011223344AA,,jdoe\r\n\
             ,keep,,,Profile One,\r\n",
        ),
        ("books/hotdesk.csv", "device\nSEP0011223344BB\n"),
    ]);
    let full = read(FULL, &files);
    assert_eq!(full.cucm.publisher.to_string(), "cucm-pub.example.com:9443");
    assert_eq!(full.cucm.axl_version.as_deref(), Some("14.0"));
    assert_eq!(full.finesse.primary.api.to_string(), "10.0.0.5:8446");
    assert_eq!(full.finesse.primary.service_host, "fin-a.example.com");
    assert_eq!(full.credentials.finesse.map(|c| c.user).as_deref(), Some("on"));
    assert_eq!(full.tls.pins.values().next(), Some(&vec![[10; 32]]));
    assert_eq!(full.tls.ca_files.first().map(|f| f.0.as_str()), Some("books/corp-ca.pem"));
    assert_eq!(full.dialect.url_separator, Some('&'));
    assert_eq!(full.dialect.https_only_value.as_deref(), Some("1"));
    assert_eq!(full.dialect.self_care_parameter.as_deref(), Some("SelfCareServer"));
    assert_eq!(full.finesse.primary.ssh.to_string(), "10.0.0.5:2222");
    assert_eq!(
        full.finesse.secondary.map(|n| n.ssh.to_string()),
        Some("fin-b.example.com:22".into())
    );
    assert_eq!(
        full.cucm.platform_ssh.map(|e| e.to_string()),
        Some("cucm-pub.example.com:22".into())
    );
    assert_eq!(full.ssh.known_hosts.map(|(path, _)| path).as_deref(), Some("books/known_hosts"));
    assert_eq!(full.agents.listed, 2);
    assert_eq!(full.limits.max_removals, 3);
    let [first, second, third] = full.agents.rows.as_slice() else { panic!("three rows") };
    assert_eq!(first.device.as_deref(), Some("SEP0011223344AA"));
    assert_eq!(first.id, Cell::Value("1001".into()));
    assert_eq!(first.manage, Manage::Verify);
    assert_eq!(first.at.to_string(), "books/agents.csv:2:1");
    assert_eq!(second.device_profile.as_deref(), Some("Profile One"));
    assert_eq!((&second.id, &second.extension), (&Cell::Empty, &Cell::Keep));
    assert_eq!(third.at.to_string(), "books/hotdesk.csv:2:1");
}

#[test]
fn an_inline_roster_takes_numbers_as_they_are_written() {
    let text = format!(
        "{SMALL}one_button_sign_in: {{ id: administrator }}\nagents:\n  roster:\n    \
         - {{ device: SEP0011223344AA, id: 0012, extension: keep }}\n"
    );
    let rows = read(&text, &folder(&[])).agents.rows;
    let row = rows.first().unwrap();
    assert_eq!(row.id, Cell::Value("0012".into()));
    assert_eq!(row.at.to_string(), "books/p.yaml:19:7");
}

#[test]
fn every_mistake_is_shown_at_once() {
    let text = SMALL
        .replace("publisher:", "publsher:")
        .replace("uccx", "ucx")
        .replace("12.5(1)SU3", "11.6(1)")
        .replace("  id: ippa\n", "  id: ippa\n  id: other\n  shared: yes\n")
        .replace("deployment: emea-prod", "deployment: EMEA prod")
        .replace("{ name: Cisco Finesse }", "Cisco Finesse")
        + "limits: { concurrency: many }\n";
    insta::assert_snapshot!(rendered(&text, &folder(&[])), @r#"
    error[bad-value]: `EMEA prod` is not a deployment's name
     --> books/p.yaml:2:13
      |
    2 | deployment: EMEA prod
      |             ^^^^^^^^^
      = did you mean `emea-prod`?
      = 1 to 63 lower-case letters, digits and hyphens, no hyphen first
    error[unknown-key]: `publsher` is not a key of cucm
     --> books/p.yaml:4:3
      |
    4 |   publsher: …
      |   ^^^^^^^^
      = did you mean `publisher`?
    error[unknown-word]: `ucx` is not a word for `finesse.product`
     --> books/p.yaml:6:12
      |
    6 |   product: ucx
      |            ^^^
      = did you mean `uccx`?
      = one of: uccx, ucce, pcce
    error[service-http-only-release]: Finesse 11.6(1) serves the IP Phone Agent over HTTP only; HTTPS came with 12.5(1)
     --> books/p.yaml:7:12
      |
    7 |   release: 11.6(1)
      |            ^^^^^^^
      = upgrade Finesse, or keep operating this release by hand
    error[duplicate-key]: `id` is given twice
      --> books/p.yaml:13:3
       |
    13 |   id: …
       |   ^^
       = first given: books/p.yaml:12:3
    error[wrong-type]: `application_user.shared` must be `true` or `false`, not `yes`
      --> books/p.yaml:14:11
       |
    14 |   shared: yes
       |           ^^^
    error[wrong-type]: `phone_services.primary` must be a mapping (`key: value`), not `Cisco Finesse`
      --> books/p.yaml:17:12
       |
    17 |   primary: Cisco Finesse
       |            ^^^^^^^^^^^^^
    error[bad-value]: `limits.concurrency` must be a whole number from 1 to 256
      --> books/p.yaml:18:24
       |
    18 | limits: { concurrency: many
       |                        ^^^^
    "#);
}

#[test]
fn a_name_in_the_keyring_is_no_secret_and_looks_like_none() {
    let text = SMALL.replace("{ env: AXL_PASSWORD }", "{ keyring: site/axl }")
        + "journal: { seal: { keyring: ippactl } }\n";
    let deployment = parse("books/p.yaml", &text, &folder(&[])).unwrap();
    let source = &deployment.credentials.axl.password.source;
    assert_eq!(source, &SecretSource::Keyring("site/axl".to_owned()));
    let seal = deployment.journal.seal.unwrap();
    assert_eq!(seal.source, SecretSource::Keyring("ippactl".to_owned()));
    let text = SMALL.replace("{ env: AXL_PASSWORD }", "{ keyring: \"hunter 2!\" }")
        + "phone_setting: {}\n";
    insta::assert_snapshot!(rendered(&text, &folder(&[])), @r#"
    error[bad-value]: `credentials.axl.password.keyring` is no name for a secret in the keyring
      --> books/p.yaml:10:47
       |
    10 |   axl: { user: axladmin, password: { keyring: ******** …
       |                                               ^^^^^^^^
       = letters, digits and . _ - /, at most 64; the secret itself is never written here
    error[unknown-key]: `phone_setting` is not a key of a playbook
      --> books/p.yaml:16:1
       |
    16 | phone_setting: …
       | ^^^^^^^^^^^^^
       = did you mean `phone_settings`?
    "#);
}

#[test]
fn a_second_node_needs_a_second_service() {
    let two = SMALL.replace(
        "  primary: fin-a.example.com\n",
        "  primary: fin-a.example.com\n  secondary: fin-b.example.com\n",
    );
    let second = SMALL.to_owned() + "  secondary: { name: Two }\n";
    insta::assert_snapshot!(rendered(&two, &folder(&[])) + &rendered(&second, &folder(&[])), @r#"
    error[missing-key]: `phone_services.secondary` is missing
      --> books/p.yaml:15:1
       |
    15 | phone_services:
       | ^^^^^^^^^^^^^^
       = there are two Finesse nodes; a service does not fail over, so each has its own
    error[bad-value]: `phone_services.secondary` has no node: `finesse.secondary` is missing
      --> books/p.yaml:16:3
       |
    16 |   secondary: …
       |   ^^^^^^^^^
       = declare the second node, or leave this service out
    "#);
}

#[test]
fn an_inline_secret_is_refused_and_never_shown() {
    let text = SMALL
        .replace("{ env: AXL_PASSWORD }", "hunter2, usr: x")
        .replace("{ file: secrets/ippa }", "{ hunter2: }");
    let out = rendered(&text, &folder(&[]));
    assert!(!out.contains("hunter2"), "{out}");
    insta::assert_snapshot!(out, @r#"
    error[inline-secret]: `credentials.axl.password` is written into the file; secrets never are
      --> books/p.yaml:10:36
       |
    10 |   axl: { user: axladmin, password: ******** …
       |                                    ^^^^^^^^
       = write where it is found, for example { env: NAME } or { prompt: true }
    error[unknown-key]: `usr` is not a key of credentials.axl
      --> books/p.yaml:10:45
       |
    10 |   axl: { user: axladmin, password: ********, usr: …
       |                                              ^^^
       = did you mean `user`?
    error[unknown-key]: `application_user.password` has a key that is not env, file, command, keyring or prompt
      --> books/p.yaml:13:15
       |
    13 |   password: { ********: …
       |               ^^^^^^^^
       = write where it is found, for example { env: NAME } or { prompt: true }
    "#);
}

#[test]
fn broken_yaml_has_a_place() {
    let text = SMALL.replace("  id: ippa\n", "  id: [ippa\n");
    insta::assert_snapshot!(rendered(&text, &folder(&[])), @r#"
    error[syntax]: not valid YAML: illegal placement of ':' indicator
      --> books/p.yaml:13:11
       |
    13 |   password: …
       |           ^
       = check indentation, quotes and brackets here and on the line before
    "#);
}

#[test]
fn passwords_are_named_exactly_when_the_administrator_fills_them_in() {
    let needed = format!(
        "{SMALL}one_button_sign_in: {{ id: administrator, password: administrator }}\nagents: {{}}\n"
    );
    let idle = format!("{SMALL}agents: {{ passwords: {{ env: X }} }}\n");
    let alone = format!("{SMALL}one_button_sign_in: {{ password: administrator }}\n");
    let out = [needed, idle, alone].map(|text| rendered(&text, &folder(&[]))).concat();
    insta::assert_snapshot!(out, @r#"
    error[missing-key]: `agents.passwords` is missing
      --> books/p.yaml:17:1
       |
    17 | agents: …
       | ^^^^^^
       = one_button_sign_in.password is `administrator`: name the file or command that has `id,password`, or write `keep` to leave those that are stored
    error[bad-value]: `agents.passwords` must be a file or a command
      --> books/p.yaml:16:11
       |
    16 | agents: { passwords: …
       |           ^^^^^^^^^
       = it holds one line `id,password` per agent
    error[bad-value]: the administrator can fill in `password` only together with `id`
      --> books/p.yaml:16:33
       |
    16 | one_button_sign_in: { password: administrator
       |                                 ^^^^^^^^^^^^^
       = passwords are found by the agent id of the roster: write `id: administrator` too
    "#);
}

#[test]
fn stored_passwords_can_be_kept() {
    let with = |passwords: &str| {
        format!(
            "{SMALL}one_button_sign_in: {{ id: administrator, password: administrator }}\n\
             agents: {{ passwords: {passwords} }}\n"
        )
    };
    assert!(read(&with("keep"), &folder(&[])).agents.passwords.is_none());
    // Anything else in its place could be a password.
    for other in ["\"keep\"", "kept"] {
        assert!(rendered(&with(other), &folder(&[])).contains("error[inline-secret]"), "{other}");
    }
}
