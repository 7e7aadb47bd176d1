//! What the sandbox is told on its command line for measurements: its pace, and how much its phones hold.

use serde_json::{Value, json};

use crate::lab::Lab;

#[test]
fn a_sandbox_has_the_pace_and_the_configurations_it_was_told() {
    let lab = Lab::start(&[
        "--phones",
        "300",
        "--vendor-config",
        "200..12000",
        "--workers",
        "3",
        "--write-time",
        "20",
        "--read-time",
        "2",
        "--notifications",
        "1500",
        "--drain",
        "50",
    ]);
    let pace = lab.control("GET", "/pace", &Value::Null);
    assert_eq!(
        pace,
        json!({ "workers": 3, "write_ms": 20, "read_ms": 2, "notifications": 1500, "drain": 50 })
    );
    let counted = lab.control("GET", "/requests", &Value::Null);
    assert_eq!(counted["notifications"]["outstanding"], 0);
    let sizes =
        "select count(*) phones, min(size) least, max(size) most, sum(size) / count(*) mean from
           (select length(cast(xml as blob)) size, fkdevice from devicexml4k
            union all select length(cast(xml as blob)), fkdevice from devicexml8k
            union all select length(cast(xml as blob)), fkdevice from devicexml16k) x, device d
           where d.pkid = x.fkdevice and d.name like 'SEP5C%'";
    let sizes = lab.control("POST", "/sql", &json!({ "sql": sizes }));
    let row = &sizes["rows"][0];
    assert_eq!((&row["phones"], &row["least"]), (&json!(300), &json!(200)));
    assert!(row["most"].as_i64().unwrap() > 4000, "{row}");
    assert!((500..700).contains(&row["mean"].as_i64().unwrap()), "{row}");
    lab.run_alone(&["sandbox", "--notifications", "5"]).expect(64);
    lab.run_alone(&["sandbox", "--phones", "1", "--vendor-config", "12..5"]).expect(64);
}
