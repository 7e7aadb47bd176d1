//! ippactl: sets up Cisco Finesse IP Phone Agent across CUCM and Finesse, keeps it in order, and proves it.
//!
//! Data travels one way. A playbook and its roster become a [`playbook::Deployment`]; [`lint`] judges it
//! offline; [`engine`] observes the cluster in pages and feeds them to the pure planners of [`resources`];
//! [`planner`] makes a [`plan::Plan`] of what they find. `plan` shows it, `verify` judges it, `apply` performs it
//! and observes again; [`checks`] judges for `verify` what is beside the resources. [`report`] turns the result into text or JSON, and one [`outcome::Outcome`] decides the
//! exit code, the last line and the JSON `outcome` alike. Only `engine` and `clients` touch the network.

pub mod outcome;
pub mod trouble;
pub mod playbook;
pub mod lint;
pub mod plan;
pub mod resources;
pub mod journal;
pub mod planner;
pub mod checks;
pub mod engine;
pub mod clients;
pub mod report;
pub mod cli;
#[cfg(feature = "sandbox")]
pub mod sandbox;
