//! The Finesse nodes: their state ([`cluster`]) and what answers on their port ([`route`]).
//!
//! Source: facts/finesse.md, all sections.

pub mod admission;
pub mod answer;
pub mod cluster;
pub mod connected_users;
pub mod desk;
pub mod faults;
pub mod ippa_settings;
pub mod keeping;
pub mod knobs;
pub mod node;
pub mod object;
pub mod reasons;
pub mod roster;
pub mod route;
pub mod serve;
pub mod servlet;
pub mod system_info;
pub mod users;
