//! Which setting came from where, as a table and as fields of a JSON document. A secret is no part of it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::playbook::Location;

use super::sanitize::line;
use super::table;

/// What `config explain` tells in JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Config {
    /// Every setting that can come from several places.
    pub settings: Vec<Setting>,
}

/// One setting.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Setting {
    /// What is set.
    pub setting: String,
    /// To what. Of a secret: its place, and whether it can be had.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// What it took the place of.
    pub overrides: Vec<String>,
    /// Of a secret: whether it can be had without asking.
    pub available: Option<bool>,
}

/// Where a setting came from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Origin {
    /// flag, environment, playbook, file, terminal, system, default.
    pub kind: &'static str,
    /// The flag, the variable, the key or the file; nothing for a default.
    pub name: Option<String>,
    /// The place in the playbook.
    pub declared: Option<Declared>,
}

/// A place in a playbook.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Declared {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Origin {
    /// Of this kind, with this name.
    pub fn named(kind: &'static str, name: impl Into<String>) -> Self {
        Self { kind, name: Some(name.into()), declared: None }
    }

    /// Nobody has said it.
    pub fn unsaid() -> Self {
        Self { kind: "default", name: None, declared: None }
    }

    /// A key of the playbook.
    pub fn playbook(key: &str, at: &Location) -> Self {
        let declared = Declared { file: at.file.to_string(), line: at.line, column: at.column };
        Self { kind: "playbook", name: Some(key.to_owned()), declared: Some(declared) }
    }

    fn text(&self) -> String {
        match (&self.declared, &self.name) {
            (Some(at), _) => format!("{}:{}:{}", at.file, at.line, at.column),
            (None, Some(name)) => name.clone(),
            (None, None) => self.kind.to_owned(),
        }
    }
}

impl Setting {
    /// A setting that took nothing's place.
    pub fn new(setting: impl Into<String>, value: impl Into<String>, origin: Origin) -> Self {
        let (setting, value) = (setting.into(), value.into());
        Self { setting, value, origin, overrides: Vec::new(), available: None }
    }

    /// The same, in place of another one where there is one.
    #[must_use]
    pub fn over(mut self, other: Option<String>) -> Self {
        self.overrides.extend(other);
        self
    }
}

impl Config {
    /// As fields of a JSON document.
    pub fn fields(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// A table, as wide as the terminal at most.
    pub fn text(&self) -> String {
        let cell = |text: &str| text.lines().map(line).collect::<Vec<_>>().join("\n");
        let rows = self.settings.iter().map(|setting| {
            let instead = setting.overrides.iter().map(|other| format!("\ninstead of {other}"));
            let from = setting.origin.text() + &instead.collect::<String>();
            [cell(&setting.setting), cell(&setting.value), cell(&from)]
        });
        table::drawn(["setting", "value", "from"], rows)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Config, Origin, Setting};
    use crate::playbook::Location;

    #[test]
    fn a_setting_is_told_with_its_origin_and_what_it_took_the_place_of() {
        let at = Location { file: Arc::from("site.yaml"), line: 7, column: 3 };
        let settings = vec![
            Setting::new("timeout", "5 s", Origin::named("flag", "--timeout"))
                .over(Some("60 s, the default".to_owned())),
            Setting::new("concurrency", "4", Origin::playbook("limits.concurrency", &at)),
            Setting::new("deadline", "none\u{1b}[2J", Origin::unsaid()),
        ];
        let config = Config { settings };
        insta::assert_snapshot!(config.text(), @r"
         setting      value          from
         timeout      5 s            --timeout
                                     instead of 60 s, the default
         concurrency  4              site.yaml:7:3
         deadline     none\u{1b}[2J  default
        ");
        let fields = config.fields();
        assert_eq!(fields["settings"][1]["origin"]["declared"]["line"], 7);
        assert_eq!(fields["settings"][0]["overrides"][0], "60 s, the default");
    }
}
