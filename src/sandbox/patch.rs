//! Some fields of a value changed, by their names: how switches are set from outside.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value with some of its fields changed, objects within objects too.
///
/// # Errors
/// A sentence when a field is unknown, or its value is not one of its kind.
pub fn changed<T: Serialize + DeserializeOwned>(value: &T, changes: Value) -> Result<T, String> {
    fn merge(whole: &mut Value, changes: Value) {
        match (whole, changes) {
            (Value::Object(whole), Value::Object(changes)) => {
                for (name, change) in changes {
                    merge(whole.entry(name).or_insert(Value::Null), change);
                }
            }
            (whole, changes) => *whole = changes,
        }
    }
    if !changes.is_object() {
        return Err("an object is expected".to_owned());
    }
    let mut whole = serde_json::to_value(value).map_err(|error| error.to_string())?;
    merge(&mut whole, changes);
    serde_json::from_value(whole).map_err(|error| error.to_string())
}
