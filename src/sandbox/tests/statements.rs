//! SQL over AXL works on the tables that the operations work on.

use super::{ask, refused, rows, site};

fn update(site: &crate::sandbox::site::Site, sql: &str) -> String {
    ask(site, "executeSQLUpdate", &format!("<sql>{sql}</sql>"))
        .value("rowsUpdated")
        .unwrap()
        .to_owned()
}

#[test]
fn the_bulk_query_of_subscriptions_works() {
    let site = site();
    let found = rows(
        &site,
        "select skip 1 first 2 d.name device, s.serviceurl, s.secureserviceurl, s.urlbuttonindex, p.name parameter, v.value
           from telecastersubscribedservice s inner join device d on d.pkid = s.fkdevice
           inner join telecasterservice t on t.pkid = s.fktelecasterservice
           left outer join telecastersubscribedparameter v on v.fktelecastersubscribedservice = s.pkid
           left outer join telecasterserviceparameter p on p.pkid = v.fktelecasterserviceparameter
           where t.name = 'Cisco Finesse' order by d.name, s.pkid, p.name",
    );
    let url = "http://old-fin.example.com:8082/fippa/#DEVICENAME#";
    assert_eq!(
        found,
        [
            format!("SEP001122330013|{url}?id=1013&extension=2013||0|id|1013"),
            format!("SEP001122330014|{url}?id=1014&extension=2014||0|extension|2014"),
        ]
    );
    let columns = rows(
        &site,
        "select c.colname from systables t, syscolumns c where t.tabid = c.tabid and t.tabname = 'telecasterserviceparameter' order by c.colno",
    );
    assert_eq!(columns[..3], ["pkid", "fktelecasterservice", "name"]);
    let answer = ask(
        &site,
        "executeSQLQuery",
        "<sql>select COUNT(*), d.NAME AS Device from device d where d.name = 'SEP001122330001' group by d.name</sql>",
    );
    let names: Vec<&str> =
        answer.children[0].children.iter().map(|cell| cell.name.as_str()).collect();
    assert_eq!(names, ["count", "device"]);
}

#[test]
fn comparisons_are_case_sensitive_and_pkids_lower_case() {
    let site = site();
    assert!(rows(&site, "select name from device where name like 'sep%'").is_empty());
    assert!(
        rows(&site, "select name from dirgroup where name = 'standard cti enabled'").is_empty()
    );
    let pkid = rows(&site, "select pkid from device where name = 'SEP001122330001'").concat();
    assert!(
        rows(&site, &format!("select name from device where pkid = '{}'", pkid.to_uppercase()))
            .is_empty()
    );
    let map = |pkid: &str| {
        format!(
            "<sql>insert into applicationuserdevicemap (fkapplicationuser, fkdevice, tkuserassociation) select u.pkid, '{pkid}', 1 from applicationuser u where u.name = 'jtapi'</sql>"
        )
    };
    assert_eq!(refused(&site, "executeSQLUpdate", &map(&pkid.to_uppercase())).0, -691);
    ask(&site, "executeSQLUpdate", &map(&pkid));
    assert_eq!(refused(&site, "executeSQLUpdate", &map(&pkid)).0, -239);
}

#[test]
fn deltas_touch_one_thing() {
    let site = site();
    let insert = "insert into telecastersubscribedservice (pkid, fkdevice, fktelecasterservice, servicename, serviceurl) select newid(), d.pkid, t.pkid, t.name, nvl(t.urltemplate, '') from device d, telecasterservice t where d.name = 'SEP001122330009' and t.name = 'Cisco Finesse'";
    assert_eq!(update(&site, insert), "1");
    let value = "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value) select s.pkid, p.pkid, '1009' from telecastersubscribedservice s, telecasterserviceparameter p, device d, telecasterservice t where s.fkdevice = d.pkid and s.fktelecasterservice = t.pkid and p.fktelecasterservice = t.pkid and d.name = 'SEP001122330009' and t.name = 'Cisco Finesse' and p.name = 'id'";
    assert_eq!(update(&site, value), "1");
    assert_eq!(refused(&site, "executeSQLUpdate", &format!("<sql>{value}</sql>")).0, -239);
    let phone = ask(&site, "getPhone", "<name>SEP001122330009</name>");
    assert_eq!(phone.child("phone").unwrap().child("services").unwrap().children.len(), 2);
    assert_eq!(
        update(&site, "update device set description = 'x' where name = 'SEPFFFFFFFFFFFF'"),
        "0"
    );
    let (_, text) = refused(
        &site,
        "executeSQLUpdate",
        &format!(
            "<sql>update telecastersubscribedparameter set value = '{}' where value = '1009'</sql>",
            "x".repeat(101)
        ),
    );
    assert!(text.contains("Parameter value"), "{text}");
}

#[test]
fn a_case_writes_blanks_where_nothing_trims_it() {
    let site = site();
    let chosen =
        "case d.name when 'SEP001122330013' then '7' when 'SEP001122330014' then '1014b' end";
    let write = |value: &str| {
        update(
            &site,
            &format!(
                "update telecastersubscribedparameter set value = (select {value} from telecastersubscribedservice s, device d \
                   where s.pkid = fktelecastersubscribedservice and d.pkid = s.fkdevice) \
                 where fktelecasterserviceparameter in (select p.pkid from telecasterserviceparameter p where p.name = 'id') \
                   and fktelecastersubscribedservice in (select s.pkid from telecastersubscribedservice s, device d \
                     where d.pkid = s.fkdevice and d.name in ('SEP001122330013', 'SEP001122330014'))"
            ),
        )
    };
    let read = || {
        rows(
            &site,
            "select '[' || v.value || ']' v from telecastersubscribedparameter v, telecastersubscribedservice s, device d, telecasterserviceparameter p \
               where s.pkid = v.fktelecastersubscribedservice and d.pkid = s.fkdevice and p.pkid = v.fktelecasterserviceparameter \
               and p.name = 'id' and d.name in ('SEP001122330013', 'SEP001122330014') order by d.name",
        )
    };
    assert_eq!(write(chosen), "2");
    assert_eq!(read(), ["[7    ]", "[1014b]"]);
    assert_eq!(write(&format!("trim({chosen})")), "2");
    assert_eq!(read(), ["[7]", "[1014b]"]);
    let insert = |value: &str| {
        update(
            &site,
            &format!(
                "insert into telecastersubscribedservice (fkdevice, fktelecasterservice, servicename, urllabel) \
                 select d.pkid, t.pkid, t.name, {value} from device d, telecasterservice t \
                   where d.name in ('SEP001122330001', 'SEP001122330002') and t.name = 'Weather'"
            ),
        )
    };
    assert_eq!(insert("case when d.name = 'SEP001122330001' then 'a' else 'bcd' end"), "2");
    let labels = "select '[' || s.urllabel || ']' l from telecastersubscribedservice s, device d where d.pkid = s.fkdevice \
                  and d.name in ('SEP001122330001', 'SEP001122330002') order by d.name";
    assert_eq!(rows(&site, labels), ["[a  ]", "[bcd]"]);
}

#[test]
fn errors_have_the_database_s_codes() {
    let site = site();
    let code = |sql: &str| refused(&site, "executeSQLQuery", &format!("<sql>{sql}</sql>")).0;
    assert_eq!(code("select name from device limit 3"), -201);
    assert_eq!(code("selec name from device"), -201);
    assert_eq!(code("select name from nowhere"), -206);
    assert_eq!(code("select name from sandbox_password"), -206);
    assert_eq!(code("select colour from device"), -217);
    assert_eq!(code("select sha256(name) from device"), -674);
    let huge = refused(
        &site,
        "executeSQLUpdate",
        "<sql>update devicexml4k set xml = '' where pkid = 'x'</sql>",
    );
    assert!(huge.1.contains("not allowed"));
}
