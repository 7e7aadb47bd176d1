//! `RisPort70` at the publisher's port: how phones are right now.
//!
//! Source: facts/vos.md section 7.

pub mod device;
pub mod exchange;
pub mod rate;
pub mod request;
