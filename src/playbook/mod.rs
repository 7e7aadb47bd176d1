//! Text to [`Deployment`]: pure, every mistake with file, line, column and snippet.

pub mod deployment;

pub use deployment::*;
