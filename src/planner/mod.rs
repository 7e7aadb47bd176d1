//! From what is wanted and what was observed to the plan: pure, a fold over pages.
//!
//! Apart from [`crate::plan`], so that the plan's plain data knows nothing of how it came about.

pub mod fold;
pub mod build;
pub mod devices;
pub mod phones;
pub mod running;
pub mod rmcm;
pub mod self_care;
pub mod states;
pub mod certificates;
pub mod finesse;
mod looked_at;
pub mod operator;
pub mod undo;
pub mod remove;
pub mod estate;
