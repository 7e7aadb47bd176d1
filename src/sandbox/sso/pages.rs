//! The pages that a person sees, or a script submits: as AD FS and the Identity Service have them, in words of our own.

/// Text within HTML, also between quotes.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        text(title)
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\" />", text(name), text(value))
}

/// A form of hidden fields that submits itself, or waits for its button.
pub fn submits(action: &str, fields: &[(&str, &str)], scripts: bool) -> String {
    let fields: String = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    let button = "<input type=\"submit\" value=\"Submit\" />";
    let (button, script) = if scripts {
        (
            format!("<noscript><p>Scripts are off. Press Submit to go on.</p>{button}</noscript>"),
            "<script>window.setTimeout(function () { document.forms[0].submit(); }, 0);</script>",
        )
    } else {
        (button.to_owned(), "")
    };
    page(
        "Working...",
        &format!(
            "<form method=\"POST\" name=\"hiddenform\" action=\"{}\">{fields}{button}</form>{script}",
            text(action)
        ),
    )
}

/// User name and password.
pub fn login(action: &str, context: &str, user: &str, wrong: Option<&str>) -> String {
    let wrong = wrong.map(|why| {
        format!(
            "<div id=\"error\" class=\"fieldMargin\"><span id=\"errorText\">{}</span></div>",
            text(why)
        )
    });
    let body = format!(
        "<h1>Example sign-in</h1>\n\
         <form method=\"post\" id=\"loginForm\" autocomplete=\"off\" action=\"{action}\">\n{wrong}\
         <label for=\"userNameInput\">User name</label>\n\
         <input id=\"userNameInput\" name=\"UserName\" type=\"text\" value=\"{user}\" placeholder=\"name@example.com\" />\n\
         <label for=\"passwordInput\">Password</label>\n\
         <input id=\"passwordInput\" name=\"Password\" type=\"password\" />\n\
         <input type=\"checkbox\" name=\"Kmsi\" id=\"kmsiInput\" value=\"true\" />\n{context}\n\
         <input id=\"optionForms\" type=\"hidden\" name=\"AuthMethod\" value=\"FormsAuthentication\" />\n\
         <input id=\"submitButton\" type=\"submit\" value=\"Sign in\" />\n</form>\n\
         <form id=\"options\" method=\"post\" action=\"{action}\">\n\
         <input id=\"optionSelection\" type=\"hidden\" name=\"AuthMethod\" />\n</form>",
        action = text(action),
        wrong = wrong.unwrap_or_default(),
        user = text(user),
        context = hidden("Context", context),
    );
    page("Sign In", &body)
}

/// A choice of identity providers.
pub fn home_realm(action: &str, realms: &[(&str, &str)]) -> String {
    let button = |(id, name): &(&str, &str)| {
        format!(
            "<button type=\"submit\" class=\"idp\" name=\"HomeRealmSelection\" value=\"{}\">{}</button>\n",
            text(id),
            text(name)
        )
    };
    let buttons = realms.iter().map(button).collect::<Vec<String>>().concat();
    let body = format!(
        "<h1>Where do you belong?</h1>\n<form id=\"hrd\" method=\"post\" action=\"{}\">\n{buttons}</form>",
        text(action)
    );
    page("Sign In", &body)
}

/// A second factor.
pub fn second_factor(action: &str) -> String {
    let body = format!(
        "<h1>One more step</h1>\n<form method=\"post\" id=\"mfaForm\" name=\"mfaForm\" action=\"{}\">\n\
         <label for=\"code\">Code from your phone</label>\n<input id=\"code\" name=\"VerificationCode\" type=\"text\" />\n\
         <input type=\"hidden\" name=\"AuthMethod\" value=\"AzureMfaAuthentication\" />\n\
         <input type=\"submit\" value=\"Verify\" />\n</form>",
        text(action)
    );
    page("Verify your identity", &body)
}

/// The password has to be changed.
pub fn expired(action: &str) -> String {
    let body = format!(
        "<h1>Your password has expired</h1>\n<form method=\"post\" id=\"updatePasswordForm\" name=\"updatePasswordForm\" action=\"{}\">\n\
         <input name=\"UserName\" type=\"text\" /><input name=\"OldPassword\" type=\"password\" />\n\
         <input name=\"NewPassword\" type=\"password\" /><input name=\"ConfirmNewPassword\" type=\"password\" />\n\
         <input type=\"submit\" value=\"Change\" />\n</form>",
        text(action)
    );
    page("Update Password", &body)
}

/// A certificate is asked for.
pub fn certificate(action: &str) -> String {
    let body = format!(
        "<h1>Choose a certificate</h1>\n<form method=\"post\" id=\"certificateForm\" name=\"certificateForm\" action=\"{}\">\n\
         <input type=\"hidden\" name=\"AuthMethod\" value=\"CertificateAuthentication\" />\n\
         <input type=\"submit\" value=\"Continue\" />\n</form>",
        text(action)
    );
    page("Certificate required", &body)
}

/// The identity provider's error page.
pub fn provider_error() -> String {
    let body = "<h1>An error occurred</h1>\n<p id=\"errorMessage\">An error occurred. Contact your administrator for more information.</p>\n\
         <p>Activity ID: 00000000-0000-0000-0000-000000000000</p>\n<p>Relying party: Cisco Identity Service</p>";
    page("Error", body)
}

/// The Identity Service's error page.
pub fn service_error(code: &str, message: &str) -> String {
    let body = format!(
        "<h1>Single sign-on failed</h1>\n<p>Error Code: <span id=\"errorCode\">{}</span></p>\n<p>Message: <span id=\"errorMessage\">{}</span></p>",
        text(code),
        text(message)
    );
    page("Cisco Identity Service", &body)
}

/// What stands where a refresh should have been answered.
pub fn signed_out() -> String {
    page("Cisco Finesse", "<h1>Your session has ended</h1>\n<p>Sign in again.</p>")
}
