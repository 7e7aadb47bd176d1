//! The whole set of keys of the contract: each is understood.

use super::{folder, mistakes};

/// Every key there will be, but for `finesse_settings.site`, which only PCCE has, and the keys of `mode: rest`.
const EVERY_KEY: &str = r#"version: 1
deployment: emea-prod
cucm:
  publisher: cucm-pub.example.com
  axl_version: "14.0"
  platform_ssh: cucm-pub.example.com:22
  platform_port: 443
  nodes: { cucm-sub1: { address: sub1.example.com }, imp1: { skip: IM and Presence } }
finesse:
  product: uccx
  release: "12.5(1)SU3"
  language_packs: [en_US, cs_CZ]
  primary:   { host: fin-a.example.com, api_port: 8445, platform_port: 443, ssh_port: 22, service_host: fin-a.example.com }
  secondary: fin-b.example.com
credentials:
  axl:              { user: axladmin, password: { env: AXL_PASSWORD } }
  finesse:          { user: finadmin, password: { keyring: finesse } }
  finesse_platform: { user: osadmin,  password: { command: [pass, show, voice/finesse-os] } }
  cucm_platform:    { user: osadmin,  password: { prompt: true } }
  serviceability:   { user: risreader, password: { env: RIS_PASSWORD } }
tls:
  ca_files: [corp-ca.pem]
  pins: { "fin-a.example.com:8445": ["sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"] }
ssh: { known_hosts: known_hosts }
application_user:
  id: ippa
  password: { file: secrets/ippa }
  password_change: refuse
  shared: false
  uccx_rmcm: { user: rmcm, devices: verify }
phone_settings:
  scope: phones
  web_access: enabled
  https_server: https-only
  overrides: report
  except: [{ model: 8821, reason: separate project }, { device: SEP001122334455, reason: lab }]
phone_apply: { when: after-change, how: apply, busy: defer, per_minute: 60 }
phone_services:
  subscription: manual
  primary:   { name: Cisco Finesse, adopt: Finesse IPPA }
  secondary: { name: Cisco Finesse Secondary }
  retire: [CAD IP Agent]
  sql_writes: ask
one_button_sign_in:
  id: administrator
  extension: administrator
  password: sign-in
agents:
  roster: agents.csv
  phones: hotdesk.csv
  passwords: { file: secrets/agents.csv }
  unlisted: report
finesse_settings:
  mode: operator
self_care: { default_server: 10.0.0.10 }
certificates: { finesse_tomcat_trust: import, cucm_phone_trust: import, via: [rest, operator] }
restart: { finesse_tomcat: when-needed, between_nodes: confirm, back_within: 15m }
windows: [{ days: [sat], from: "22:00", to: "05:00", zone: Europe/Prague }]
dialect: { https_only_value: auto, url_separator: auto, self_care_parameter: auto }
limits: { concurrency: 8, max_altered_percent: 30, max_removals: 10 }
checks: { certificate_days: 30, label_length: 20 }
sso: { ids: ids.example.com:8553, idp: [adfs.example.com], refresh: post }
journal: { seal: { keyring: ippactl } }
"#;

#[test]
fn every_key_of_the_contract_is_known() {
    let files = folder(&[
        ("books/agents.csv", "device,id,extension\nSEP001122334455,1001,5001\n"),
        ("books/hotdesk.csv", "device\nSEP001122334466\n"),
    ]);
    // Agents' passwords are named only when the administrator fills them in.
    let text = EVERY_KEY
        .replace("password: sign-in }", "password: administrator }")
        .replace("password: sign-in\n", "password: administrator\n");
    let found = mistakes(&text, &files);
    let unexpected: Vec<String> = found.iter().map(|mistake| mistake.render(false)).collect();
    assert!(unexpected.is_empty(), "{}", unexpected.concat());
}
