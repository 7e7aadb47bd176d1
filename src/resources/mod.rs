//! One file per kind of resource: what the playbook wants of it, compared with what is there.
//!
//! Planning halves only: they take values and return values. A comparison returns the `Change`s to show and
//! the edits to perform; the engine runs the same comparison again on a fresh read before it writes.

pub mod desired;
pub mod service_url;
pub mod application_user;
pub mod phone_service;
pub mod replacement;
pub mod service_parameter;
pub mod subscription;
pub mod setting;
pub mod phone_settings;
pub mod phone_apply;
pub mod rmcm_user;
pub mod self_care;
pub mod certificate_trust;
pub mod finesse_settings;
pub mod tomcat_restart;
pub mod cucm_reboot;
pub mod writer_rule;
pub mod vendor_config;

pub use desired::{Desired, DesiredDevice, DesiredService, Wanted};
