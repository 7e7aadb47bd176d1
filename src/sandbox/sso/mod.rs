//! Single sign-on: the Identity Service and an identity provider like AD FS, what Finesse does with them, and the tokens.
//!
//! Source: facts/finesse.md section 10. A sign-in is [`desktop`] (Finesse) → [`ids`] → [`idp`] → [`ids`] → [`desktop`];
//! [`state`] holds the one-time ids that pass between them, [`tokens`] what they end in. Where documents are silent, the
//! worse case for a client is the default, and [`knobs`] has the others.

pub mod desktop;
pub mod fields;
pub mod idp;
pub mod ids;
pub mod jws;
pub mod knobs;
pub mod pages;
pub mod record;
pub mod seed;
pub mod serve;
pub mod state;
pub mod tokens;
