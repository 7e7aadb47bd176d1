//! What is offered, without a shell.
