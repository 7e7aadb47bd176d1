//! No false alarm: what is changed on the cluster outside of the playbook's concern gives no finding.

use std::collections::BTreeSet;

use super::bench::Bench;

/// Changes, and how many are made between two looks.
const CHANGES: usize = 200;
const BETWEEN: usize = 25;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A phone that no row of the roster names.
fn phone(dice: &mut Dice) -> String {
    format!("SEP0011223300{}", 10 + dice.below(36))
}

/// A device profile that none names.
fn profile(dice: &mut Dice) -> &'static str {
    dice.one(&["UDP_1002", "UDP_1003", "UDP_1005", "UDP_1006"])
}

/// A user that none names.
fn user(dice: &mut Dice) -> String {
    format!("agent{}", 1010 + dice.below(15))
}

/// The `at`th change.
fn change(at: usize, dice: &mut Dice) -> String {
    let (phone, profile, user) = (phone(dice), profile(dice), user(dice));
    let anyone = if dice.below(4) == 0 { profile.to_owned() } else { phone.clone() };
    let of = |name: &str| format!("fkdevice in (select pkid from device where name = '{name}')");
    match dice.below(20) {
        0 => format!("update device set description = 'Changed {at}' where name = '{anyone}'"),
        1 => format!("update device set allowcticontrolflag = 'f' where name = '{anyone}'"),
        2 => format!("update device set tkuserlocale = 3 where name = '{anyone}'"),
        3 => format!(
            "update device set tkphoneservicedisplay = {} where name = '{anyone}'",
            dice.below(4)
        ),
        4 => format!(
            "update device set fkcommondeviceconfig = (select pkid from commondeviceconfig where name = 'Dual Stack Phones') where name = '{phone}'"
        ),
        5 => format!(
            "update devicenumplanmap set maxnumcalls = {}, busytrigger = 3 where {}",
            4 + dice.below(3),
            of(&anyone)
        ),
        6 => format!("insert into numplan (dnorpattern, description) values ('7{at:03}', 'New')"),
        7 => format!(
            "insert or ignore into devicenumplanmap (fkdevice, numplanindex, fknumplan) select d.pkid, {}, n.pkid \
             from device d, numplan n where d.name = '{anyone}' and n.dnorpattern = '4000'",
            2 + dice.below(6)
        ),
        8 => format!(
            "insert or ignore into linegroupnumplanmap (fklinegroup, fknumplan) select g.pkid, m.fknumplan \
             from linegroup g, devicenumplanmap m inner join device d on d.pkid = m.fkdevice where d.name = '{phone}'"
        ),
        9 => format!("delete from devicenumplanmap where {}", of(&anyone)),
        10 => {
            let subscriber = if dice.below(2) == 0 { "SEP001122330009" } else { &phone };
            format!(
                "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, servicenameascii) \
                 select d.pkid, t.pkid, 'Weather {at}', 'Weather {at}' from device d, telecasterservice t \
                 where d.name = '{subscriber}' and t.name = 'Weather'"
            )
        }
        11 => format!(
            "update telecasterservice set urltemplate = 'http://weather.example.com/{at}' where name = 'Weather'"
        ),
        12 => format!(
            "insert into telecasterservice (name, nameascii, urltemplate) values ('Lunch {at}', 'Lunch {at}', 'http://lunch.example.com/')"
        ),
        13 => format!("update enduser set department = 'Moved {at}' where userid = '{user}'"),
        14 => format!("update enduser set allowcticontrolflag = 'f' where userid = '{user}'"),
        15 => format!("insert into enduser (userid, lastname) values ('new{at}', 'New')"),
        16 => format!(
            "update processconfig set paramvalue = 'Cluster{at}' where paramname = 'ClusterID'"
        ),
        17 => format!(
            "insert or ignore into applicationuserdevicemap (fkdevice, fkapplicationuser, tkuserassociation) \
             select d.pkid, u.pkid, 1 from device d, applicationuser u where d.name = '{phone}' and u.name = 'jtapi'"
        ),
        18 => format!("update sandbox_phone set status = 'UnRegistered' where {}", of(&phone)),
        _ => format!(
            "update devicexml4k set xml = xml || '<simplifiedNewCall>1</simplifiedNewCall>' where {} \
             and xml not like '%simplifiedNewCall%'",
            of(&phone)
        ),
    }
}

/// What is found and what could not be judged, as far as it counts.
fn judged(bench: &Bench) -> BTreeSet<String> {
    let document = bench.lab.run(&["verify", "site.yaml", "--output", "json"]).json();
    let deployment = &document["deployments"][0];
    let findings = deployment["findings"].as_array().unwrap().iter();
    let counts = findings.filter(|finding| finding["severity"] != "info");
    let unjudged = deployment["not_checked"].as_array().unwrap().iter();
    counts.chain(unjudged).map(ToString::to_string).collect()
}

#[test]
fn what_is_nobodys_concern_gives_no_finding() {
    let bench = Bench::healthy();
    let before = judged(&bench);
    let mut dice = Dice(20_260_501);
    let mut made = Vec::new();
    for at in 1..=CHANGES {
        let change = change(at, &mut dice);
        bench.lab.sql(&change);
        made.push(change);
        if at % BETWEEN == 0 {
            let after = judged(&bench);
            let new: Vec<_> = after.difference(&before).collect();
            let last = &made[made.len() - BETWEEN..];
            assert!(new.is_empty(), "{new:#?}\nafter:\n{}", last.join("\n"));
        }
    }
    assert_eq!(made.len(), CHANGES);
}
