//! `ConnectedUsersInfo`: who is connected to one node, counted by kind of client.

use crate::clients::xml::Element;

/// Who is connected to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedUsersInfo {
    /// All together.
    pub total: u64,
    /// At desktops.
    pub desktop: u64,
    /// At IP phones.
    pub ip_phone: u64,
    /// By other programs.
    pub third_party: u64,
    /// Each of them; `None` when the node gave no details.
    pub users: Option<Vec<ConnectedUser>>,
}

/// One connected user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedUser {
    /// Id.
    pub login_id: String,
    /// `DESKTOP`, `FIPPA` or `THIRDPARTY`, in capitals.
    pub client: String,
    /// Extension.
    pub extension: Option<String>,
}

impl ConnectedUsersInfo {
    /// From a `ConnectedUsersInfo` element; an error names what is missing.
    pub(super) fn read(root: &Element) -> Result<Self, &'static str> {
        let summary = root.loose("userSummary").ok_or("it has no userSummary")?;
        let count = |name| summary.loose_text(name).and_then(|text| text.parse::<u64>().ok());
        let desktop = count("desktopUsers").ok_or("it has no number desktopUsers")?;
        let ip_phone = count("fippaUsers").ok_or("it has no number fippaUsers")?;
        let third_party = count("thirdPartyUsers").unwrap_or(0);
        let sum = desktop.saturating_add(ip_phone).saturating_add(third_party);
        Ok(Self {
            total: count("totalConnectedUsers").unwrap_or(sum).max(sum),
            desktop,
            ip_phone,
            third_party,
            users: root.loose("userDetails").map(users),
        })
    }

    /// Whether somebody would be cut off by a restart.
    pub fn anybody(&self) -> bool {
        self.total > 0
    }
}

fn users(details: &Element) -> Vec<ConnectedUser> {
    let one = |user: &Element| {
        Some(ConnectedUser {
            login_id: user.loose_text("loginId")?.to_owned(),
            client: user.loose_text("userType").unwrap_or_default().to_ascii_uppercase(),
            extension: user.loose_text("extension").map(str::to_owned),
        })
    };
    details.loose_all("userDetail").filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::ConnectedUsersInfo;
    use crate::clients::xml::Element;

    fn read(text: &str) -> Result<ConnectedUsersInfo, &'static str> {
        ConnectedUsersInfo::read(&Element::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn summary_and_details() {
        let summary = "<userSummary><desktopUsers>12</desktopUsers><fippaUsers>3</fippaUsers>\
            <thirdPartyUsers>0</thirdPartyUsers><totalConnectedUsers>15</totalConnectedUsers></userSummary>";
        let plain = read(&format!("<ConnectedUsersInfo>{summary}</ConnectedUsersInfo>")).unwrap();
        assert_eq!((plain.total, plain.ip_phone, &plain.users), (15, 3, &None));
        assert!(plain.anybody());

        let details = "<userDetails><userDetail><loginId>1001</loginId><userType>fippa</userType><extension/>\
            </userDetail><userDetail/></userDetails>";
        let text = format!("<connectedUsersInfo>{summary}{details}</connectedUsersInfo>");
        let users = read(&text).unwrap().users.unwrap();
        assert_eq!(users.len(), 1);
        assert_eq!((users[0].client.as_str(), &users[0].extension), ("FIPPA", &None));
    }

    #[test]
    fn a_missing_count_is_not_none() {
        assert!(read("<ConnectedUsersInfo/>").is_err());
        assert!(read("<ConnectedUsersInfo><userSummary/></ConnectedUsersInfo>").is_err());
        let few = "<c><userSummary><desktopUsers>1</desktopUsers><fippaUsers>1</fippaUsers></userSummary></c>";
        assert_eq!(read(few).unwrap().total, 2);
    }
}
