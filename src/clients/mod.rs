//! Network clients for a real cluster: what they share (TLS, HTTP, waiting) and one module per interface.

pub mod tls;
pub mod http;
pub mod tap;
pub mod stop;
pub mod throttle;
mod xml;
mod verbatim;
mod account;
pub mod refusals;
pub mod axl;
pub mod finesse;
pub mod platform;
pub mod risport;
pub mod phone_authentication;

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod http_tests;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod responder;
