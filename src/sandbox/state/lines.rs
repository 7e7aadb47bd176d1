//! The seeded numbers: a line on every desk phone, with the agent's extension where no device profile has it.
//!
//! Every line is as the guides want it for agents: one device, one partition, two calls and a busy trigger of one, and
//! CTI may control it (facts/checks.md, rows `extension-…` and `phone-cti-control-off`).

use rusqlite::{Connection, params};

/// Fills the type tables that lines need.
pub(super) const TYPES: &str = "
insert or ignore into typepatternusage values (0,'CallPark',null),(1,'Conference',null),(2,'Device',null),(3,'Translation',null),
 (4,'Call Pick Up Group',null),(5,'Route',null),(6,'Message Waiting',null),(7,'Hunt Pilot',null);
insert or ignore into typedistributealgorithm values (1,'Top Down',null),(2,'Circular',null),(3,'Longest Idle Time',null),(4,'Broadcast',null);
insert or ignore into typeipaddressingmode values (0,'IPv4 Only',null),(1,'IPv6 Only',null),(2,'IPv4 and IPv6',null);
insert or ignore into typeuserlocale values (1,'English United States',null),(2,'French France',null),(3,'German Germany',null),(4,'Russian Russian Federation',null),
 (5,'Spanish Spain',null),(6,'Italian Italy',null),(7,'Dutch Netherlands',null),(8,'Norwegian Norway',null),(9,'Portuguese Portugal',null),
 (10,'Swedish Sweden',null),(11,'Danish Denmark',null),(12,'Japanese Japan',null),(13,'Hungarian Hungary',null),(14,'Polish Poland',null),
 (15,'Greek Greece',null),(19,'Chinese China',null),(20,'Chinese Taiwan',null),(21,'Korean Korea Republic',null),(22,'Finnish Finland',null),
 (23,'Portuguese Brazil',null),(25,'Czech Czech Republic',null),(29,'Arabic Saudi Arabia',null),(38,'Turkish Turkey',null);
";

/// Device profiles with the number that an agent works with.
const PROFILES: [(&str, usize); 6] = [
    ("UDP_1001", 2001),
    ("UDP_1002", 2002),
    ("UDP_1003", 2003),
    ("UDP_1004", 2004),
    ("UDP_1005", 2105),
    ("UDP_1006", 2106),
];

/// Gives the seeded phones and profiles their lines. A phone whose agent works with a device profile has a desk number.
pub(super) fn site(db: &Connection, phones: &[String]) -> rusqlite::Result<()> {
    db.execute_batch(
        "insert into routepartition (name, description) values ('PT_Agents', 'Numbers of agents'), ('PT_Lab', 'Numbers of the laboratory');
         insert into commondeviceconfig (name, tkipaddressingmode) values ('IPv4 Phones', 0), ('Dual Stack Phones', 2);
         insert into linegroup (name) values ('LG_Reception');
         insert into numplan (dnorpattern, fkroutepartition, description) select '4000', pkid, 'Reception' from routepartition where name = 'PT_Agents';
         insert into linegroupnumplanmap (fklinegroup, fknumplan) select g.pkid, n.pkid from linegroup g, numplan n where n.dnorpattern = '4000';
         update device set fkcommondeviceconfig = (select pkid from commondeviceconfig where name = 'IPv4 Phones')
           where tkclass = 1 and name <= 'SEP001122330024';",
    )?;
    for (at, phone) in phones.iter().enumerate() {
        let number = at + 1;
        line(db, (phone, 1), if number <= 4 { 3000 + number } else { 2000 + number })?;
    }
    for (profile, number) in PROFILES {
        line(db, (profile, 1), number)?;
    }
    // The reception's phone has it as a second line.
    line(db, (&phones[phones.len() - 1], 2), 4000)
}

/// A line of a device: the number is made where it is not there.
pub(super) fn line(
    db: &Connection,
    (device, index): (&str, usize),
    number: usize,
) -> rusqlite::Result<()> {
    let number = number.to_string();
    db.prepare_cached(
        "insert into numplan (dnorpattern, fkroutepartition, description)
           select ?1, p.pkid, 'Extension ' || ?1 from routepartition p where p.name = 'PT_Agents'
             and not exists (select 1 from numplan n where n.dnorpattern = ?1 and n.fkroutepartition = p.pkid)",
    )?
    .execute([&number])?;
    db.prepare_cached(
        "insert into devicenumplanmap (fkdevice, numplanindex, fknumplan, label, display, displayascii)
           select d.pkid, ?2, n.pkid, ?3, ?3, ?3 from device d, numplan n, routepartition p
             where d.name = ?1 and n.dnorpattern = ?3 and n.fkroutepartition = p.pkid and p.name = 'PT_Agents'",
    )?
    .execute(params![device, index, number])?;
    Ok(())
}
