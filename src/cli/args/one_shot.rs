//! The flags of the commands that do one part alone: `app-user` to `restart`.

use std::time::Duration;

use clap::{Args, Subcommand};

use crate::plan::OneShot;

use super::apply::duration;
use super::site::place;
use super::{Place, Site, examples, fingerprint, step_and_token};

/// What all of these commands take. A heading holds until the next one is set: this one begins without.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = None::<&'static str>)]
pub struct Alone {
    /// Playbook that says where the site is and what is wanted; default: the one that `IPPACTL_PLAYBOOK` names
    #[arg(value_name = "PLAYBOOK")]
    pub playbook: Option<String>,
    /// Do only the plan with this fingerprint, the one that was reviewed
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub expect: Option<String>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// A step for a person has been done by hand; step and token are in the plan (repeatable)
    #[arg(long, value_name = "STEP=TOKEN", value_parser = step_and_token)]
    pub operator_done: Vec<(String, String)>,
    /// Go on trying deferred steps for this long: 45s, 30m, 8h
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub wait_deferred: Option<Duration>,
    /// Where the site is, without one.
    #[command(flatten)]
    pub site: Site,
}

/// Which devices; all of the playbook without any.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Devices; all of the playbook without any")]
pub struct Devices {
    /// A phone, as SEP001122334455; - reads names from standard input, one a line (repeatable)
    #[arg(long, value_name = "NAME")]
    pub device: Vec<String>,
    /// An Extension Mobility device profile (repeatable)
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Rows as a roster has them, CSV with a header; - reads them from standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["device", "profile"])]
    pub roster: Option<String>,
}

/// The phone services, without a playbook.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Without a playbook")]
pub struct Services {
    /// The service of the primary node; default: Cisco Finesse
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// The service of the secondary node; default: Cisco Finesse Secondary
    #[arg(long, value_name = "NAME", requires = "finesse_secondary")]
    pub secondary_service: Option<String>,
    /// Values that the administrator fills in: id, extension
    #[arg(long, value_name = "VALUE,…", value_delimiter = ',', value_parser = ["id", "extension"])]
    pub administrator_fills: Vec<String>,
    /// Values that agents fill in themselves: id, extension, password
    #[arg(long, value_name = "VALUE,…", value_delimiter = ',', value_parser = ["id", "extension", "password"])]
    pub agent_fills: Vec<String>,
    /// Direct database writes: never, ask or allow
    #[arg(long, value_name = "WHEN", value_parser = ["never", "ask", "allow"])]
    pub sql_writes: Option<String>,
}

/// The application user, without a playbook.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Without a playbook")]
pub struct User {
    /// The application user that Finesse pushes screens with
    #[arg(long, value_name = "ID")]
    pub app_user: Option<String>,
    /// Where its password is; default: `IPPA_PASSWORD` of the environment when it is set, else prompt
    #[arg(long, value_name = "PLACE", value_parser = place, requires = "app_user")]
    pub app_user_password: Option<Place>,
}

/// `app-user`.
#[derive(Debug, Clone, Args)]
pub struct AppUser {
    /// Write its password again although nothing says that it changed
    #[arg(long)]
    pub rewrite_secrets: bool,
    /// The devices that it is to control.
    #[command(flatten)]
    pub devices: Devices,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// The user.
    #[command(flatten)]
    pub user: User,
}

/// `phone-service`.
#[derive(Debug, Clone, Args)]
pub struct PhoneService {
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// The services.
    #[command(flatten)]
    pub services: Services,
}

/// `phone-settings`.
#[derive(Debug, Clone, Args)]
pub struct PhoneSettings {
    /// The phones.
    #[command(flatten)]
    pub devices: Devices,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
}

/// `subscribe`.
#[derive(Debug, Clone, Args)]
pub struct Subscribe {
    /// The phones and profiles.
    #[command(flatten)]
    pub devices: Devices,
    /// The agent's id, for the one device that is named
    #[arg(long, value_name = "ID", conflicts_with = "roster")]
    pub id: Option<String>,
    /// The agent's extension, for the one device that is named
    #[arg(long, value_name = "EXTENSION", conflicts_with = "roster")]
    pub extension: Option<String>,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// The services.
    #[command(flatten)]
    pub services: Services,
}

/// `unsubscribe`.
#[derive(Debug, Clone, Args)]
pub struct Unsubscribe {
    /// The phones and profiles.
    #[command(flatten)]
    pub devices: Devices,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// The services.
    #[command(flatten)]
    pub services: Services,
}

/// `self-care`.
#[derive(Debug, Clone, Args)]
pub struct SelfCare {
    /// An end user who is to have access; all of the playbook without any (repeatable)
    #[arg(long, value_name = "USER")]
    pub user: Vec<String>,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// Self Care Portal Default Server, without a playbook
    #[arg(long, value_name = "HOST")]
    pub default_server: Option<String>,
}

/// `certificates`.
#[derive(Debug, Clone, Args)]
pub struct Certificates {
    /// Reboot this CUCM node where an import asks for it (with --allow reboot; repeatable)
    #[arg(long, value_name = "NODE")]
    pub reboot: Vec<String>,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
}

/// `finesse-settings`.
#[derive(Debug, Clone, Args)]
pub struct FinesseSettings {
    /// Have the password entered again although nothing says that it changed
    #[arg(long)]
    pub rewrite_secrets: bool,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
    /// The user that is entered.
    #[command(flatten)]
    pub user: User,
}

/// `restart`.
#[derive(Debug, Clone, Args)]
pub struct Restart {
    /// Restart although nothing is known to need it (with --allow restart)
    #[arg(long)]
    pub restart_now: bool,
    /// What all of these commands take.
    #[command(flatten)]
    pub alone: Alone,
}

/// One of these commands, with the flags that it has of all there are.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What all of them take.
    pub alone: Alone,
    /// Which devices.
    pub devices: Devices,
    /// `--id` of the one device.
    pub id: Option<String>,
    /// `--extension` of the one device.
    pub extension: Option<String>,
    /// The services.
    pub services: Services,
    /// The application user.
    pub user: User,
    /// End users.
    pub end_users: Vec<String>,
    /// `--default-server`.
    pub default_server: Option<String>,
    /// `--rewrite-secrets`.
    pub rewrite_secrets: bool,
    /// `--restart-now`.
    pub restart_now: bool,
    /// `--reboot`.
    pub reboot: Vec<String>,
}

/// The commands that do one part alone.
#[derive(Debug, Clone, Subcommand)]
pub enum Parts {
    /// The application user alone: groups, controlled devices, and UCCX's RMCM user
    #[command(after_help = examples::APP_USER)]
    AppUser(AppUser),
    /// The phone services alone: URLs and parameters
    PhoneService(PhoneService),
    /// Web Access and HTTPS Server of phones alone
    #[command(after_help = examples::PHONE_SETTINGS)]
    PhoneSettings(PhoneSettings),
    /// Subscribe phones and device profiles to the services, with values
    #[command(after_help = examples::SUBSCRIBE)]
    Subscribe(Subscribe),
    /// Take subscriptions to the services away
    Unsubscribe(Unsubscribe),
    /// Access of agents to the Self Care Portal alone
    SelfCare(SelfCare),
    /// Certificates between CUCM and Finesse alone, and the restarts that they need
    #[command(after_help = examples::CERTIFICATES)]
    Certificates(Certificates),
    /// IP Phone Agent Settings of Finesse alone, and the restarts that they need
    FinesseSettings(FinesseSettings),
    /// Restart Finesse Tomcat where a restart is owed: primary, gate, secondary
    #[command(after_help = examples::RESTART)]
    Restart(Restart),
}

impl Parts {
    /// Which part.
    pub fn one_shot(&self) -> OneShot {
        match self {
            Self::AppUser(_) => OneShot::AppUser,
            Self::PhoneService(_) => OneShot::PhoneService,
            Self::PhoneSettings(_) => OneShot::PhoneSettings,
            Self::Subscribe(_) => OneShot::Subscribe,
            Self::Unsubscribe(_) => OneShot::Unsubscribe,
            Self::SelfCare(_) => OneShot::SelfCare,
            Self::Certificates(_) => OneShot::Certificates,
            Self::FinesseSettings(_) => OneShot::FinesseSettings,
            Self::Restart(_) => OneShot::Restart,
        }
    }

    /// The flags, under one name each.
    pub fn asked(&self) -> Asked {
        match self.clone() {
            Self::AppUser(AppUser { alone, devices, user, rewrite_secrets }) => {
                Asked { alone, devices, user, rewrite_secrets, ..Asked::default() }
            }
            Self::PhoneService(PhoneService { alone, services }) => {
                Asked { alone, services, ..Asked::default() }
            }
            Self::PhoneSettings(PhoneSettings { alone, devices }) => {
                Asked { alone, devices, ..Asked::default() }
            }
            Self::Subscribe(Subscribe { alone, devices, id, extension, services }) => {
                Asked { alone, devices, id, extension, services, ..Asked::default() }
            }
            Self::Unsubscribe(Unsubscribe { alone, devices, services }) => {
                Asked { alone, devices, services, ..Asked::default() }
            }
            Self::SelfCare(SelfCare { alone, user, default_server }) => {
                Asked { alone, end_users: user, default_server, ..Asked::default() }
            }
            Self::Certificates(Certificates { alone, reboot }) => {
                Asked { alone, reboot, ..Asked::default() }
            }
            Self::FinesseSettings(FinesseSettings { alone, user, rewrite_secrets }) => {
                Asked { alone, user, rewrite_secrets, ..Asked::default() }
            }
            Self::Restart(Restart { alone, restart_now }) => {
                Asked { alone, restart_now, ..Asked::default() }
            }
        }
    }
}
