//! What to do with a page of a sign-in. Pure: which form is sent where, and with what, is decided here and nowhere else.

use secrecy::{ExposeSecret as _, SecretString};

use super::allowed::{Allowed, Astray, Role, Target};
use super::page::{FieldKind, Form, Page};

/// Fields that a page carries from one server to the next.
const CARRIED: [&str; 4] = ["SAMLResponse", "SAMLRequest", "RelayState", "uniqueId"];
/// Names of the field for a user.
const USER: [&str; 3] = ["username", "pf.username", "user"];
/// Names of the field for a password.
const PASSWORD: [&str; 2] = ["password", "pf.pass"];
/// What the assertion's address has since UCCX 12.5(1) SU2.
const META_ALIAS: &str = "metaAlias=";

/// What somebody signs in with.
#[derive(Clone)]
pub struct SignIn {
    /// As the identity provider knows the user: `DOMAIN\user` or `user@domain`.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What follows from a page.
#[derive(Debug)]
pub enum Move {
    /// Send these fields there.
    Send(Sending),
    /// The form came back after the password was sent: it was refused.
    Refused,
    /// Nothing is sent: no page of a sign-in that is known.
    Unknown,
    /// Nothing is sent: the form with the password would not go to the identity provider.
    PasswordElsewhere(String),
    /// Nothing is sent: a form leads where no sign-in goes.
    Astray(Astray),
}

/// A form that is sent.
pub struct Sending {
    /// Where.
    pub to: Target,
    /// Whether its fields go into a body.
    pub post: bool,
    /// Its fields.
    pub fields: Vec<(String, SecretString)>,
    /// Whether the password is among them.
    pub signs_in: bool,
    /// Whether an assertion goes to the address that the identity service had before UCCX 12.5(1) SU2.
    pub old_address: bool,
}

impl std::fmt::Debug for Sending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sending")
            .field("to", &self.to.endpoint)
            .field("signs_in", &self.signs_in)
            .finish_non_exhaustive()
    }
}

/// Decides. `tried` says that the password has been sent already.
pub fn decide(allowed: &Allowed, at: &Target, page: &Page, who: &SignIn, tried: bool) -> Move {
    if let Some(form) = page.forms.iter().find(|form| form.field(asks_for_password).is_some()) {
        return sign_in(allowed, at, (page, form), who, tried);
    }
    let carries = |form: &&Form| {
        let named = |name: &str| CARRIED.iter().any(|known| name.eq_ignore_ascii_case(known));
        form.fields.iter().any(|field| field.kind == FieldKind::Hidden && named(&field.name))
    };
    let Some(form) = page.forms.iter().find(carries) else { return Move::Unknown };
    let to = match form.target(allowed, at, page) {
        Ok(to) => to,
        Err(astray) => return Move::Astray(astray),
    };
    let sent = |kind| matches!(kind, FieldKind::Hidden | FieldKind::Chosen);
    let kept = form.fields.iter().filter(|field| sent(field.kind));
    let fields: Vec<_> =
        kept.map(|field| (field.name.clone(), field.value.clone().into())).collect();
    let assertion = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("SAMLResponse"));
    let old_address = assertion && !to.path.contains(META_ALIAS);
    Move::Send(Sending { to, post: form.post, fields, signs_in: false, old_address })
}

fn sign_in(
    allowed: &Allowed,
    at: &Target,
    (page, form): (&Page, &Form),
    who: &SignIn,
    tried: bool,
) -> Move {
    if tried {
        return Move::Refused;
    }
    let to = match form.target(allowed, at, page) {
        Ok(to) => to,
        Err(astray) => return Move::Astray(astray),
    };
    // The page and where it is sent: both have to be the identity provider's. In a URL a password would be logged.
    let idp = |target: &Target| allowed.is(&target.endpoint, Role::Idp);
    if !idp(at) || !idp(&to) {
        let place = if idp(at) { &to } else { at };
        return Move::PasswordElsewhere(place.endpoint.to_string());
    }
    let (Some(user), Some(password), true) =
        (form.field(asks_for_user), form.field(asks_for_password), form.post)
    else {
        return Move::Unknown;
    };
    // What Enter does. A page that sends itself presses no button.
    let pressed = form.field(|field| field.kind == FieldKind::Submit);
    let mut fields: Vec<(String, SecretString)> = Vec::new();
    for (at, field) in form.fields.iter().enumerate() {
        let value = if at == user {
            who.user.clone()
        } else if at == password {
            who.password.expose_secret().to_owned()
        } else {
            match field.kind {
                FieldKind::Unsent | FieldKind::Password => continue,
                FieldKind::Submit if pressed != Some(at) => continue,
                FieldKind::Hidden | FieldKind::Text | FieldKind::Chosen | FieldKind::Submit => {
                    field.value.clone()
                }
            }
        };
        fields.push((field.name.clone(), value.into()));
    }
    Move::Send(Sending { to, post: true, fields, signs_in: true, old_address: false })
}

impl Form {
    /// Where it is sent.
    fn target(&self, allowed: &Allowed, at: &Target, page: &Page) -> Result<Target, Astray> {
        match self.action.as_deref() {
            Some(action) => allowed.target_on(at, page.base.as_deref(), action),
            None => allowed.target(at, &at.url()),
        }
    }

    /// The place of the first field like this.
    fn field(&self, is: fn(&super::page::Field) -> bool) -> Option<usize> {
        self.fields.iter().position(is)
    }
}

fn asks_for_password(field: &super::page::Field) -> bool {
    let named = PASSWORD.iter().any(|known| field.name.eq_ignore_ascii_case(known));
    field.kind == FieldKind::Password || field.kind == FieldKind::Text && named
}

fn asks_for_user(field: &super::page::Field) -> bool {
    field.kind == FieldKind::Text && USER.iter().any(|known| field.name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::{Move, SignIn, decide};
    use crate::clients::sso::allowed::{Allowed, Role, Target};
    use crate::clients::sso::page::read;
    use crate::playbook::Endpoint;

    fn endpoint(host: &str, port: u16) -> Endpoint {
        Endpoint { host: host.to_owned(), port }
    }

    fn decided(host: &str, port: u16, html: &str, tried: bool) -> Move {
        let allowed = Allowed::new(vec![
            (endpoint("fin-a.example.com", 8445), Role::Finesse),
            (endpoint("ids.example.com", 8553), Role::Ids),
            (endpoint("adfs.example.com", 443), Role::Idp),
        ]);
        let at = Target { endpoint: endpoint(host, port), path: "/adfs/ls/?x=1".to_owned() };
        let who = SignIn { user: "CORP\\agent1".to_owned(), password: "hunter2".into() };
        decide(&allowed, &at, &read(html.as_bytes()), &who, tried)
    }

    fn form(action: &str) -> String {
        format!(
            "<form method=post action='{action}'><input type=hidden name=AuthMethod value=FormsAuthentication>\
             <input name=UserName><input type=password name=Password><button type=button name=more></button>\
             <input type=submit name=off value=0 disabled><input type=submit name=go value=1><button name=cancel></button></form>"
        )
    }

    #[test]
    fn the_password_goes_to_the_identity_provider_with_all_that_is_hidden() {
        for action in ["", "/adfs/ls/?more=1", "https://adfs.example.com/adfs/ls"] {
            let Move::Send(sending) = decided("adfs.example.com", 443, &form(action), false) else {
                panic!("{action}")
            };
            assert!(sending.signs_in && sending.post);
            assert_eq!(sending.to.endpoint, endpoint("adfs.example.com", 443));
            let fields: Vec<_> = sending
                .fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.expose_secret()))
                .collect();
            assert_eq!(
                fields,
                [
                    ("AuthMethod", "FormsAuthentication"),
                    ("UserName", "CORP\\agent1"),
                    ("Password", "hunter2"),
                    ("go", "1")
                ]
            );
        }
    }

    #[test]
    fn and_to_nobody_else() {
        let evil = decided("adfs.example.com", 443, &form("https://evil.example.org/"), false);
        assert!(matches!(evil, Move::Astray(_)));
        let http = decided("adfs.example.com", 443, &form("http://adfs.example.com/"), false);
        assert!(matches!(http, Move::Astray(_)));
        for (host, port, action) in [
            ("adfs.example.com", 443, "https://ids.example.com:8553/ids/steal"),
            ("ids.example.com", 8553, "https://adfs.example.com/adfs/ls"),
            ("fin-a.example.com", 8445, ""),
        ] {
            let told = decided(host, port, &form(action), false);
            assert!(matches!(told, Move::PasswordElsewhere(_)), "{host} {action}: {told:?}");
        }
        let in_url = form("").replace("method=post", "method=get");
        assert!(matches!(decided("adfs.example.com", 443, &in_url, false), Move::Unknown));
    }

    #[test]
    fn it_is_sent_once() {
        let again = decided("adfs.example.com", 443, &form("/adfs/ls"), true);
        assert!(matches!(again, Move::Refused));
    }

    #[test]
    fn what_is_carried_goes_on() {
        let html = |to: &str| {
            format!(
                "<form method=post action='{to}'><input type=hidden name=SAMLResponse value=S><input type=hidden name=RelayState value=R></form>"
            )
        };
        let new = "https://ids.example.com:8553/ids/saml/response?metaAlias=/sp";
        let Move::Send(sending) = decided("adfs.example.com", 443, &html(new), true) else {
            panic!()
        };
        assert!(!sending.signs_in && !sending.old_address && sending.fields.len() == 2);
        let old = "https://ids.example.com:8553/ids/saml/response";
        let Move::Send(sending) = decided("adfs.example.com", 443, &html(old), true) else {
            panic!()
        };
        assert!(sending.old_address);
        let away = decided("adfs.example.com", 443, &html("https://evil.example.org/saml"), true);
        assert!(matches!(away, Move::Astray(_)));
        let relay = "<form method=post action='https://ids.example.com:8553/ids/relay'><input type=hidden name=uniqueId value=u></form>";
        let told = decided("ids.example.com", 8553, relay, true);
        assert!(matches!(told, Move::Send(sending) if !sending.old_address));
    }

    #[test]
    fn a_base_counts_for_relative_actions() {
        let base = |action: &str| {
            let html = format!("<base href='https://adfs.example.com/other/'>{}", form(action));
            decided("adfs.example.com", 443, &html, false)
        };
        for (action, path) in [("next", "/other/next"), ("", "/adfs/ls/?x=1")] {
            let told = base(action);
            assert!(matches!(&told, Move::Send(sending) if sending.to.path == path), "{told:?}");
        }
        let evil = format!("<base href='https://evil.example.org/'>{}", form("next"));
        assert!(matches!(decided("adfs.example.com", 443, &evil, false), Move::Astray(_)));
    }

    #[test]
    fn a_page_that_sends_itself_presses_no_button() {
        let html = "<form method=post action='https://ids.example.com:8553/ids/saml/response?metaAlias=/sp'>\
                    <input type=hidden name=SAMLResponse value=S><input type=submit name=go value=1></form>";
        let told = decided("adfs.example.com", 443, html, true);
        assert!(matches!(&told, Move::Send(sending) if sending.fields.len() == 1), "{told:?}");
    }

    #[test]
    fn other_pages_are_not_answered() {
        for html in [
            "",
            "<form id=hrd method=post><input type=hidden name=HomeRealmSelection></form>",
            "<form method=post><input name=OneTimeCode></form>",
            "<form method=post><input type=password name=Pin></form>",
        ] {
            assert!(
                matches!(decided("adfs.example.com", 443, html, false), Move::Unknown),
                "{html}"
            );
        }
    }
}
