//! The embedded cluster started for one run: `--sandbox`.

use std::net::SocketAddr;
use std::path::Path;

use crate::clients::tls::Fingerprint;
use crate::playbook::Endpoint;
use crate::trouble::Trouble;

/// The sandbox of this run; ends when dropped.
#[derive(Debug)]
pub struct Embedded {
    #[cfg(feature = "sandbox")]
    running: Option<crate::sandbox::Running>,
    /// Where the publisher's name leads now.
    pub axl: SocketAddr,
    /// Where operator steps and manual changes are done.
    pub control: SocketAddr,
    /// The pin of its certificate.
    pub certificate: Fingerprint,
}

#[cfg(feature = "sandbox")]
impl Embedded {
    /// Starts a cluster whose publisher has this name, with one account that may write.
    pub fn start(
        publisher: &Endpoint,
        user: &str,
        password: &str,
        state: Option<&Path>,
    ) -> Result<Self, Trouble> {
        use crate::sandbox::{Account, Role, SandboxOptions};
        let account =
            Account { user: user.to_owned(), password: password.to_owned(), role: Role::ReadWrite };
        let running = crate::sandbox::start(SandboxOptions {
            publisher: publisher.clone(),
            accounts: vec![account],
            state: state.map(Path::to_owned),
            ..SandboxOptions::default()
        })?;
        Ok(Self {
            axl: running.axl_address(),
            control: running.control_address(),
            certificate: running.certificate_sha256(),
            running: Some(running),
        })
    }
}

#[cfg(feature = "sandbox")]
impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown();
        }
    }
}

#[cfg(not(feature = "sandbox"))]
impl Embedded {
    /// This build has none.
    pub fn start(
        _publisher: &Endpoint,
        _user: &str,
        _password: &str,
        _state: Option<&Path>,
    ) -> Result<Self, Trouble> {
        Err(absent())
    }
}

/// What a build without the sandbox says.
#[cfg(not(feature = "sandbox"))]
pub fn absent() -> Trouble {
    Trouble::new("sandbox-absent", crate::outcome::Outcome::Usage, "This build has no sandbox")
        .because("it was built without the feature `sandbox`")
        .then("build with default features")
}
