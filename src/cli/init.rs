//! `init`: a first playbook, from answers and from a look at the cluster.

mod agents;
mod also;
mod comments;
mod found;
mod list;
mod nodes;
mod questions;
mod target;
mod wizard;
mod words;

use std::collections::BTreeMap;

use crate::engine::Secrets as _;
use crate::outcome::Outcome;
use crate::playbook::draft::{
    AccountDraft, ApplicationUserDraft, CredentialsDraft, CucmDraft, Draft, FinesseDraft,
    NodeDraft, PhoneServicesDraft, ServiceDraft, TlsDraft,
};
use crate::playbook::{Deployment, Diagnostic, Limits, Product, SecretRef, SecretSource};
use crate::report::draft;
use crate::report::init::{FileView, SecretView, Written};
use crate::report::sanitize::line;
use crate::report::style::count;
use crate::trouble::Trouble;

use super::Call;
use super::args::Init;
use super::connect::secrets::Vault;
use super::interrupt::unwritten;
use super::load::{invalid, load};
use super::pipeline::Pipeline;
use super::sso::Shown;
use super::way::Failure;
use found::Found;
use target::Target;
use wizard::{Wizard, judged};

/// Asks, looks, and writes the files.
pub fn init(call: &Call, pipeline: &impl Pipeline, flags: &Init) -> Result<Shown, Failure> {
    let runtime = super::runtime()?;
    let mut wizard = Wizard::new(call, unasked(flags));
    if call.interactive {
        let way = "Enter takes what is in brackets; Ctrl-C leaves. Files are written at the end.";
        call.console.show(&format!("{way}\n"));
    }
    let target = runtime.block_on(unwritten(questions::site(&mut wizard, flags)))?;
    questions::needed(&mut wizard, flags);
    wizard.complete()?;
    let mut found = if flags.offline {
        Found::nothing(format!("{}: --offline", wizard.draft.cucm.publisher))
    } else {
        look(call, pipeline, flags, (&wizard.draft, &target))?
    };
    said(call, &found);
    runtime.block_on(unwritten(questions::rest(&mut wizard, flags, &mut found, &target)))?;
    let mut draft = wizard.draft;
    comments::comments(&mut draft, &found, &target.name(), call.global.sandbox);
    let file = target.name();
    let color = call.console.aside.color;
    let refused = |mistakes: &[Diagnostic]| Failure::Invalid(invalid(&file, mistakes, color));
    let (deployment, _) = judged(&file, &draft).map_err(|mistakes| refused(&mistakes))?;
    if call.interactive {
        call.console.show("\n");
    }
    // Until here nothing is written; from here on Ctrl-C is not heard until all of it is there.
    target.write(&draft::playbook(&draft), &draft::rosters(&draft))?;
    let loaded = load(&file, color).map_err(Failure::Invalid)?;
    let warnings = loaded.warnings.iter().map(|one| (one.code.as_str(), one.message.as_str()));
    let written = Written {
        files: files(&target, &draft),
        looked: found.release().is_some(),
        not_looked_at: found.not_looked_at.clone(),
        left_out: found.left_out(&draft.application_user.id),
        warnings: together(warnings.collect()),
        secrets: secrets(call, &draft, &deployment),
        next: Vec::new(),
    };
    let written = Written { next: next(call, &draft, &written, &file), ..written };
    Ok((written.text(), written.fields(), Outcome::Done))
}

/// What a draft says before anybody was asked.
fn unasked(flags: &Init) -> Draft {
    let mut tls = TlsDraft { ca_files: flags.site.ca_file.clone(), pins: BTreeMap::new() };
    for (server, fingerprint) in &flags.site.pin {
        tls.pins.entry(server.to_string()).or_default().push(fingerprint.clone());
    }
    let service = |name: &str| ServiceDraft { name: name.to_owned(), adopt: None };
    let account = |user: &str, variable: &str| AccountDraft {
        user: user.to_owned(),
        password: SecretSource::Env(variable.to_owned()),
    };
    Draft {
        heading: Vec::new(),
        deployment: "site".to_owned(),
        cucm: CucmDraft { publisher: "cucm-pub.example.com".to_owned(), ..CucmDraft::default() },
        finesse: FinesseDraft {
            product: Product::Uccx,
            release: "12.5(1)SU3".to_owned(),
            language_packs: None,
            primary: NodeDraft { host: "fin-a.example.com".to_owned(), ..NodeDraft::default() },
            secondary: None,
        },
        credentials: CredentialsDraft {
            axl: account("axladmin", "AXL_PASSWORD"),
            finesse: None,
            finesse_platform: None,
            cucm_platform: None,
            serviceability: None,
        },
        tls,
        known_hosts: None,
        application_user: ApplicationUserDraft {
            id: "ippa".to_owned(),
            password: SecretSource::Env("IPPA_PASSWORD".to_owned()),
            password_change: None,
            shared: false,
            uccx_rmcm: None,
        },
        phone_settings: None,
        phone_apply: None,
        phone_services: PhoneServicesDraft {
            subscription: None,
            primary: service("Cisco Finesse"),
            secondary: None,
            retire: Vec::new(),
            sql_writes: None,
        },
        one_button_sign_in: None,
        agents: None,
        finesse_settings: None,
        self_care: None,
        certificates: None,
        restart: None,
        limits: Limits::default(),
        notes: BTreeMap::new(),
        left_out: Vec::new(),
    }
}

/// Looks at the cluster, with the password that its place holds, or that is typed for this look alone.
fn look(
    call: &Call,
    pipeline: &impl Pipeline,
    flags: &Init,
    (draft, target): (&Draft, &Target),
) -> Result<Found, Failure> {
    let mut draft = draft.clone();
    if let Some(product) = flags.site.product.as_deref().and_then(|word| words::product(word).ok())
    {
        draft.finesse.product = product;
    }
    if call.global.sandbox {
        // The embedded cluster has two nodes, whatever will be said of them.
        draft.finesse.secondary =
            Some(NodeDraft { host: "fin-b.example.com".to_owned(), ..NodeDraft::default() });
        let name = "Cisco Finesse Secondary".to_owned();
        draft.phone_services.secondary = Some(ServiceDraft { name, adopt: None });
    }
    let file = target.name();
    let color = call.console.aside.color;
    let refused = |mistakes: Vec<Diagnostic>| Failure::Invalid(invalid(&file, &mistakes, color));
    let (mut deployment, _) = judged(&file, &draft).map_err(refused)?;
    let password = &mut deployment.credentials.axl.password;
    let typed = call.interactive && !Vault::new(false, call.global.sandbox).available(password);
    if typed && password.source != SecretSource::Prompt {
        let place = match &password.source {
            SecretSource::Env(name) => format!("{name} is not set"),
            SecretSource::File(path) => format!("{path} cannot be used yet"),
            SecretSource::Keyring(name) => format!("the keyring has no {name} yet"),
            SecretSource::Command(_) | SecretSource::Prompt => {
                "there is no password yet".to_owned()
            }
        };
        call.console
            .note(&format!("{}: it is typed for this look alone, and not kept", line(&place)));
        password.source = SecretSource::Prompt;
    }
    let found = found::look(call, pipeline, deployment).map_err(|trouble| {
        // The place is a line of a playbook that is not written yet.
        let at_draft = trouble.place.starts_with(&file);
        let place = if at_draft { "--axl-password".to_owned() } else { trouble.place.clone() };
        let next = match trouble.code {
            "secret-unavailable" => {
                format!("{}; or write from the answers alone with --offline", trouble.next)
            }
            _ => trouble.next.clone(),
        };
        Trouble { place, next, ..trouble }
    })?;
    Ok(found)
}

/// Tells what the look has found.
fn said(call: &Call, found: &Found) {
    for what in &found.not_looked_at {
        call.console.note(&format!("not looked at: {what}; the answers are all there is"));
    }
    let Some(release) = found.release() else { return };
    let names = found
        .services
        .iter()
        .map(|service| format!("`{}` on {}", service.name, service.host))
        .collect::<Vec<_>>();
    let services = if names.is_empty() {
        "no phone service leads to a Finesse node".to_owned()
    } else {
        names.join(", ")
    };
    let user = found.user().map(|user| format!("; application user {user}"));
    call.console.note(&format!(
        "CUCM {release}: {services}; {} subscribed{}",
        count(found.rows.len(), "device"),
        user.unwrap_or_default()
    ));
}

/// Warnings of one kind as one line.
fn together(mut warnings: Vec<(&str, &str)>) -> Vec<String> {
    warnings.sort_by_key(|(code, _)| *code);
    let of_a_kind = warnings.chunk_by(|one, other| one.0 == other.0);
    let told = of_a_kind.filter_map(|all| {
        let (code, first) = all.first()?;
        let more = all.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more like it") };
        Some(format!("{code}: {first}{more}"))
    });
    told.collect()
}

fn files(target: &Target, draft: &Draft) -> Vec<FileView> {
    let roster = draft.agents.as_ref().and_then(|agents| agents.roster.as_ref());
    let roster = roster.map(|roster| FileView {
        path: target.playbook.with_file_name(&roster.path).display().to_string(),
        kind: "roster".to_owned(),
        rows: Some(roster.rows.len()),
    });
    let playbook = FileView { path: target.name(), kind: "playbook".to_owned(), rows: None };
    std::iter::once(playbook).chain(roster).collect()
}

fn secrets(call: &Call, draft: &Draft, deployment: &Deployment) -> Vec<SecretView> {
    let vault = Vault::new(false, call.global.sandbox);
    let view = |(purpose, source): (&'static str, &SecretSource)| {
        let at = deployment.application_user.at.clone();
        let own = SecretRef { source: source.clone(), purpose: purpose.to_owned(), at };
        let folder = std::path::Path::new(&*deployment.file).parent();
        let own = match (source, folder) {
            (SecretSource::File(path), Some(folder)) => SecretRef {
                source: SecretSource::File(folder.join(path).display().to_string()),
                ..own
            },
            _ => own,
        };
        let available = vault.available(&own);
        let view = SecretView { purpose: purpose.to_owned(), available, ..SecretView::default() };
        match own.source {
            SecretSource::Env(name) => SecretView { variable: Some(name), ..view },
            SecretSource::File(path) => SecretView { file: Some(path), ..view },
            SecretSource::Keyring(name) => SecretView { keyring: Some(name), ..view },
            SecretSource::Command(_) | SecretSource::Prompt => view,
        }
    };
    comments::secrets(draft).into_iter().map(view).collect()
}

/// What comes next: secrets that are not there, a roster to fill in, and a command.
fn next(call: &Call, draft: &Draft, written: &Written, file: &str) -> Vec<String> {
    let mut next = Vec::new();
    let missing = || written.secrets.iter().filter(|secret| !secret.available);
    let mut variables: Vec<String> =
        missing().filter_map(|secret| secret.variable.clone()).collect();
    variables.dedup();
    if !variables.is_empty() {
        next.push(format!("set {} of the environment", variables.join(", ")));
    }
    for path in missing().filter_map(|secret| secret.file.as_ref()) {
        next.push(format!("put the password into {path}, readable by you alone"));
    }
    for name in missing().filter_map(|secret| secret.keyring.as_ref()) {
        next.push(format!("ippactl login {name}"));
    }
    let roster = written.files.iter().find(|file| file.rows == Some(0));
    if let Some(roster) = roster {
        next.push(format!("fill in {}", roster.path));
    }
    let sandbox = if call.global.sandbox { " --sandbox" } else { "" };
    let held = draft.agents.as_ref().and_then(|agents| agents.roster.as_ref());
    let filled = held.is_some_and(|roster| !roster.rows.is_empty());
    next.push(if filled {
        format!("ippactl plan {file}{sandbox}")
    } else {
        format!("ippactl validate {file}")
    });
    next
}
