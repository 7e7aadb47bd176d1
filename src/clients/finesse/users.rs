//! `User` and `Users`: agents and supervisors as Finesse knows them.

use crate::clients::xml::Element;

/// One user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The agent id; on UCCE the peripheral number.
    pub login_id: String,
    /// The user name.
    pub login_name: Option<String>,
    /// e.g. `Agent`, `Supervisor`.
    pub roles: Vec<String>,
    /// e.g. `LOGOUT`, `NOT_READY`.
    pub state: Option<String>,
    /// Where the user is signed in; `None` while signed out.
    pub extension: Option<String>,
    /// Team.
    pub team_id: Option<String>,
    /// Name of the team.
    pub team_name: Option<String>,
    /// Works as a mobile agent, on a telephone that is not CUCM's.
    pub mobile: bool,
}

impl User {
    /// From a `User` element; `None` without an id.
    pub(super) fn read(user: &Element) -> Option<Self> {
        let text = |name| user.loose_text(name).map(str::to_owned);
        let roles = user.loose("roles").map(|roles| {
            let names = roles.loose_all("role").map(|role| role.value().trim().to_owned());
            names.filter(|name| !name.is_empty()).collect()
        });
        Some(Self {
            login_id: text("loginId")?,
            login_name: text("loginName"),
            roles: roles.unwrap_or_default(),
            state: text("state"),
            extension: text("extension"),
            team_id: text("teamId"),
            team_name: text("teamName"),
            // What stands inside is not documented; in the samples the element is empty for everybody else.
            mobile: user.loose("mobileAgent").is_some_and(filled),
        })
    }

    /// Whether nobody is signed in as this user.
    pub fn signed_out(&self) -> bool {
        self.state.as_deref() == Some("LOGOUT")
    }
}

/// Whether an element says more than nothing, or that it is not so.
fn filled(element: &Element) -> bool {
    let own = element.value().trim();
    !own.is_empty() && !own.eq_ignore_ascii_case("false") || element.children.iter().any(filled)
}

/// All users of a `Users` document, one after the other; an error says what is wrong with it.
pub(super) fn all(body: &[u8]) -> Result<Vec<User>, String> {
    let mut users = Vec::new();
    let mut nameless = 0;
    let root = Element::each(body, "User", |user| match User::read(&user) {
        Some(user) => users.push(user),
        None => nameless += 1,
    })?;
    if !root.name.eq_ignore_ascii_case("Users") {
        return Err("another element than Users".to_owned());
    }
    if nameless > 0 {
        return Err(format!("{nameless} users without loginId"));
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::all;

    const ONE: &str = "<User><uri>/finesse/api/User/1001</uri><roles><role>Agent</role><role>Supervisor</role></roles>\
        <loginId>1001</loginId><loginName>agent1</loginName><state>LOGOUT</state><extension/><teamId>1</teamId>\
        <teams><Team><User>not one of the list</User></Team></teams></User>";

    #[test]
    fn users_are_read_one_by_one() {
        let text = format!(
            "<Users>{ONE}{}</Users>",
            ONE.replace("1001", "1002").replace("User>", "user>")
        );
        let users = all(text.as_bytes()).unwrap();
        assert_eq!(users.len(), 2);
        assert_eq!((users[1].login_id.as_str(), users[0].roles.len()), ("1002", 2));
        assert!(users[0].signed_out());
        assert_eq!((&users[0].extension, users[0].team_id.as_deref()), (&None, Some("1")));
        assert!(all(b"<Users/>").unwrap().is_empty());
    }

    #[test]
    fn a_mobile_agent_has_something_in_the_element() {
        let user = |inside: &str| {
            let text = format!("<Users><User><loginId>1</loginId>{inside}</User></Users>");
            all(text.as_bytes()).unwrap().remove(0).mobile
        };
        for not in [
            "",
            "<mobileAgent/>",
            "<mobileAgent>false</mobileAgent>",
            "<mobileAgent><mode/></mobileAgent>",
        ] {
            assert!(!user(not), "{not}");
        }
        assert!(user("<mobileAgent>true</mobileAgent>"));
        assert!(user("<mobileAgent><mode>NAILED_CONNECTION</mode></mobileAgent>"));
    }

    #[test]
    fn a_list_that_cannot_be_read_whole_is_no_list() {
        for text in
            [ONE, "<Users><User/></Users>", "<Users><User><loginId>1</loginId></User>", "<x/>", ""]
        {
            assert!(all(text.as_bytes()).is_err(), "{text}");
        }
    }
}
