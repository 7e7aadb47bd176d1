//! `export`: an existing estate as a playbook and its rosters, in a new folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::engine::export::{Exported, Named, export as read_estate};
use crate::engine::{Finished, Task};
use crate::lint;
use crate::outcome::Outcome;
use crate::plan::{Plan, Severity};
use crate::planner::estate::draft::{Site, changes, say_changes};
use crate::playbook::draft::{Draft, EDITOR};
use crate::playbook::site::{self, site};
use crate::playbook::{self, Credentials, Deployment, Files, SecretSource};
use crate::report::draft::{Written, beside, playbook as written, rosters};
use crate::report::export::{
    self as report, ExportReport, FileView, LeftOutView, ServiceView, fields, sentence, text,
};
use crate::report::{Report, Section, Subject};
use crate::trouble::Trouble;

use super::Call;
use super::args;
use super::connect::files::{self, Disk};
use super::ending::{conclude, ended, fail};
use super::load::{Loaded, invalid, mistakes};
use super::pipeline::Pipeline;
use super::progress::Progress;
use super::run::{Work, run};

struct Exporting<'a> {
    named: Named<'a>,
    nodes: bool,
    release: bool,
    exported: RefCell<Option<Exported>>,
}

impl Work for Exporting<'_> {
    fn subject(&self) -> Subject {
        Subject::Export
    }

    async fn perform(
        &self,
        _: &Call,
        _: &impl Pipeline,
        task: &Task<'_>,
        _: &Progress,
    ) -> Finished {
        let site = Site { deployment: task.deployment, nodes: self.nodes, release: self.release };
        match Box::pin(read_estate(task, site, self.named)).await {
            Ok(exported) => {
                let requests = exported.requests.clone();
                *self.exported.borrow_mut() = Some(exported);
                Finished::reading(Plan::default(), Outcome::Done, requests)
            }
            Err(trouble) => Finished::failed(trouble),
        }
    }
}

/// Exports one estate.
pub fn export(call: &Call, pipeline: &impl Pipeline, flags: &args::Export) -> Outcome {
    if let Err(trouble) = empty(&flags.out) {
        return fail(call, "export", &trouble);
    }
    let site = match said(call, flags) {
        Ok(site) => site,
        Err(section) => return nothing(call, *section),
    };
    let work = Exporting {
        named: Named { app_user: flags.app_user.as_deref(), services: &flags.service },
        nodes: site.nodes,
        release: site.release,
        exported: RefCell::default(),
    };
    let loaded = Loaded { deployment: site.deployment, warnings: Vec::new() };
    let section = run(call, pipeline, loaded, &work);
    // Whatever else was said, an export that did not end as one is none.
    let exported = work.exported.into_inner().filter(|_| section.outcome == Outcome::Done);
    let Some(exported) = exported else { return nothing(call, section) };
    match kept(&exported, &flags.out) {
        Ok(report) => {
            let mut shown = format!("{}\n{}", text(&report), sentence(&report));
            if call.sandboxed.load(Ordering::Relaxed) && call.global.sandbox_state.is_none() {
                shown.push_str(" · the sandbox's cluster is forgotten now");
            }
            shown.push('\n');
            match ended(call, "export", Outcome::Done, &shown, &fields(&report)) {
                Ok(()) => Outcome::Done,
                Err(trouble) => fail(call, "export", &trouble),
            }
        }
        Err(trouble) => fail(call, "export", &trouble),
    }
}

fn nothing(call: &Call, section: Section) -> Outcome {
    conclude(call, Report::new(Subject::Export, &call.started, vec![section]))
}

/// Where the site is, from the playbook or from the flags.
fn said(call: &Call, flags: &args::Export) -> Result<site::Site, Box<Section>> {
    let color = call.console.aside.color;
    let (file, text) = match &flags.playbook {
        Some(file) => (file.as_str(), super::load::text_of(file)?),
        None => (
            "the command line",
            of_flags(call, &flags.site)
                .map_err(|trouble| Box::new(Section::of("export", trouble)))?,
        ),
    };
    let mut site = site(file, &text, &Disk).map_err(|all| invalid(file, &all, color))?;
    absolute(&mut site.deployment);
    Ok(site)
}

/// The sections that the flags make.
fn of_flags(call: &Call, flags: &args::Site) -> Result<String, Trouble> {
    let mut sections = flags.sections()?;
    let finesse = sections.entry("finesse").or_insert_with(|| json!({}));
    for (key, said) in [("product", &flags.product), ("release", &flags.release)] {
        if let Some(said) = said {
            finesse[key] = json!(said);
        }
    }
    if call.global.sandbox && flags.axl_password.is_none() {
        // There, a variable that is unset has a demo value, and nobody is asked.
        sections["credentials"]["axl"]["password"] = json!({ "env": "AXL_PASSWORD" });
    }
    Ok(Value::Object(sections).to_string())
}

/// Paths as every folder sees them: the new playbook stands in another one.
fn absolute(deployment: &mut Deployment) {
    let whole = |path: &mut String| {
        if let Ok(found) = std::path::absolute(&*path) {
            *path = found.display().to_string();
        }
    };
    let Credentials { axl, finesse, finesse_platform, cucm_platform, serviceability } =
        &mut deployment.credentials;
    let others = [finesse, finesse_platform, cucm_platform, serviceability];
    for account in std::iter::once(axl).chain(others.into_iter().flatten()) {
        if let SecretSource::File(path) = &mut account.password.source {
            whole(path);
        }
    }
    deployment.tls.ca_files.iter_mut().for_each(|(path, _)| whole(path));
    deployment.ssh.known_hosts.iter_mut().for_each(|(path, _)| whole(path));
}

/// Makes the files, reads them again as `plan` would, and puts them into the folder.
fn kept(exported: &Exported, folder: &Path) -> Result<ExportReport, Trouble> {
    let name = format!("{}.yaml", exported.draft.deployment);
    let path = folder.join(&name);
    let mut draft = exported.draft.clone();
    let plan = exported.plan(&read_again(&draft, &path)?)?;
    say_changes(&mut draft, &plan);
    draft.heading.extend(EDITOR.map(str::to_owned));
    let mut all = vec![Written { path: name.clone(), text: written(&draft) }];
    all.extend(rosters(&draft));
    all.extend(exported.aside.as_ref().map(|list| beside(&draft, list)));
    for file in &all {
        files::replace_private(&folder.join(&file.path), &file.text)?;
    }
    let rows = |file: &Written| (file.path != name).then(|| file.text.lines().count() - 1);
    let services = [Some((&draft.phone_services.primary, &draft.finesse.primary))]
        .into_iter()
        .chain([draft.phone_services.secondary.as_ref().zip(draft.finesse.secondary.as_ref())])
        .flatten();
    Ok(ExportReport {
        export: report::Exported {
            folder: folder.display().to_string(),
            playbook: path.display().to_string(),
            files: all
                .iter()
                .map(|file| FileView { name: file.path.clone(), rows: rows(file) })
                .collect(),
            deployment: draft.deployment.clone(),
            services: services
                .map(|(service, node)| ServiceView {
                    name: service.name.clone(),
                    host: node.service_host.clone().unwrap_or_else(|| node.host.clone()),
                })
                .collect(),
            application_user: exported.user.clone(),
            subscription: exported.subscription.to_owned(),
            devices: exported.devices,
            left_out: exported
                .left_out
                .iter()
                .map(|left| LeftOutView {
                    kind: left.kind.word().to_owned(),
                    names: left.names.clone(),
                    why: left.why.clone(),
                })
                .collect(),
            changes: changes(&plan),
            requests: exported.requests.clone(),
        },
    })
}

/// What was made is a playbook, or the export has failed.
fn read_again(draft: &Draft, path: &Path) -> Result<Deployment, Trouble> {
    struct Made(BTreeMap<PathBuf, String>);
    impl Files for Made {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            let text = self.0.get(Path::new(path)).ok_or("it is not part of the export")?;
            Ok(text.clone().into_bytes())
        }
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let made = rosters(draft).into_iter().map(|file| (folder.join(file.path), file.text));
    let file = path.display().to_string();
    let read = playbook::parse(&file, &written(draft), &Made(made.collect()));
    let wrong = match read {
        Ok(deployment) => {
            let found = lint::lint(&deployment);
            let errors = found.into_iter().filter(|one| one.severity == Severity::Error);
            let errors: Vec<_> = errors.collect();
            if errors.is_empty() {
                return Ok(deployment);
            }
            errors
        }
        Err(wrong) => wrong,
    };
    let why: Vec<String> = mistakes(&wrong, false).into_iter().map(|one| one.message).collect();
    Err(Trouble::new(
        "export-invalid",
        Outcome::Failed,
        "The estate holds something that makes no playbook",
    )
    .at(file)
    .because(why.join("; "))
    .then("correct it on the cluster; nothing is written"))
}

/// Refuses a folder that holds anything.
fn empty(folder: &Path) -> Result<(), Trouble> {
    let free = match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => {
            fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
        }
        Ok(_) => false,
        Err(_) => true,
    };
    if free {
        return Ok(());
    }
    let what = "The folder of the export is not empty";
    Err(Trouble::new("export-folder-used", Outcome::Usage, what)
        .at(folder.display().to_string())
        .because("an export never mixes with what was there before, and overwrites nothing")
        .then("name another folder with --out, or empty this one"))
}
