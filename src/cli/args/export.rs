//! The flags of `export`.

use std::path::PathBuf;

use clap::Args;

use super::Site;

/// `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// A playbook that says where the site is; what it declares of the estate is not looked at
    #[arg(value_name = "PLAYBOOK", conflicts_with_all = [
        "publisher", "deployment", "axl_user", "axl_password", "finesse", "finesse_secondary", "product", "release",
        "finesse_user", "finesse_password", "finesse_os_user", "finesse_os_password", "pin", "ca_file",
    ])]
    pub playbook: Option<String>,
    /// A new or empty folder; it will hold names, ids, extensions and host names of the site, and no passwords
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The application user that Finesse uses; default: the one in both groups that controls most of the phones
    #[arg(long, value_name = "ID")]
    pub app_user: Option<String>,
    /// A phone service of the deployment that is meant; twice for both, the primary node's first; default: those of the
    /// site's Finesse nodes that most phones have
    #[arg(long, value_name = "NAME")]
    pub service: Vec<String>,
    /// Where the site is.
    #[command(flatten)]
    pub site: Site,
}
