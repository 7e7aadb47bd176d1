//! `trust`: a server's certificate and the lines that pin it; and what an untrusted one is told.

mod list;
mod remove;

use std::time::Duration;

use crate::clients::tls::{
    ConnectMap, PeerCertificate, Rejection, fingerprint_text, peer_certificate,
};
use crate::outcome::Outcome;
use crate::playbook::Endpoint;
use crate::report::sanitize::line;
use crate::report::trust::{CertificateShown, TrustTold};
use crate::trouble::Trouble;

use super::args::{Global, Trust};
use super::way::Failure;
use super::{Call, sso};

/// Does what is asked.
pub fn trust(call: &Call, action: &Trust) -> Result<sso::Shown, Failure> {
    let (text, fields) = match action {
        Trust::Show { server } => super::runtime()?.block_on(show(&call.global, server))?,
        Trust::List { playbook } => list::list(call, playbook.as_deref())?,
        Trust::Remove { server } => remove::remove(&call.global, server)?,
    };
    Ok((text, fields.fields(), Outcome::Done))
}

/// The certificate that a server shows, as text and as fields of a JSON document. Trusts nothing.
pub async fn show(global: &Global, server: &Endpoint) -> Result<(String, TrustTold), Trouble> {
    let connect_map: ConnectMap = global.connect_to.iter().cloned().collect();
    let peer = peer_certificate(server, &connect_map, Duration::from_secs(global.timeout)).await?;
    let text = format!(
        "{}\nTo trust it, compare the fingerprint with the server's own and add to the playbook:\n\n{}",
        describe(server, &peer),
        pin_lines(server, &peer)
    );
    Ok((text, fields(server, &peer)))
}

/// A certificate as a person compares it.
pub fn describe(server: &Endpoint, peer: &PeerCertificate) -> String {
    let issuer = if peer.self_signed { "itself (self-signed)" } else { &peer.issuer };
    let names: Vec<_> = peer.names.iter().map(|name| line(name)).collect();
    let rows = [
        ("server", server.to_string()),
        ("fingerprint", fingerprint_text(&peer.sha256)),
        ("subject", line(&peer.subject).into_owned()),
        ("issuer", line(issuer).into_owned()),
        ("names", names.join(", ")),
        ("valid", format!("{} to {}", peer.not_before, peer.not_after)),
    ];
    let lines: Vec<_> = rows.iter().map(|(word, text)| format!("  {word:<12} {text}\n")).collect();
    lines.concat()
}

/// The lines to add to a playbook.
pub fn pin_lines(server: &Endpoint, peer: &PeerCertificate) -> String {
    format!("tls:\n  pins: {{ \"{server}\": [\"{}\"] }}\n", fingerprint_text(&peer.sha256))
}

/// What is said of a certificate that is not trusted: refused with the line to add when it is unknown, failed when
/// a known one changed.
pub fn refusal(rejection: &Rejection) -> Trouble {
    let trouble = rejection.trouble();
    if rejection.changed {
        return trouble;
    }
    trouble.then(format!(
        "compare the fingerprint with the server's own, then add to the playbook\n{}",
        pin_lines(&rejection.endpoint, &rejection.peer).trim_end()
    ))
}

fn fields(server: &Endpoint, peer: &PeerCertificate) -> TrustTold {
    TrustTold::Shown {
        certificate: CertificateShown {
            server: server.to_string(),
            sha256: fingerprint_text(&peer.sha256),
            subject: peer.subject.clone(),
            issuer: peer.issuer.clone(),
            self_signed: peer.self_signed,
            names: peer.names.clone(),
            not_before: peer.not_before.clone(),
            not_after: peer.not_after.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{describe, pin_lines, refusal};
    use crate::cli::endpoint::with_port;
    use crate::clients::tls::{PeerCertificate, Rejection};
    use crate::outcome::Outcome;

    fn rejection(changed: bool) -> Rejection {
        let peer = PeerCertificate {
            sha256: [0xab; 32],
            subject: "CN=cucm-pub.example.com\u{1b}[2J".to_owned(),
            issuer: "CN=cucm-pub.example.com".to_owned(),
            names: vec!["cucm-pub.example.com".to_owned()],
            not_before: "2026-01-01T00:00:00Z".to_owned(),
            not_after: "2031-01-01T00:00:00Z".to_owned(),
            self_signed: true,
        };
        let endpoint = with_port("cucm-pub.example.com:8443").unwrap();
        Rejection { endpoint, peer, changed, why: "unknown issuer".to_owned(), unsent: None }
    }

    #[test]
    fn an_unknown_certificate_is_refused_with_the_line_to_add() {
        let rejection = rejection(false);
        let trouble = refusal(&rejection);
        assert_eq!(trouble.outcome, Outcome::Refused);
        assert!(trouble.next.contains(pin_lines(&rejection.endpoint, &rejection.peer).trim_end()));
    }

    #[test]
    fn a_changed_certificate_has_failed() {
        let trouble = refusal(&rejection(true));
        assert_eq!(trouble.outcome, Outcome::Failed);
        assert!(trouble.next.contains("`ippactl trust remove cucm-pub.example.com:8443`"));
    }

    #[test]
    fn a_certificate_is_shown_harmless() {
        let rejection = rejection(false);
        insta::assert_snapshot!(describe(&rejection.endpoint, &rejection.peer), @r"
        server       cucm-pub.example.com:8443
        fingerprint  sha256:abababababababababababababababababababababababababababababababab
        subject      CN=cucm-pub.example.com\u{1b}[2J
        issuer       itself (self-signed)
        names        cucm-pub.example.com
        valid        2026-01-01T00:00:00Z to 2031-01-01T00:00:00Z
        ");
        insta::assert_snapshot!(pin_lines(&rejection.endpoint, &rejection.peer), @r#"
        tls:
          pins: { "cucm-pub.example.com:8443": ["sha256:abababababababababababababababababababababababababababababababab"] }
        "#);
    }
}
