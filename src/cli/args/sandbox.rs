//! The flags of `sandbox`: what the embedded cluster is like.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::endpoint;
use crate::playbook::Endpoint;

/// `sandbox`.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// Write connect map, pins and SSH host keys to this JSON file once the cluster answers
    #[arg(long, value_name = "FILE")]
    pub ready: Option<PathBuf>,
    /// Phones on top of the seeded site
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub phones: u32,
    /// Bytes of those phones' vendorConfig, most of them near the least: 200..12000 has a mean of 600; without it they have none
    #[arg(long, value_name = "MIN..MAX", requires = "phones", value_parser = bytes)]
    pub vendor_config: Option<(usize, usize)>,
    /// AXL requests served at a time; without it all at once
    #[arg(long, value_name = "N")]
    pub workers: Option<std::num::NonZeroUsize>,
    /// How long an AXL write takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub write_time: u64,
    /// How long an AXL read takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub read_time: u64,
    /// Answer an AXL write with 503 while more change notifications than this are outstanding; each write adds one
    #[arg(long, value_name = "LIMIT", requires = "drain")]
    pub notifications: Option<u64>,
    /// Change notifications that leave in a second
    #[arg(long, value_name = "PER_SECOND", requires = "notifications")]
    pub drain: Option<u64>,
    /// Load the cluster from a capture in place of the seeded site; names, product and releases come with it
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "phones", "vendor_config", "release", "publisher", "publisher_ssh_port", "cucm_nodes", "trust", "product", "finesse_release", "finesse_primary",
        "finesse_secondary", "finesse_api_port", "finesse_ssh_port", "finesse_settings_path", "unobservable_settings",
    ])]
    pub from: Option<PathBuf>,
    /// Agents' passwords, two columns id,password, to put back where the capture has placeholders
    #[arg(long, value_name = "FILE", requires = "from")]
    pub agent_passwords: Option<PathBuf>,
    /// Keep the cluster in this file, and go on from it
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Write every request and reply into this folder
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Keep private keys in this folder and take them from there: RSA keys take seconds to make
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// How this cluster answers a question that no document does; repeatable. A wrong one lists what there is
    #[arg(long, value_name = "QUESTION=ANSWER", value_parser = answer)]
    pub answer: Vec<(String, String)>,
    /// The release that the cluster claims to be
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// The publisher's name, as playbooks write it
    #[arg(long, value_name = "HOST[:PORT]", default_value = "cucm-pub.example.com", value_parser = endpoint::axl)]
    pub publisher: Endpoint,
    /// Port of the publisher's shell, as playbooks write it
    #[arg(long, value_name = "PORT", default_value_t = 22)]
    pub publisher_ssh_port: u16,
    /// Nodes of CUCM: the publisher, cucm-sub1.example.com, and so on
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub cucm_nodes: u8,
    /// Whether the nodes of CUCM and Finesse hold each other's certificates already
    #[arg(long, value_enum, value_name = "STORES", default_value_t = TrustStores::Exchanged)]
    pub trust: TrustStores,
    /// What TLS is like: self-signed, self-signed-15su3, ca-signed, ca-signed-without-intermediate,
    /// ca-signed-wrong-name, ecdsa, expired,
    /// not-yet-valid, wrong-name, tls12-ecdhe-rsa-aes128-gcm-sha256 (aes256-gcm-sha384, ecdhe-ecdsa likewise), tls13,
    /// rsa-key-exchange-only, tls10-only; of one node where its name stands before it
    #[arg(long, value_name = "[NODE=]PROFILE")]
    pub tls_profile: Vec<String>,
    /// Address to listen on
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
    /// The product that Finesse belongs to
    #[arg(long, value_enum, value_name = "PRODUCT", default_value_t = ProductName::Uccx)]
    pub product: ProductName,
    /// The release that Finesse claims to be
    #[arg(long, value_name = "RELEASE", default_value = "12.5(1)SU3")]
    pub finesse_release: String,
    /// The first Finesse node's name, as playbooks write it
    #[arg(long, value_name = "HOST", default_value = "fin-a.example.com", value_parser = host)]
    pub finesse_primary: String,
    /// The second Finesse node's name; none for a single node
    #[arg(long, value_name = "HOST|none", default_value = "fin-b.example.com", value_parser = host)]
    pub finesse_secondary: String,
    /// Port of Finesse's REST interface, as playbooks write it
    #[arg(long, value_name = "PORT", default_value_t = 8445)]
    pub finesse_api_port: u16,
    /// Port of the Finesse nodes' shells, as playbooks write it
    #[arg(long, value_name = "PORT", default_value_t = 22)]
    pub finesse_ssh_port: u16,
    /// Path of the IP Phone Agent Settings object, which every site has to find out
    #[arg(long, value_name = "PATH", default_value = "/finesse/api/IPPhoneAgentSettings", value_parser = path)]
    pub finesse_settings_path: String,
    /// IP Phone Agent Settings can be written over REST and not be read
    #[arg(long)]
    pub unobservable_settings: bool,
    /// Every agent uses single sign-on; Identity Service and identity provider answer too
    #[arg(long, conflicts_with_all = ["hybrid", "from"])]
    pub sso: bool,
    /// These agents use single sign-on, the others passwords; UCCE and PCCE only
    #[arg(long, value_name = "AGENT,…", num_args = 0..=1, require_equals = true, default_missing_value = "1001,1002,1003", value_delimiter = ',', conflicts_with = "from")]
    pub hybrid: Option<Vec<String>>,
    /// The Identity Service, as playbooks write it; given alone, it answers though nobody uses single sign-on [usual: ids.example.com:8553]
    #[arg(long, value_name = "HOST[:PORT]", value_parser = endpoint::ids, conflicts_with = "from")]
    pub ids: Option<Endpoint>,
    /// An identity provider, as playbooks write it; repeatable [usual: adfs.example.com]
    #[arg(long, value_name = "HOST[:PORT]", value_parser = endpoint::https, conflicts_with = "from")]
    pub idp: Vec<Endpoint>,
    /// Life of an access token [usual: 3600]
    #[arg(long, value_name = "SECONDS", conflicts_with = "from")]
    pub access_token: Option<u64>,
    /// Life of a refresh token [usual: 36000]
    #[arg(long, value_name = "SECONDS", conflicts_with = "from")]
    pub refresh_token: Option<u64>,
    /// A switch of single sign-on, such as tokens=signed, scripts=false, first=home-realm; repeatable. A wrong one lists what there is
    #[arg(long, value_name = "NAME=VALUE", value_parser = answer, conflicts_with = "from")]
    pub sso_knob: Vec<(String, String)>,
    /// From a restart of Finesse Tomcat until its process runs
    #[arg(long, value_name = "MS", default_value_t = 300)]
    pub tomcat_started_ms: u64,
    /// From a restart of Finesse Tomcat until Finesse is in service
    #[arg(long, value_name = "MS", default_value_t = 600)]
    pub in_service_ms: u64,
    /// From a save or a restart until replication is complete
    #[arg(long, value_name = "MS", default_value_t = 400)]
    pub replication_ms: u64,
    /// How much later than that a saved setting is really on the second node
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub row_lag_ms: u64,
}

impl Sandbox {
    /// The second node, where there is one.
    pub fn secondary(&self) -> Option<&str> {
        Some(self.finesse_secondary.as_str()).filter(|host| *host != "none")
    }
}

/// `--trust`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TrustStores {
    /// Each node's certificate is where the guide wants it
    Exchanged,
    /// Every node knows its own cluster only
    Empty,
}

/// `--product`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProductName {
    /// Unified Contact Center Express
    Uccx,
    /// Unified Contact Center Enterprise
    Ucce,
    /// Packaged Contact Center Enterprise
    Pcce,
}

fn answer(text: &str) -> Result<(String, String), String> {
    let (question, answer) = text.split_once('=').ok_or("expected QUESTION=ANSWER")?;
    Ok((question.to_owned(), answer.to_owned()))
}

/// `200..12000`. What is larger than 16,000 has no table (facts/axl.md section 12).
fn bytes(text: &str) -> Result<(usize, usize), String> {
    let wrong = || "expected two numbers from 100 to 16000, such as 200..12000".to_owned();
    let (least, most) = text.split_once("..").ok_or_else(wrong)?;
    let number = |text: &str| text.parse::<usize>().ok();
    match number(least).zip(number(most)) {
        Some((least, most)) if 100 <= least && least <= most && most <= 16_000 => Ok((least, most)),
        _ => Err(wrong()),
    }
}

fn host(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains([':', '/', ' ']) {
        return Err("expected a host name without port".to_owned());
    }
    Ok(text.to_owned())
}

fn path(text: &str) -> Result<String, String> {
    if text.starts_with('/') && !text.contains(['?', ' ']) {
        Ok(text.to_owned())
    } else {
        Err("expected a path that begins with /, without a query".to_owned())
    }
}
