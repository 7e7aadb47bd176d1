//! What plan and apply say of what no step can change, and of what would be refused.

use crate::lab::Ran;
use crate::trouble::{PLAYBOOK, converges, lab};

#[test]
fn what_no_step_can_change_is_said_by_plan_and_apply() {
    let lab = lab();
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let passwords = std::fs::read_to_string(lab.path("two-node-uccx-passwords.csv")).unwrap();
    lab.write(
        "two-node-uccx.csv",
        &format!("{}\nSEP0000000000AA,,1999,2999,\n", roster.trim_end()),
    );
    lab.write("two-node-uccx-passwords.csv", &format!("{}\n1999,Secret1\n", passwords.trim_end()));
    let last = |ran: &Ran| ran.stdout.lines().last().unwrap().to_owned();
    let missing = "phone SEP0000000000AA: a device of the roster does not exist (phone-missing)";
    let planned = lab.run(&["plan", PLAYBOOK]).expect(0);
    assert!(planned.stdout.contains("error phone-missing"), "{}", planned.stdout);
    let applied = lab.run(&["apply", PLAYBOOK, "--yes"]).expect(1);
    assert!(applied.stdout.contains("error phone-missing"), "{}", applied.stdout);
    assert!(last(&applied).contains(missing), "{}", applied.stdout);
    for (words, code, word) in [
        (&["plan", PLAYBOOK][..], 0, "done"),
        (&["plan", PLAYBOOK, "--detailed-exitcode"], 2, "changes"),
        (&["apply", PLAYBOOK, "--yes"], 1, "failed"),
    ] {
        let ran = lab.run(words).expect(code);
        let said = format!("{word}: nothing to write; {missing}");
        assert_eq!(last(&ran), said, "{words:?}");
        assert!(ran.stdout.contains("agents.csv") || ran.stdout.contains("two-node-uccx.csv"));
    }
    lab.write("two-node-uccx.csv", &roster);
    let wrong = |words: &[&str]| {
        let output = lab.command(words).env("IPPA_PASSWORD", "NotTheOne1").output().unwrap();
        Ran::of(&output)
    };
    let refused = wrong(&["apply", PLAYBOOK, "--yes"]).expect(5);
    assert!(refused.stdout.contains("error authentication-refused"), "{}", refused.stdout);
    assert!(last(&refused).contains("(authentication-refused)"), "{}", refused.stdout);
    assert!(!last(&refused).contains("read back"), "{}", refused.stdout);
    let planned = wrong(&["plan", PLAYBOOK]).expect(0);
    assert!(!last(&planned).contains("in sync"), "{}", planned.stdout);
}

#[test]
fn an_end_user_of_the_same_id_is_said_by_the_plan() {
    let lab = lab();
    let text = std::fs::read_to_string(lab.path(PLAYBOOK)).unwrap();
    lab.write(PLAYBOOK, &text.replace("  id: ippa\n", "  id: agent1001\n"));
    let planned = lab.run(&["plan", PLAYBOOK]).expect(0);
    assert!(planned.stdout.contains("error app-user-id-taken"), "{}", planned.stdout);
    let applied = lab.run(&["apply", PLAYBOOK, "--yes"]).expect(1);
    assert!(applied.stdout.contains("error app-user-id-taken"), "{}", applied.stdout);
}

#[test]
fn a_row_that_is_only_verified_says_why_an_apply_ends_in_2() {
    let lab = lab();
    converges(&lab, "first");
    let roster = std::fs::read_to_string(lab.path("two-node-uccx.csv")).unwrap();
    let mut rows: Vec<String> = roster.lines().map(|row| format!("{row},")).collect();
    rows[0] = format!("{}manage", rows[0]);
    rows[1] = format!("{}verify", rows[1]).replace(",2001,", ",2099,");
    lab.write("two-node-uccx.csv", &rows.join("\n"));
    lab.run(&["plan", PLAYBOOK]).expect(0);
    for words in [&["plan", PLAYBOOK, "--detailed-exitcode"][..], &["apply", PLAYBOOK, "--yes"]] {
        let ran = lab.run(words).expect(2);
        assert!(ran.stdout.contains("error subscription-values-differ"), "{}", ran.stdout);
        let last = ran.stdout.lines().last().unwrap();
        assert!(last.starts_with("changes: nothing to write; phone SEP001122330001: "), "{last}");
    }
}

#[test]
fn what_would_refuse_an_apply_is_said_by_the_plan() {
    let lab = lab();
    converges(&lab, "first");
    lab.sql("update telecastersubscribedservice set serviceurl = replace(serviceurl, 'id=1', 'id=9') where servicename = 'Cisco Finesse'");
    let planned = lab.run(&["plan", PLAYBOOK]).expect(0);
    let refusal = planned.stdout.lines().find(|line| line.starts_with("apply would refuse: "));
    assert!(refusal.unwrap().contains("limits.max_altered_percent"), "{}", planned.stdout);
    let json = lab.run(&["plan", PLAYBOOK, "--output", "json"]).expect(0).json();
    assert_eq!(json["deployments"][0]["would_refuse"][0]["code"], "threshold-altered");
}
