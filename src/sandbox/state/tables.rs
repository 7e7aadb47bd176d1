//! The tables, with their keys, cascades and rules.
//!
//! Table and column names: facts/axl.md sections 9, 11, 12, 14, 17. The names of `telecasterserviceparameter`'s
//! columns beyond `pkid` and `name` are not documented; these are a guess, readable from `syscolumns`.
//! Tables named `sandbox_…` are the sandbox's own and invisible to SQL over AXL.

use rusqlite::Connection;

use super::grown;

/// Whether the tables are there.
///
/// # Errors
/// The database's own.
pub fn exist(connection: &Connection) -> rusqlite::Result<bool> {
    connection.table_exists(None, "sandbox_keeping")
}

/// Creates all tables and the catalogue.
///
/// # Errors
/// The database's own.
pub fn create(connection: &Connection) -> rusqlite::Result<()> {
    complete(connection)?;
    connection.execute_batch(TRIGGERS)
}

/// Lets rows in that another server has held to its rules already. Keys still have to lead somewhere.
///
/// # Errors
/// The database's own, and those of `fill`.
pub fn without_rules(
    connection: &Connection,
    fill: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut named = connection.prepare("select name from sqlite_master where type = 'trigger'")?;
    let triggers: Vec<String> =
        named.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for name in triggers {
        connection.execute_batch(&format!("drop trigger {name}"))?;
    }
    connection.pragma_update(None, "ignore_check_constraints", "on")?;
    fill()?;
    connection.pragma_update(None, "ignore_check_constraints", "off")?;
    connection.execute_batch(TRIGGERS)
}

/// Creates what is missing: everything in a new cluster, and what came later in one kept by an earlier version of the
/// sandbox.
///
/// # Errors
/// The database's own.
pub fn complete(connection: &Connection) -> rusqlite::Result<()> {
    let count = "select count(*) from sqlite_master where type = 'table'";
    let before: i64 = connection.query_row(count, [], |row| row.get(0))?;
    for name in TYPE_TABLES {
        connection.execute_batch(&format!(
            "create table if not exists {name} (enum integer primary key, name text not null unique, moniker text)"
        ))?;
    }
    let pkid = format!("pkid text primary key not null default {RANDOM_PKID}");
    let vendor = TABLES
        .replace("PKID", &pkid)
        .replace("create table ", "create table if not exists ")
        .replace("create index ", "create index if not exists ");
    let grown = grown::columns(connection)?;
    connection.execute_batch(&vendor)?;
    connection.execute_batch(OWN)?;
    connection.execute_batch(REPLACED)?;
    let after: i64 = connection.query_row(count, [], |row| row.get(0))?;
    if before == after && !grown { Ok(()) } else { catalogue(connection) }
}

/// The sandbox's own tables.
const OWN: &str = "
create table if not exists sandbox_finesse (host text primary key, stored_user text not null, stored_sha256 text not null,
  running_user text not null, running_sha256 text not null);
create table if not exists sandbox_phone (fkdevice text primary key references device on delete cascade, webaccess text not null,
  webprotocol text not null, busy text not null default 'f', registered text not null default 't', applied integer not null default 0,
  status text, httpd text, cti text, load text, node text);
create table if not exists sandbox_phone_url (fkdevice text primary key references device on delete cascade, authentication text not null default '',
  secure text not null default '');
create table if not exists sandbox_menu (fkdevice text primary key references device on delete cascade, entries text not null);
create table if not exists sandbox_unticked (fkdevice text not null references device on delete cascade, element text not null,
  primary key (fkdevice, element));
create table if not exists sandbox_captured (name text primary key);
create table if not exists sandbox_told (subject text not null, name text not null, status integer not null, media text not null,
  body text not null, primary key (subject, name));
create table if not exists sandbox_certificate_file (host text not null, store text not null,
  fkcertificate text references certificate on delete cascade, pem text);
";

/// What an earlier version of the sandbox made and nothing needs any more.
const REPLACED: &str = "drop index if exists subscribed_by_service";

fn catalogue(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "drop table if exists syscolumns; drop table if exists systables;
         create table systables (tabid integer primary key, tabname text not null unique, owner text);
         create table syscolumns (colname text not null, tabid integer not null references systables, colno integer);
         insert into systables (tabname, owner)
           select lower(name), 'informix' from sqlite_master
             where type = 'table' and name not like 'sqlite%' and name not like 'sandbox%' order by name;
         insert into syscolumns (colname, tabid, colno)
           select lower(c.name), t.tabid, c.cid + 1 from systables t, pragma_table_info(t.tabname) c;",
    )
}

const TYPE_TABLES: [&str; 17] = [
    "typemodel",
    "typeclass",
    "typeproduct",
    "typedeviceprotocol",
    "typedeviceprofile",
    "typeuserassociation",
    "typephoneservice",
    "typephoneservicecategory",
    "typephoneservicedisplay",
    "typeservice",
    "typeparam",
    "typecertificateservice",
    "typecertificatedistribution",
    "typepatternusage",
    "typedistributealgorithm",
    "typeipaddressingmode",
    "typeuserlocale",
];

/// A random uuid without functions of our own, so that other tools can write to a kept file.
pub const RANDOM_PKID: &str = "(lower(hex(randomblob(4))) || '-' || \
lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-a' || \
substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6))))";

const TABLES: &str = r#"
create table sandbox_keeping (name text primary key, value text not null);
create table sandbox_password (fkapplicationuser text primary key references applicationuser on delete cascade, sha256 text not null);
create table sandbox_login (fkdevice text primary key references device on delete cascade, userid text not null);

create table devicepool (PKID, name text not null unique);
create table phonetemplate (PKID, name text not null unique);
create table directorypluginconfig (PKID, name text not null unique);
create table commonphoneconfig (PKID, name text not null unique, description text default '',
  tkphoneservicedisplay integer not null default 3 references typephoneservicedisplay);
create table commondeviceconfig (PKID, name text not null unique, tkipaddressingmode integer not null default 2 references typeipaddressingmode,
  tkuserlocale integer references typeuserlocale);
create table routepartition (PKID, name text not null unique, description text default '');
create table commonphoneconfigxml (PKID, fkcommonphoneconfig text not null unique references commonphoneconfig on delete cascade, xml text not null default '');
create table enterprisephoneconfigxml (PKID, xml text not null default '');

create table enduser (PKID, userid text not null unique, firstname text default '', middlename text default '', lastname text not null default '',
  mailid text default '', department text default '', telephonenumber text default '', allowcticontrolflag text not null default 't' check (allowcticontrolflag in ('t','f')),
  tkuserlocale integer references typeuserlocale, status integer not null default 1,
  userrank integer not null default 1, fkdirectorypluginconfig text references directorypluginconfig);
create table numplan (PKID, dnorpattern text not null, fkroutepartition text references routepartition, tkpatternusage integer not null default 2
  references typepatternusage, description text default '', allowcticontrolflag text not null default 't' check (allowcticontrolflag in ('t','f')));
create index number_by_pattern on numplan (dnorpattern);
create table linegroup (PKID, name text not null unique, tkdistributealgorithm integer not null default 3 references typedistributealgorithm);
create table linegroupnumplanmap (PKID, fklinegroup text not null references linegroup on delete cascade,
  fknumplan text not null references numplan on delete cascade, lineselectionorder integer not null default 1, unique (fklinegroup, fknumplan));
create table endusernumplanmap (PKID, fkenduser text not null references enduser on delete cascade, fknumplan text not null references numplan on delete cascade, tkdnusage integer not null default 1);

create table device (PKID, name text not null unique, description text default '' constraint device_description check (length(description) <= 128),
  tkmodel integer not null references typemodel, tkclass integer not null references typeclass, tkproduct integer references typeproduct,
  tkdeviceprotocol integer references typedeviceprotocol, tkdeviceprofile integer not null default 0 references typedeviceprofile,
  fkenduser text references enduser, fkdevicepool text references devicepool, fkphonetemplate text references phonetemplate,
  fkcommonphoneconfig text references commonphoneconfig, fkdevice_defaultprofile text references device,
  tkphoneservicedisplay integer not null default 3 references typephoneservicedisplay, fkcommondeviceconfig text references commondeviceconfig,
  tkuserlocale integer references typeuserlocale, allowcticontrolflag text not null default 't' check (allowcticontrolflag in ('t','f')),
  allowhotelingflag text not null default 'f' check (allowhotelingflag in ('t','f')), isactive text not null default 't' check (isactive in ('t','f')));
create table devicenumplanmap (PKID, fkdevice text not null references device on delete cascade, numplanindex integer not null check (numplanindex > 0),
  fknumplan text not null references numplan on delete cascade, label text default '', display text default '', displayascii text default '',
  e164mask text default '', maxnumcalls integer not null default 2, busytrigger integer not null default 1, unique (fkdevice, numplanindex));
create index line_by_number on devicenumplanmap (fknumplan);
create table devicexml4k (PKID, fkdevice text not null unique references device on delete cascade, xml text not null);
create table devicexml8k (PKID, fkdevice text not null unique references device on delete cascade, xml text not null);
create table devicexml16k (PKID, fkdevice text not null unique references device on delete cascade, xml text not null
  constraint device_xml check (length(cast(xml as blob)) <= 16000));
create table enduserdevicemap (PKID, fkenduser text not null references enduser on delete cascade, fkdevice text not null references device on delete cascade,
  defaultprofile text not null default 'f', tkuserassociation integer not null references typeuserassociation, unique (fkenduser, fkdevice, tkuserassociation));

create table telecasterservice (PKID,
  name text not null unique constraint service_name check (length(name) >= 1 and (length(name) <= 32 or tkphoneservicecategory = 4) and instr(name, '"') = 0),
  nameascii text not null default '' constraint service_name_ascii check (length(nameascii) <= 32 and nameascii not glob '*[^ -~]*' and nameascii not glob '*["`]*'),
  description text default '' constraint service_description check (length(description) <= 100 and description not glob '*["`]*' and description not glob ('*[' || char(1) || '-' || char(31) || ']*')),
  urltemplate text default '' constraint service_url check (length(urltemplate) <= 512 and urltemplate not glob '*[^ -~]*' and urltemplate not glob '*["`]*'),
  secureurltemplate text default '' constraint service_secure_url check (length(secureurltemplate) <= 512 and secureurltemplate not glob '*[^ -~]*' and secureurltemplate not glob '*["`]*'),
  tkphoneservice integer not null default 0 references typephoneservice, tkphoneservicecategory integer not null default 0 references typephoneservicecategory,
  vendor text default '' constraint service_vendor check (length(vendor) <= 64 and instr(vendor, '"') = 0 and (tkphoneservicecategory <> 1 or length(vendor) > 0)),
  version text default '', enabled text not null default 't' check (enabled in ('t','f')),
  enterprisesubscription text not null default 'f' check (enterprisesubscription in ('t','f')), priority integer not null default 50);
create table telecasterserviceparameter (PKID, fktelecasterservice text not null references telecasterservice on delete cascade,
  name text not null constraint parameter_name check (length(name) between 1 and 50 and name not glob '*[^a-zA-Z0-9_./:;,-]*'),
  displayname text not null constraint parameter_display_name check (length(displayname) between 1 and 50 and displayname not glob '*[^ -~]*' and displayname not glob '*["%&<>]*'),
  defaultvalue text default '' constraint parameter_default check (length(defaultvalue) <= 100 and defaultvalue not glob '*[^ -~]*' and instr(defaultvalue, '"') = 0),
  description text default '' constraint parameter_description check (length(description) <= 500 and description not glob '*["%<>]*' and description not glob ('*[' || char(1) || '-' || char(31) || ']*')),
  paramrequired text not null default 't' check (paramrequired in ('t','f')), parampassword text not null default 'f' check (parampassword in ('t','f')),
  unique (fktelecasterservice, name));
create table telecastersubscribedservice (PKID, fkdevice text not null references device on delete cascade,
  fktelecasterservice text not null references telecasterservice on delete cascade,
  servicename text not null constraint subscribed_name check (length(servicename) between 1 and 32 and instr(servicename, '"') = 0),
  servicenameascii text not null default '' constraint subscribed_name_ascii check (length(servicenameascii) <= 32 and servicenameascii not glob '*[^ -~]*'),
  serviceurl text default '' constraint subscribed_url check (length(serviceurl) <= 512),
  secureserviceurl text default '' constraint subscribed_secure_url check (length(secureserviceurl) <= 512),
  urlbuttonindex integer not null default 0,
  urllabel text not null default '' constraint subscribed_label check (length(urllabel) <= 50 and urllabel not glob '*["%&<>]*'),
  urllabelascii text not null default '' constraint subscribed_label_ascii check (length(urllabelascii) <= 50 and urllabelascii not glob '*[^ -~]*' and urllabelascii not glob '*["%&<>]*'),
  priority integer not null default 50 constraint subscribed_priority check (priority between 1 and 100));
create index subscribed_by_device on telecastersubscribedservice (fkdevice);
create index subscribed_in_order on telecastersubscribedservice (fktelecasterservice, pkid);
create index subscribed_by_key on telecastersubscribedservice (pkid, fktelecasterservice, fkdevice);
create table telecastersubscribedparameter (PKID,
  fktelecastersubscribedservice text not null references telecastersubscribedservice on delete cascade,
  fktelecasterserviceparameter text not null references telecasterserviceparameter on delete cascade,
  value text not null default '' constraint subscribed_value check (length(value) <= 100 and value not glob '*[^ -~]*' and instr(value, '"') = 0),
  unique (fktelecastersubscribedservice, fktelecasterserviceparameter)) without rowid;
create index subscribed_parameter_by_parameter on telecastersubscribedparameter (fktelecasterserviceparameter);

create table applicationuser (PKID, name text not null unique constraint application_user_id check (length(name) between 1 and 128 and name not glob '*["\/{}~|]*'),
  isstandard text not null default 'f', userrank integer not null default 1, presencegroup text not null default 'Standard Presence Group',
  acceptpresencesubscription text not null default 'f', acceptoutofdialogrefer text not null default 'f', acceptunsolicitednotification text not null default 'f',
  allowreplaceheader text not null default 'f');
create table applicationuserdevicemap (PKID, description text default '' constraint map_description check (length(description) <= 50 and instr(description, '"') = 0),
  fkdevice text not null references device on delete cascade, fkapplicationuser text not null references applicationuser on delete cascade,
  tkuserassociation integer not null references typeuserassociation, unique (fkapplicationuser, fkdevice, tkuserassociation));
create index map_in_order on applicationuserdevicemap (fkapplicationuser, tkuserassociation, pkid);
create index map_by_device on applicationuserdevicemap (fkdevice);
create table dirgroup (PKID, name text not null unique, isstandard text not null default 't');
create table applicationuserdirgroupmap (PKID, fkapplicationuser text not null references applicationuser on delete cascade,
  fkdirgroup text not null references dirgroup on delete cascade, unique (fkapplicationuser, fkdirgroup));
create table enduserdirgroupmap (PKID, fkenduser text not null references enduser on delete cascade,
  fkdirgroup text not null references dirgroup on delete cascade, unique (fkenduser, fkdirgroup));

create table processnode (PKID, name text not null unique, description text default '', isactive text not null default 't',
  nodeusage text not null default 'Subscriber', processnoderole text not null default 'CUCM Voice/Video');
create table certificate (PKID, subjectname text not null default '', issuername text not null default '', serialnumber text not null default '',
  certificate text not null default '', servername text default '', ipv4address text default '', tkcertificatedistribution integer not null default 0
  references typecertificatedistribution);
create table certificateservicecertificatemap (PKID, fkcertificate text not null references certificate on delete cascade,
  tkcertificateservice integer not null references typecertificateservice, unique (fkcertificate, tkcertificateservice));
create table certificateprocessnodemap (PKID, fkcertificate text not null references certificate on delete cascade,
  fkprocessnode text not null references processnode on delete cascade, servername text default '', unique (fkcertificate, fkprocessnode));
create table processconfig (PKID, paramname text not null, paramvalue text default '', fkprocessnode text not null references processnode on delete cascade,
  tkservice integer not null references typeservice, tkparam integer not null default 4 references typeparam, unique (fkprocessnode, tkservice, paramname));
"#;

const TRIGGERS: &str = "
create trigger subscription_of_busy_device before insert on telecastersubscribedservice
  when exists (select 1 from sandbox_login where fkdevice = new.fkdevice) begin select raise(abort, 'RULE device_logged_in'); end;
create trigger subscription_of_busy_device_2 before update on telecastersubscribedservice
  when exists (select 1 from sandbox_login where fkdevice = new.fkdevice) begin select raise(abort, 'RULE device_logged_in'); end;
create trigger subscription_of_busy_device_3 before delete on telecastersubscribedservice
  when exists (select 1 from sandbox_login where fkdevice = old.fkdevice) begin select raise(abort, 'RULE device_logged_in'); end;
create trigger busy_device before update on device
  when exists (select 1 from sandbox_login where fkdevice = new.pkid) begin select raise(abort, 'RULE device_logged_in'); end;
create trigger busy_device_2 before delete on device
  when exists (select 1 from sandbox_login where fkdevice = old.pkid) begin select raise(abort, 'RULE device_logged_in'); end;
create trigger value_of_busy_device before insert on telecastersubscribedparameter
  when exists (select 1 from sandbox_login l, telecastersubscribedservice s where s.pkid = new.fktelecastersubscribedservice and l.fkdevice = s.fkdevice)
  begin select raise(abort, 'RULE device_logged_in'); end;
create trigger value_of_busy_device_2 before update on telecastersubscribedparameter
  when exists (select 1 from sandbox_login l, telecastersubscribedservice s where s.pkid = new.fktelecastersubscribedservice and l.fkdevice = s.fkdevice)
  begin select raise(abort, 'RULE device_logged_in'); end;
create trigger value_of_busy_device_3 before delete on telecastersubscribedparameter
  when exists (select 1 from sandbox_login l, telecastersubscribedservice s where s.pkid = old.fktelecastersubscribedservice and l.fkdevice = s.fkdevice)
  begin select raise(abort, 'RULE device_logged_in'); end;
create trigger value_of_another_service before insert on telecastersubscribedparameter
  when (select s.fktelecasterservice from telecastersubscribedservice s where s.pkid = new.fktelecastersubscribedservice)
    <> (select p.fktelecasterservice from telecasterserviceparameter p where p.pkid = new.fktelecasterserviceparameter)
  begin select raise(abort, 'RULE foreign_parameter'); end;
create trigger too_many_subscriptions before insert on telecastersubscribedservice
  when (select count(*) from telecastersubscribedservice where fkdevice = new.fkdevice) >= 100 begin select raise(abort, 'RULE too_many_subscriptions'); end;
create trigger enterprise_service before insert on telecastersubscribedservice
  when (select enterprisesubscription from telecasterservice where pkid = new.fktelecasterservice) = 't' begin select raise(abort, 'RULE enterprise_service'); end;
create trigger enterprise_parameter before insert on telecasterserviceparameter
  when (select enterprisesubscription from telecasterservice where pkid = new.fktelecasterservice) = 't' begin select raise(abort, 'RULE enterprise_parameter'); end;
create trigger user_id_taken before insert on applicationuser
  when exists (select 1 from enduser where userid = new.name) begin select raise(abort, 'RULE user_id_taken'); end;
create trigger user_id_taken_2 before update of name on applicationuser
  when exists (select 1 from enduser where userid = new.name) begin select raise(abort, 'RULE user_id_taken'); end;
create trigger user_id_taken_3 before insert on enduser
  when exists (select 1 from applicationuser where name = new.userid) begin select raise(abort, 'RULE user_id_taken'); end;
create trigger last_super_user before delete on applicationuserdirgroupmap
  when (select name from dirgroup where pkid = old.fkdirgroup) = 'Standard CCM Super Users'
    and (select count(*) from applicationuserdirgroupmap where fkdirgroup = old.fkdirgroup) = 1
  begin select raise(abort, 'RULE last_super_user'); end;
";
