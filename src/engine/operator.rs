//! The one interface through which steps for a person are done.

use futures::future::LocalBoxFuture;
use secrecy::SecretString;

use crate::plan::OperatorStep;
use crate::playbook::Parameter;
use crate::resources::service_parameter::definition;
use crate::trouble::Trouble;

/// What is to be done, with the values to enter.
#[derive(Debug, Clone)]
pub enum OperatorTask {
    /// Subscribe a device to a service, or correct the subscription.
    Subscribe {
        /// Device name.
        device: String,
        /// Service name.
        service: String,
        /// Values to enter; a parameter that is not named is left blank.
        values: Vec<(Parameter, SecretString)>,
    },
    /// Unsubscribe a device from a service.
    Unsubscribe {
        /// Device name.
        device: String,
        /// Service name.
        service: String,
    },
    /// Correct a service parameter in place.
    Parameter {
        /// Service name.
        service: String,
        /// The wrong parameter's present name.
        name: String,
        /// The right parameter.
        parameter: Parameter,
        /// *Parameter is Required*.
        required: bool,
    },
    /// Choose *HTTPS Only* for a phone.
    HttpsOnly {
        /// Device name.
        device: String,
    },
    /// Set an element of a phone with its box *Override Common Settings*, save, and apply.
    TickOverride {
        /// Device name.
        device: String,
        /// Element of `vendorConfig`.
        element: &'static str,
        /// Its value.
        value: String,
    },
    /// Set *Self Care Portal Default Server*.
    DefaultServer {
        /// The server.
        server: String,
    },
    /// Upload a certificate into a trust store at OS Administration.
    ImportCertificate {
        /// The node's host.
        node: String,
        /// *Certificate Purpose*.
        store: String,
        /// The certificate.
        pem: String,
    },
    /// Make *IP Phone Agent Settings* of Finesse.
    FinesseSettings {
        /// User name.
        user: String,
        /// Password.
        password: SecretString,
    },
}

impl OperatorTask {
    /// For a parameter: its right definition's display name and description.
    pub fn definition(
        parameter: Parameter,
        required: bool,
    ) -> crate::clients::axl::ServiceParameter {
        definition(parameter, required)
    }
}

/// Does operator steps, or waits for somebody to do them.
pub trait Operator {
    /// Returns when the step is said to be done; `false` when it is left undone.
    fn perform<'a>(
        &'a self,
        step: &'a OperatorStep,
        tasks: &'a [OperatorTask],
    ) -> LocalBoxFuture<'a, Result<bool, Trouble>>;

    /// What is typed in answer to a question; nothing where nobody types.
    fn types<'a>(
        &'a self,
        question: &'a str,
    ) -> LocalBoxFuture<'a, Result<Option<String>, Trouble>>;

    /// Whether a run that has come to a point of no return may go on.
    fn agrees<'a>(&'a self, question: &'a str) -> LocalBoxFuture<'a, Result<bool, Trouble>>;
}
