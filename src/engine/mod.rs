//! Observes, performs and observes again. Emits events, prints nothing, asks nobody.

pub mod task;
pub mod observe;
pub mod estate;
pub mod first_look;
pub mod export;
mod looks;
mod auth_modes;
pub mod password;
pub mod judge;
pub mod capture;
pub mod doctor;
pub mod apply;
pub mod operator;
pub mod journal;
pub mod remembered;
pub mod declared;
pub mod undo;
pub mod remove;
pub mod tokens;
pub mod agent;

pub use crate::clients::refusals::Refusals;
pub use crate::clients::stop::{EndedBy, Stop};
pub use apply::apply;
pub use judge::Finished;
pub use looks::remember as remember_looks;
pub use observe::{Prepared, prepare};
pub use operator::{Operator, OperatorTask};
pub use task::{Answers, Event, Listener, Purpose, Secrets, Task};
