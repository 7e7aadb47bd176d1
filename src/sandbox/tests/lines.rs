//! Numbers, lines, line groups and common device configurations, over AXL and over SQL.

use super::{ask, refused, rows, site};

const LINES: &str = "select d.name, m.numplanindex, n.dnorpattern, p.name as partition, m.maxnumcalls, m.busytrigger, n.allowcticontrolflag \
    from devicenumplanmap m join device d on d.pkid = m.fkdevice join numplan n on n.pkid = m.fknumplan \
    left outer join routepartition p on p.pkid = n.fkroutepartition";

#[test]
fn every_roster_phone_has_its_agents_line_on_one_device() {
    let site = site();
    let all = rows(&site, &format!("{LINES} order by d.name, m.numplanindex"));
    for line in [
        "SEP001122330005|1|2005|PT_Agents|2|1|t",
        "SEP001122330001|1|3001|PT_Agents|2|1|t",
        "UDP_1001|1|2001|PT_Agents|2|1|t",
        "UDP_1005|1|2105|PT_Agents|2|1|t",
        "SEP001122330048|2|4000|PT_Agents|2|1|t",
    ] {
        assert!(all.iter().any(|own| own == line), "{line}: {all:?}");
    }
    let shared = "select fknumplan, count(*) as number from devicenumplanmap group by fknumplan having count(*) > 1";
    assert!(rows(&site, shared).is_empty());
    let modes = "select c.name, t.name as mode from commondeviceconfig c, typeipaddressingmode t where t.enum = c.tkipaddressingmode order by 1";
    assert_eq!(rows(&site, modes), ["Dual Stack Phones|IPv4 and IPv6", "IPv4 Phones|IPv4 Only"]);
}

#[test]
fn a_phone_and_a_profile_tell_their_lines() {
    let site = site();
    let phone = ask(&site, "getPhone", "<name>SEP001122330048</name>");
    let phone = phone.child("phone").unwrap();
    let lines: Vec<_> = phone.child("lines").unwrap().all("line").collect();
    assert_eq!(lines.len(), 2);
    let number = lines[1].child("dirn").unwrap();
    assert_eq!(number.value("pattern"), Some("4000"));
    assert_eq!(number.value("routePartitionName"), Some("PT_Agents"));
    assert_eq!(
        (lines[0].value("maxNumCalls"), lines[0].value("busyTrigger")),
        (Some("2"), Some("1"))
    );
    assert_eq!(phone.value("allowCtiControlFlag"), Some("true"));
    let tags = "<returnedTags><lines><line><dirn><pattern/></dirn></line></lines></returnedTags>";
    let profile = ask(&site, "getDeviceProfile", &format!("<name>UDP_1006</name>{tags}"));
    assert!(profile.xml().contains("<pattern>2106</pattern>"), "{}", profile.xml());
    let change = "<name>SEP001122330030</name><commonDeviceConfigName>Dual Stack Phones</commonDeviceConfigName><userLocale>German Germany</userLocale><allowCtiControlFlag>false</allowCtiControlFlag>";
    ask(&site, "updatePhone", change);
    let told = ask(&site, "getPhone", "<name>SEP001122330030</name>").xml();
    for part in ["Dual Stack Phones<", "German Germany<", "<allowCtiControlFlag>false<"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let (code, _) = refused(
        &site,
        "updatePhone",
        "<name>SEP001122330030</name><commonDeviceConfigName>x</commonDeviceConfigName>",
    );
    assert_eq!(code, 5003);
}

#[test]
fn numbers_and_groups_are_found_by_name() {
    let site = site();
    let line = ask(
        &site,
        "getLine",
        "<pattern>2005</pattern><routePartitionName>PT_Agents</routePartitionName>",
    );
    let line = line.child("line").unwrap();
    assert_eq!(line.value("usage"), Some("Device"));
    assert_eq!(line.child("associatedDevices").unwrap().value("device"), Some("SEP001122330005"));
    let (code, _) = refused(&site, "getLine", "<pattern>2005</pattern>");
    assert_eq!(code, 5007, "a number without a partition is another one");
    site.database()
        .execute_batch("insert into numplan (dnorpattern, fkroutepartition) select '2005', pkid from routepartition where name = 'PT_Lab'")
        .unwrap();
    let list = "<searchCriteria><pattern>2005</pattern></searchCriteria><returnedTags><pattern/><routePartitionName/></returnedTags>";
    assert_eq!(ask(&site, "listLine", list).all("line").count(), 2);
    let group = ask(&site, "getLineGroup", "<name>LG_Reception</name>");
    let group = group.child("lineGroup").unwrap();
    let member = group.child("members").unwrap().child("member").unwrap();
    assert_eq!(member.child("directoryNumber").unwrap().value("pattern"), Some("4000"));
    let list =
        "<searchCriteria><name>%</name></searchCriteria><returnedTags><name/></returnedTags>";
    assert_eq!(ask(&site, "listLineGroup", list).all("lineGroup").count(), 1);
    let config = ask(&site, "getCommonDeviceConfig", "<name>IPv4 Phones</name>");
    assert_eq!(
        config.child("commonDeviceConfig").unwrap().value("ipAddressingMode"),
        Some("IPv4 Only")
    );
    assert_eq!(ask(&site, "listCommonDeviceConfig", list).all("commonDeviceConfig").count(), 2);
    let (_, text) = refused(&site, "listLine", "<returnedTags><pattern/></returnedTags>");
    assert!(text.contains("searchCriteria"), "{text}");
    let profile =
        "<name>Lobby Phones</name><phoneServiceDisplay>External URL</phoneServiceDisplay>";
    ask(&site, "updateCommonPhoneConfig", profile);
    let told = ask(&site, "getCommonPhoneConfig", "<name>Lobby Phones</name>").xml();
    assert!(told.contains("<phoneServiceDisplay>External URL<"), "{told}");
}
