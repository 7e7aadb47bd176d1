//! The flags of `init`: one for each question of the wizard.

use std::path::PathBuf;

use clap::Args;

use super::site::{Place, place};
use super::{Site, examples};

/// `init`. Whatever is not said by a flag is asked at a terminal.
#[derive(Debug, Default, Args)]
#[command(after_help = examples::INIT)]
pub struct Init {
    /// Where the site is, and who signs in.
    #[command(flatten)]
    pub site: Site,
    /// The playbook's file, or the folder for it; default: NAME.yaml of the deployment. The roster is put beside it
    #[arg(long, value_name = "FILE|DIR", help_heading = ANSWERS)]
    pub out: Option<PathBuf>,
    /// There is no secondary Finesse node
    #[arg(long, conflicts_with = "finesse_secondary", help_heading = ANSWERS)]
    pub single_node: bool,
    /// The phone service of the primary node
    #[arg(long, value_name = "NAME", help_heading = ANSWERS)]
    pub service: Option<String>,
    /// The phone service of the secondary node; default: made of the primary's name
    #[arg(long, value_name = "NAME", conflicts_with = "single_node", help_heading = ANSWERS)]
    pub service_secondary: Option<String>,
    /// The application user that Finesse pushes screens with
    #[arg(long, value_name = "ID", help_heading = ANSWERS)]
    pub app_user: Option<String>,
    /// Where its password is: `env:NAME`, `file:PATH`, `keyring:NAME`, `command:PROGRAM …` or `prompt`; default: where AXL's is, as `IPPA_PASSWORD`
    #[arg(long, value_name = "PLACE", value_parser = place, help_heading = ANSWERS)]
    pub app_user_password: Option<Place>,
    /// UCCX's RMCM user, which has to control the same phones
    #[arg(long, value_name = "ID", help_heading = ANSWERS)]
    pub rmcm_user: Option<String>,
    /// How phones come to be subscribed: manual, enterprise or self-care
    #[arg(long, value_name = "WORD", help_heading = ANSWERS)]
    pub subscription: Option<String>,
    /// Who fills in what of a sign-in: id-extension, all, agent, nothing; or three of administrator, agent, sign-in
    /// for id, extension and password, with commas
    #[arg(long, value_name = "WORDS", help_heading = ANSWERS)]
    pub sign_in: Option<String>,
    /// Where Web Access and HTTPS Server are set: phones, common-phone-profile, enterprise, or no
    #[arg(long, value_name = "WORD", help_heading = ANSWERS)]
    pub phone_settings: Option<String>,
    /// What the roster begins with: subscribed, empty, or a CSV file (`-` for standard input)
    #[arg(long, value_name = "WORD|FILE", help_heading = ANSWERS)]
    pub roster: Option<String>,
    /// What else the playbook does: finesse-settings, certificates, both with a comma, or none
    #[arg(long, value_name = "WORDS", help_heading = ANSWERS)]
    pub also: Option<String>,
    /// Do not look at the cluster: the answers are all there is
    #[arg(long, help_heading = ANSWERS)]
    pub offline: bool,
}

const ANSWERS: &str = "Answers";
