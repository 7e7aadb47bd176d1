//! Network clients for a real cluster: what they share (TLS, HTTP, waiting) and one module per interface.

pub mod certificate;
pub mod tls;
pub mod http;
pub mod tap;
pub mod stop;
pub mod throttle;
pub mod write_limit;
mod xml;
mod verbatim;
mod account;
pub mod refusals;
pub mod axl;
pub mod finesse;
pub mod sso;
pub mod platform;
mod serviceability;
pub mod risport;
pub mod control_center;
pub mod names;
pub mod phone_web;
pub mod port;
pub mod phone_authentication;
pub mod certificate_rest;
#[doc(hidden)]
pub mod decoders;

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod http_tests;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod responder;
