//! What a database does not tell is said not to be checked, and keeps nothing else from being judged.

use serde_json::Value;

use super::bench::Bench;

/// Code, findings' checks and the subjects that were not checked.
fn verified(bench: &Bench) -> (i32, Vec<String>, Vec<String>) {
    let ran = bench.lab.run(&["verify", "site.yaml", "--output", "json"]);
    let document = ran.json();
    let texts = |list: &Value, key: &str| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items.filter_map(|item| item[key].as_str().map(str::to_owned)).collect()
    };
    let deployment = &document["deployments"][0];
    let unjudged = texts(&deployment["not_checked"], "subject");
    (ran.code, texts(&deployment["findings"], "check"), unjudged)
}

#[test]
fn what_a_release_does_not_have_is_not_checked_and_nothing_else() {
    let cases = [
        (
            "alter table numplan rename column allowcticontrolflag to other",
            "Allow Control of Device from CTI of the lines",
        ),
        (
            "alter table device rename column fkcommondeviceconfig to other",
            "common device configuration of the roster's devices",
        ),
        (
            "alter table enduser rename column allowcticontrolflag to other",
            "Allow Control of Device from CTI of the end users",
        ),
        (
            "alter table linegroupnumplanmap rename to other",
            "line groups of the agents' extensions",
        ),
        (
            "alter table devicenumplanmap rename column busytrigger to other",
            "lines of the roster's devices",
        ),
    ];
    let (_, healthy, fully) = verified(&Bench::healthy());
    for (change, subject) in cases {
        let bench = Bench::healthy();
        bench.lab.sql(change);
        bench.lab.sql("update device set tkphoneservicedisplay = 1 where name = 'SEP001122330009'");
        let (code, findings, unjudged) = verified(&bench);
        assert_eq!(code, 3, "{subject}: {findings:?} {unjudged:?}");
        let new: Vec<_> = unjudged.iter().filter(|subject| !fully.contains(subject)).collect();
        assert_eq!(new, [subject]);
        let more: Vec<_> = findings.iter().filter(|check| !healthy.contains(check)).collect();
        assert_eq!(more, ["phone-services-provisioning"], "{subject}");
    }
}
