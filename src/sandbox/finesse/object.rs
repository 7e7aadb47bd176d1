//! What a path on a Finesse node is about.

/// An object of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object<'a> {
    /// `SystemInfo`.
    SystemInfo,
    /// `ConnectedUsersInfo`.
    ConnectedUsers,
    /// `DesktopConfig`, where its URI is its name.
    DesktopConfig,
    /// `MaintenanceMode`, where its URI is its name.
    Maintenance,
    /// `UserAuthMode/<id>`.
    UserAuthMode(&'a str),
    /// `User/<id>` and what hangs on it.
    User(Part, &'a str),
    /// `Dialog/<id>`.
    Dialog(&'a str),
    /// What only an administrator may see.
    Configuration(Configuration<'a>),
    /// None that is known.
    Unknown,
}

/// What of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The user.
    Whole,
    /// The reason codes that apply.
    Reasons,
    /// The wrap-up reasons that apply.
    WrapUps,
    /// The calls.
    Dialogs,
}

/// An object of the configuration APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configuration<'a> {
    /// `Users`.
    Users,
    /// `ReasonCodes`.
    Reasons,
    /// `WrapUpReasons`.
    WrapUps,
    /// `Teams`.
    Teams,
    /// `Team/<id>/ReasonCodes`.
    TeamReasons(&'a str),
    /// `Team/<id>/WrapUpReasons`.
    TeamWrapUps(&'a str),
    /// IP Phone Agent Settings.
    Settings,
}

/// The object at a path; `settings` is the path of IP Phone Agent Settings, `named` says whether objects whose URIs
/// nobody knows answer under their names.
pub fn at<'a>(path: &'a str, settings: &str, named: bool) -> Object<'a> {
    if path == settings {
        return Object::Configuration(Configuration::Settings);
    }
    let Some(rest) = path.strip_prefix("/finesse/api/") else { return Object::Unknown };
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        ["SystemInfo"] => Object::SystemInfo,
        ["DesktopConfig"] if named => Object::DesktopConfig,
        ["MaintenanceMode"] if named => Object::Maintenance,
        ["ConnectedUsersInfo"] => Object::ConnectedUsers,
        ["UserAuthMode", id] => Object::UserAuthMode(id),
        ["User", id] => Object::User(Part::Whole, id),
        ["User", id, "ReasonCodes"] => Object::User(Part::Reasons, id),
        ["User", id, "WrapUpReasons"] => Object::User(Part::WrapUps, id),
        ["User", id, "Dialogs"] => Object::User(Part::Dialogs, id),
        ["Dialog", id] => Object::Dialog(id),
        ["Users"] => Object::Configuration(Configuration::Users),
        ["ReasonCodes"] => Object::Configuration(Configuration::Reasons),
        ["WrapUpReasons"] => Object::Configuration(Configuration::WrapUps),
        ["Teams"] => Object::Configuration(Configuration::Teams),
        ["Team", id, "ReasonCodes"] => Object::Configuration(Configuration::TeamReasons(id)),
        ["Team", id, "WrapUpReasons"] => Object::Configuration(Configuration::TeamWrapUps(id)),
        _ => Object::Unknown,
    }
}
