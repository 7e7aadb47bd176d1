//! The sections of a draft as values, in the words that the parser of `playbook` reads.

use super::yaml::Value;
use crate::playbook::draft::{
    AccountDraft, AgentsDraft, ApplicationUserDraft, CertificatesDraft, CredentialsDraft,
    CucmDraft, Draft, FinesseDraft, FinesseSettingsDraft, NodeDraft, PasswordsDraft,
    PhoneApplyDraft, PhoneServicesDraft, PhoneSettingsDraft, RestartDraft, SelfCareDraft,
    ServiceDraft, SignInDraft, TlsDraft,
};
use crate::playbook::{
    ApplyWhen, BetweenNodes, Busy, Correction, ExceptedPhones, FilledBy, ImportWay, Limits,
    Overrides, PasswordChange, RestartWhen, RmcmDevices, Scope, SecretSource, SettingsMethod,
    SettingsMode, SqlWrites, TrustMode, Unlisted,
};

/// A mapping under way: keys that say nothing are left out.
#[derive(Default)]
struct Keys(Vec<(String, Value)>);

impl Keys {
    fn put(mut self, key: &str, value: impl Into<Option<Value>>) -> Self {
        self.0.extend(value.into().map(|value| (key.to_owned(), value)));
        self
    }

    fn map(self) -> Value {
        Value::Map(self.0)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

fn number(number: impl Into<u32>) -> Value {
    Value::Word(number.into().to_string())
}

fn texts(texts: &[String]) -> Option<Value> {
    let all = texts.iter().map(|one| text(one)).collect();
    (!texts.is_empty()).then_some(Value::List(all))
}

/// Every key of the top level that a draft knows, in the order in which they are written.
pub(super) fn of(draft: &Draft) -> Vec<(&'static str, Option<Value>)> {
    vec![
        ("version", Some(number(1_u32))),
        ("deployment", Some(text(&draft.deployment))),
        ("cucm", Some(cucm(&draft.cucm))),
        ("finesse", Some(finesse(&draft.finesse))),
        ("credentials", Some(credentials(&draft.credentials))),
        ("tls", tls(&draft.tls)),
        ("ssh", draft.known_hosts.as_deref().map(ssh)),
        ("application_user", Some(application_user(&draft.application_user))),
        ("phone_settings", draft.phone_settings.as_ref().map(phone_settings)),
        ("phone_apply", draft.phone_apply.as_ref().map(phone_apply)),
        ("phone_services", Some(phone_services(&draft.phone_services))),
        ("one_button_sign_in", draft.one_button_sign_in.map(sign_in)),
        ("agents", draft.agents.as_ref().map(agents)),
        ("finesse_settings", draft.finesse_settings.as_ref().map(finesse_settings)),
        ("self_care", draft.self_care.as_ref().map(self_care)),
        ("certificates", draft.certificates.as_ref().map(certificates)),
        ("restart", draft.restart.map(restart)),
        ("limits", limits(&draft.limits)),
    ]
}

fn cucm(cucm: &CucmDraft) -> Value {
    let node = |(name, correction): &(String, Correction)| {
        let entry = match correction {
            Correction::Address(host) => Keys::default().put("address", text(host)),
            Correction::Skip(reason) => Keys::default().put("skip", text(reason)),
        };
        (name.clone(), entry.map())
    };
    let nodes = cucm.nodes.iter().map(node).collect();
    Keys::default()
        .put("publisher", text(&cucm.publisher))
        .put("axl_version", cucm.axl_version.clone().map(Value::Quoted))
        .put("platform_ssh", cucm.platform_ssh.as_deref().map(text))
        .put("platform_port", cucm.platform_port.map(number))
        .put("nodes", (!cucm.nodes.is_empty()).then_some(Value::Map(nodes)))
        .map()
}

fn finesse(finesse: &FinesseDraft) -> Value {
    Keys::default()
        .put("product", word(finesse.product.word()))
        .put("release", Value::Quoted(finesse.release.clone()))
        .put("language_packs", finesse.language_packs.as_deref().and_then(texts))
        .put("primary", node(&finesse.primary))
        .put("secondary", finesse.secondary.as_ref().map(node))
        .map()
}

fn node(node: &NodeDraft) -> Value {
    let only_host = NodeDraft { host: node.host.clone(), ..NodeDraft::default() };
    if *node == only_host {
        return text(&node.host);
    }
    Keys::default()
        .put("host", text(&node.host))
        .put("api_port", node.api_port.map(number))
        .put("platform_port", node.platform_port.map(number))
        .put("ssh_port", node.ssh_port.map(number))
        .put("service_host", node.service_host.as_deref().map(text))
        .map()
}

fn credentials(all: &CredentialsDraft) -> Value {
    Keys::default()
        .put("axl", account(&all.axl))
        .put("finesse", all.finesse.as_ref().map(account))
        .put("finesse_platform", all.finesse_platform.as_ref().map(account))
        .put("cucm_platform", all.cucm_platform.as_ref().map(account))
        .put("serviceability", all.serviceability.as_ref().map(account))
        .map()
}

fn account(account: &AccountDraft) -> Value {
    let keys = Keys::default().put("user", text(&account.user));
    keys.put("password", secret(&account.password)).map()
}

fn secret(source: &SecretSource) -> Value {
    let keys = Keys::default();
    match source {
        SecretSource::Env(name) => keys.put("env", text(name)),
        SecretSource::File(path) => keys.put("file", text(path)),
        SecretSource::Keyring(name) => keys.put("keyring", text(name)),
        SecretSource::Command(words) => keys.put("command", texts(words)),
        SecretSource::Prompt => keys.put("prompt", word("true")),
    }
    .map()
}

fn tls(tls: &TlsDraft) -> Option<Value> {
    let pin = |(server, prints): (&String, &Vec<String>)| {
        let prints = prints.iter().map(|print| Value::Quoted(print.clone())).collect();
        (server.clone(), Value::List(prints))
    };
    let pins = tls.pins.iter().map(pin).collect();
    let keys = Keys::default()
        .put("ca_files", texts(&tls.ca_files))
        .put("pins", (!tls.pins.is_empty()).then_some(Value::Map(pins)));
    (!keys.0.is_empty()).then(|| keys.map())
}

fn ssh(known_hosts: &str) -> Value {
    Keys::default().put("known_hosts", text(known_hosts)).map()
}

fn application_user(user: &ApplicationUserDraft) -> Value {
    let change = user.password_change.map(|change| match change {
        PasswordChange::Refuse => word("refuse"),
        PasswordChange::Rotate => word("rotate"),
    });
    let rmcm = user.uccx_rmcm.as_ref().map(|(id, devices)| {
        let devices = devices.map(|devices| match devices {
            RmcmDevices::Verify => word("verify"),
            RmcmDevices::Add => word("add"),
        });
        Keys::default().put("user", text(id)).put("devices", devices).map()
    });
    Keys::default()
        .put("id", text(&user.id))
        .put("password", secret(&user.password))
        .put("password_change", change)
        .put("shared", user.shared.then(|| word("true")))
        .put("uccx_rmcm", rmcm)
        .map()
}

fn phone_settings(settings: &PhoneSettingsDraft) -> Value {
    let scope = match settings.scope {
        Scope::Phones => "phones",
        Scope::CommonPhoneProfile => "common-phone-profile",
        Scope::Enterprise => "enterprise",
    };
    let overrides = settings.overrides.map(|overrides| match overrides {
        Overrides::Report => word("report"),
        Overrides::Fix => word("fix"),
    });
    let exception = |(phones, reason): &(ExceptedPhones, String)| {
        let keys = match phones {
            ExceptedPhones::Model(model) => Keys::default().put("model", text(model)),
            ExceptedPhones::Device(device) => Keys::default().put("device", text(device)),
        };
        keys.put("reason", text(reason)).map()
    };
    let except = settings.except.iter().map(exception).collect();
    Keys::default()
        .put("scope", word(scope))
        .put("web_access", word("enabled"))
        .put("https_server", word("https-only"))
        .put("overrides", overrides)
        .put("except", (!settings.except.is_empty()).then_some(Value::List(except)))
        .map()
}

fn phone_apply(apply: &PhoneApplyDraft) -> Value {
    let when = match apply.when {
        ApplyWhen::Never => "never",
        ApplyWhen::AfterChange => "after-change",
    };
    let busy = apply.busy.map(|busy| match busy {
        Busy::Defer => word("defer"),
        Busy::Proceed => word("proceed"),
    });
    Keys::default()
        .put("when", word(when))
        .put("how", apply.how.map(|how| word(how.word())))
        .put("busy", busy)
        .put("per_minute", apply.per_minute.map(number))
        .map()
}

fn phone_services(services: &PhoneServicesDraft) -> Value {
    let subscription = services.subscription.map(|kind| word(kind.word()));
    let sql = services.sql_writes.map(|sql| match sql {
        SqlWrites::Never => word("never"),
        SqlWrites::Ask => word("ask"),
        SqlWrites::Allow => word("allow"),
    });
    let service = |service: &ServiceDraft| {
        let keys = Keys::default().put("name", text(&service.name));
        keys.put("adopt", service.adopt.as_deref().map(text)).map()
    };
    Keys::default()
        .put("subscription", subscription)
        .put("primary", service(&services.primary))
        .put("secondary", services.secondary.as_ref().map(service))
        .put("retire", texts(&services.retire))
        .put("sql_writes", sql)
        .map()
}

fn sign_in(who: SignInDraft) -> Value {
    let by = |by| match by {
        FilledBy::Administrator => word("administrator"),
        FilledBy::Agent => word("agent"),
        FilledBy::SignIn => word("sign-in"),
    };
    Keys::default()
        .put("id", by(who.id))
        .put("extension", by(who.extension))
        .put("password", by(who.password))
        .map()
}

fn agents(agents: &AgentsDraft) -> Value {
    let unlisted = agents.unlisted.map(|unlisted| match unlisted {
        Unlisted::Report => word("report"),
        Unlisted::ClearValues => word("clear-values"),
        Unlisted::Unsubscribe => word("unsubscribe"),
    });
    Keys::default()
        .put("roster", agents.roster.as_ref().map(|list| text(&list.path)))
        .put("phones", agents.phones.as_ref().map(|list| text(&list.path)))
        .put("passwords", agents.passwords.as_ref().map(passwords))
        .put("unlisted", unlisted)
        .map()
}

fn passwords(passwords: &PasswordsDraft) -> Value {
    match passwords {
        PasswordsDraft::Keep => word("keep"),
        PasswordsDraft::At(source) => secret(source),
    }
}

fn finesse_settings(settings: &FinesseSettingsDraft) -> Value {
    let keys = Keys::default();
    let keys = match &settings.mode {
        SettingsMode::Operator => keys.put("mode", word("operator")),
        SettingsMode::Elsewhere => keys.put("mode", word("elsewhere")),
        SettingsMode::Rest(request) => {
            let method = match request.method {
                SettingsMethod::Put => "PUT",
                SettingsMethod::Post => "POST",
            };
            let read_back = request.read_back.as_ref().map(|back| {
                let keys = Keys::default().put("path", text(&back.path));
                keys.put("user", text(&back.user)).map()
            });
            keys.put("mode", word("rest"))
                .put("method", word(method))
                .put("path", text(&request.path))
                .put("body", Value::Quoted(request.body.clone()))
                .put("read_back", read_back)
        }
    };
    keys.put("site", settings.site.as_deref().map(text)).map()
}

fn self_care(self_care: &SelfCareDraft) -> Value {
    Keys::default().put("default_server", self_care.default_server.as_deref().map(text)).map()
}

fn certificates(certificates: &CertificatesDraft) -> Value {
    let mode = |mode| match mode {
        TrustMode::Import => word("import"),
        TrustMode::Verify => word("verify"),
        TrustMode::Skip => word("skip"),
    };
    let way = |way: &ImportWay| match way {
        ImportWay::Rest => word("rest"),
        ImportWay::Shell => word("shell"),
        ImportWay::Operator => word("operator"),
    };
    let via: Vec<Value> = certificates.via.iter().map(way).collect();
    Keys::default()
        .put("finesse_tomcat_trust", mode(certificates.finesse_tomcat_trust))
        .put("cucm_phone_trust", mode(certificates.cucm_phone_trust))
        .put("via", (!via.is_empty()).then_some(Value::List(via)))
        .map()
}

fn restart(restart: RestartDraft) -> Value {
    let when = match restart.finesse_tomcat {
        RestartWhen::WhenNeeded => "when-needed",
        RestartWhen::Never => "never",
    };
    let between = restart.between_nodes.map(|between| match between {
        BetweenNodes::Confirm => word("confirm"),
        BetweenNodes::Minutes(minutes) => number(minutes),
    });
    Keys::default().put("finesse_tomcat", word(when)).put("between_nodes", between).map()
}

fn limits(limits: &Limits) -> Option<Value> {
    let usual = Limits::default();
    let other = |own: u32, usual: u32| (own != usual).then(|| number(own));
    let percent = (limits.max_altered_percent, usual.max_altered_percent);
    let keys = Keys::default()
        .put("concurrency", other(limits.concurrency.into(), usual.concurrency.into()))
        .put("max_altered_percent", other(percent.0.into(), percent.1.into()))
        .put("max_removals", other(limits.max_removals, usual.max_removals))
        .put("writes_per_minute", limits.writes_per_minute.map(number));
    (!keys.0.is_empty()).then(|| keys.map())
}
