//! A draft with every key, and one made of what was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::playbook::draft::{
    AccountDraft, AgentsDraft, ApplicationUserDraft, CertificatesDraft, CredentialsDraft,
    CucmDraft, Draft, FinesseDraft, FinesseSettingsDraft, NodeDraft, PasswordsDraft,
    PhoneApplyDraft, PhoneServicesDraft, PhoneSettingsDraft, RestartDraft, RosterDraft, RowDraft,
    SelfCareDraft, ServiceDraft, SignInDraft, TlsDraft,
};
use crate::playbook::{
    AgentRow, ApplyHow, ApplyWhen, BetweenNodes, Busy, Cell, Correction, Credential, Deployment,
    ExceptedPhones, FilledBy, FinesseNode, ImportWay, Limits, Manage, Overrides, PasswordChange,
    Product, ReadBack, RestartWhen, Scope, SecretSource, ServiceName, SettingsMethod, SettingsMode,
    SettingsRequest, SqlWrites, SubscriptionKind, TrustMode, Unlisted,
};

/// A draft that says what a deployment is, every default written out.
pub(super) fn told(read: &Deployment) -> Draft {
    let settings = read.phone_settings.as_ref();
    let apply = read.phone_apply.as_ref();
    let who = &read.one_button_sign_in;
    let rows = |rows: &[AgentRow]| rows.iter().map(row).collect::<Vec<_>>();
    let (listed, phones) = read.agents.rows.split_at(read.agents.listed);
    Draft {
        heading: Vec::new(),
        deployment: read.name.clone(),
        cucm: CucmDraft {
            publisher: read.cucm.publisher.to_string(),
            axl_version: read.cucm.axl_version.clone(),
            platform_ssh: read.cucm.platform_ssh.as_ref().map(ToString::to_string),
            platform_port: Some(read.cucm.platform_port),
            nodes: read.cucm.nodes.iter().map(|n| (n.name.clone(), n.correction.clone())).collect(),
        },
        finesse: FinesseDraft {
            product: read.finesse.product,
            release: read.finesse.release.clone(),
            language_packs: read.finesse.language_packs.clone(),
            primary: node(&read.finesse.primary),
            secondary: read.finesse.secondary.as_ref().map(node),
        },
        credentials: CredentialsDraft {
            axl: account(&read.credentials.axl),
            finesse: read.credentials.finesse.as_ref().map(account),
            finesse_platform: read.credentials.finesse_platform.as_ref().map(account),
            cucm_platform: read.credentials.cucm_platform.as_ref().map(account),
            serviceability: read.credentials.serviceability.as_ref().map(account),
        },
        tls: TlsDraft {
            ca_files: read.tls.ca_files.iter().map(|(path, _)| path.clone()).collect(),
            pins: read.tls.pins.iter().map(|(at, all)| (at.to_string(), prints(all))).collect(),
        },
        known_hosts: read.ssh.known_hosts.as_ref().map(|(path, _)| path.clone()),
        application_user: ApplicationUserDraft {
            id: read.application_user.id.clone(),
            password: read.application_user.password.source.clone(),
            password_change: Some(read.application_user.password_change),
            shared: read.application_user.shared,
            uccx_rmcm: (read.application_user.uccx_rmcm.as_ref())
                .map(|rmcm| (rmcm.user.clone(), Some(rmcm.devices))),
        },
        phone_settings: settings.map(|settings| PhoneSettingsDraft {
            scope: settings.scope,
            overrides: Some(settings.overrides),
            except: settings.except.iter().map(|e| (e.phones.clone(), e.reason.clone())).collect(),
        }),
        phone_apply: apply.map(|apply| PhoneApplyDraft {
            when: apply.when,
            how: Some(apply.how),
            busy: Some(apply.busy),
            per_minute: Some(apply.per_minute),
        }),
        phone_services: PhoneServicesDraft {
            subscription: Some(read.phone_services.subscription),
            primary: service(&read.phone_services.primary),
            secondary: read.phone_services.secondary.as_ref().map(service),
            retire: read.phone_services.retire.iter().map(|(name, _)| name.clone()).collect(),
            sql_writes: Some(read.phone_services.sql_writes),
        },
        one_button_sign_in: Some(SignInDraft {
            id: who.id,
            extension: who.extension,
            password: who.password,
        }),
        agents: Some(AgentsDraft {
            roster: Some(RosterDraft { path: "a b#.csv".into(), rows: rows(listed) }),
            phones: Some(RosterDraft { path: "phones.csv".into(), rows: rows(phones) }),
            passwords: match &read.agents.passwords {
                Some(secret) => Some(PasswordsDraft::At(secret.source.clone())),
                None if who.password == FilledBy::Administrator => Some(PasswordsDraft::Keep),
                None => None,
            },
            unlisted: Some(read.agents.unlisted),
        }),
        finesse_settings: read.finesse_settings.as_ref().map(|settings| FinesseSettingsDraft {
            mode: settings.mode.clone(),
            site: settings.site.clone(),
        }),
        self_care: read
            .self_care
            .as_ref()
            .map(|self_care| SelfCareDraft { default_server: self_care.default_server.clone() }),
        certificates: read.certificates.as_ref().map(|certificates| CertificatesDraft {
            finesse_tomcat_trust: certificates.finesse_tomcat_trust,
            cucm_phone_trust: certificates.cucm_phone_trust,
            via: certificates.via.clone(),
        }),
        restart: Some(RestartDraft {
            finesse_tomcat: read.restart.finesse_tomcat,
            between_nodes: Some(read.restart.between_nodes),
        }),
        limits: read.limits.clone(),
        notes: BTreeMap::new(),
        left_out: Vec::new(),
    }
}

fn node(node: &FinesseNode) -> NodeDraft {
    NodeDraft {
        host: node.api.host.clone(),
        api_port: Some(node.api.port),
        platform_port: Some(node.platform.port),
        ssh_port: Some(node.ssh.port),
        service_host: Some(node.service_host.clone()),
    }
}

fn account(account: &Credential) -> AccountDraft {
    AccountDraft { user: account.user.clone(), password: account.password.source.clone() }
}

fn prints(all: &[[u8; 32]]) -> Vec<String> {
    let hex = |print: &[u8; 32]| {
        print.iter().fold("sha256:".to_owned(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    };
    all.iter().map(hex).collect()
}

fn service(service: &ServiceName) -> ServiceDraft {
    ServiceDraft { name: service.name.clone(), adopt: service.adopt.clone() }
}

fn row(row: &AgentRow) -> RowDraft {
    RowDraft {
        device: row.device.clone().map(Into::into),
        device_profile: row.device_profile.clone().map(Into::into),
        id: row.id.clone(),
        extension: row.extension.clone(),
        user: row.user.clone().map(Into::into),
        manage: row.manage,
    }
}

/// Every key, with these words where the playbook takes any, and these cells where the roster does.
pub(super) fn full(words: &[String], cells: &[String]) -> Draft {
    let mut words = words.iter().cycle().cloned();
    let mut word = move || words.next().unwrap();
    let node = |host: &str| NodeDraft {
        host: host.to_owned(),
        api_port: Some(8446),
        platform_port: Some(444),
        ssh_port: Some(2222),
        service_host: Some(format!("{host}.example.com")),
    };
    let from_env = |user| AccountDraft { user, password: SecretSource::Env("NAME".into()) };
    Draft {
        heading: vec![word(), "two\nlines\u{1b}[31m".into()],
        deployment: "0012".into(),
        cucm: CucmDraft {
            publisher: "pub.example.com:9443".into(),
            axl_version: Some("14.0".into()),
            platform_ssh: Some("[2001:db8::1]:22".into()),
            platform_port: Some(444),
            nodes: vec![
                ("no".into(), Correction::Address("sub1.example.com".into())),
                (word(), Correction::Skip(word())),
            ],
        },
        finesse: FinesseDraft {
            product: Product::Pcce,
            release: "12.5(1)SU3".into(),
            language_packs: Some(vec!["en_US".into(), "no_NO".into()]),
            primary: node("fin-a"),
            secondary: Some(node("10.0.0.5")),
        },
        credentials: CredentialsDraft {
            axl: from_env(word()),
            finesse: Some(AccountDraft { user: word(), password: SecretSource::File(word()) }),
            finesse_platform: Some(AccountDraft {
                user: word(),
                password: SecretSource::Command(vec![word(), word()]),
            }),
            cucm_platform: Some(AccountDraft { user: word(), password: SecretSource::Prompt }),
            serviceability: Some(from_env("yes".into())),
        },
        tls: TlsDraft {
            ca_files: vec![word()],
            pins: [("fin-a.example.com:8445".to_owned(), prints(&[[10; 32], [171; 32]]))].into(),
        },
        known_hosts: Some(word()),
        application_user: ApplicationUserDraft {
            id: word(),
            password: SecretSource::Env("A_B".into()),
            password_change: Some(PasswordChange::Rotate),
            shared: true,
            uccx_rmcm: None,
        },
        phone_settings: Some(PhoneSettingsDraft {
            scope: Scope::CommonPhoneProfile,
            overrides: Some(Overrides::Fix),
            except: vec![
                (ExceptedPhones::Model("8821".into()), word()),
                (ExceptedPhones::Device("SEP001122334455".into()), word()),
            ],
        }),
        phone_apply: Some(PhoneApplyDraft {
            when: ApplyWhen::Never,
            how: Some(ApplyHow::Reset),
            busy: Some(Busy::Proceed),
            per_minute: Some(7),
        }),
        phone_services: PhoneServicesDraft {
            subscription: Some(SubscriptionKind::SelfCare),
            primary: ServiceDraft { name: word(), adopt: Some(word()) },
            secondary: Some(ServiceDraft { name: word(), adopt: None }),
            retire: vec![word(), word(), word()],
            sql_writes: Some(SqlWrites::Never),
        },
        one_button_sign_in: Some(SignInDraft {
            id: FilledBy::Administrator,
            extension: FilledBy::Agent,
            password: FilledBy::Administrator,
        }),
        agents: Some(agents(cells, word())),
        finesse_settings: Some(FinesseSettingsDraft {
            mode: SettingsMode::Rest(request()),
            site: Some(word()),
        }),
        self_care: Some(SelfCareDraft { default_server: Some("Pub.example.com".into()) }),
        certificates: Some(certificates()),
        restart: Some(RestartDraft {
            finesse_tomcat: RestartWhen::WhenNeeded,
            between_nodes: Some(BetweenNodes::Minutes(15)),
        }),
        limits: limits(),
        notes: notes([word(), word(), word()]),
        left_out: vec![word(), "more\nlines: {".into()],
    }
}

fn agents(cells: &[String], word: String) -> AgentsDraft {
    let mut cells = cells.iter().cycle().cloned();
    let mut cell = move || cells.next().unwrap();
    AgentsDraft {
        roster: Some(RosterDraft {
            path: "a b#.csv".into(),
            rows: vec![
                RowDraft {
                    device: Some("SEP001122334401".into()),
                    device_profile: Some(cell()),
                    id: Cell::Value(cell().into()),
                    extension: Cell::Keep,
                    user: Some(cell()),
                    manage: Manage::Subscription,
                },
                RowDraft {
                    device: Some("SEP001122334402".into()),
                    extension: Cell::Value(cell().into()),
                    manage: Manage::Verify,
                    ..RowDraft::default()
                },
            ],
        }),
        phones: Some(RosterDraft {
            path: "phones.csv".into(),
            rows: vec![RowDraft { device: Some("SEP001122334403".into()), ..RowDraft::default() }],
        }),
        passwords: Some(PasswordsDraft::At(SecretSource::Command(vec![word]))),
        unlisted: Some(Unlisted::ClearValues),
    }
}

fn certificates() -> CertificatesDraft {
    CertificatesDraft {
        finesse_tomcat_trust: TrustMode::Verify,
        cucm_phone_trust: TrustMode::Skip,
        via: vec![ImportWay::Shell, ImportWay::Rest, ImportWay::Operator],
    }
}

fn notes([first, second, third]: [String; 3]) -> BTreeMap<String, Vec<String>> {
    [
        ("credentials".to_owned(), vec![first, "- x: [\n".to_owned()]),
        ("phone_services.primary".to_owned(), vec![second]),
        ("phone_services.sql_writes".to_owned(), vec!["a\nb: c".to_owned(), third]),
    ]
    .into()
}

fn limits() -> Limits {
    Limits { concurrency: 3, max_altered_percent: 7, max_removals: 0, writes_per_minute: Some(600) }
}

fn request() -> SettingsRequest {
    SettingsRequest {
        method: SettingsMethod::Post,
        path: "/finesse/api/x?y=1".into(),
        body: format!("<X a='{}'>\n<u>{{{{ user }}}}</u>\t{{{{ password }}}}\n", "\"{}\\"),
        read_back: Some(ReadBack { path: "/finesse/api/x".into(), user: "//user".into() }),
    }
}
