"""The deployment that is measured: a roster of N phones with two services, phone settings and the phones' configuration.

A site in sync is made once: `apply` of a few phones makes the services and the application user; the other phones get the
same rows by SQL at the sandbox's control port, because tens of thousands of writes would take longer than what is measured.
That the result is in sync is for `verify` to say, which is what is measured.
"""

import json

from .laboratory import ROOT, Unusable

ALLOW = "sql,removal,clear-values,cluster-wide,replace-service,restart"
SERVICES = ("Cisco Finesse", "Cisco Finesse Secondary")
#: Phones that are applied when a site is made.
FEW = 10


def device(number):
    """The name the sandbox gives to its so-manieth additional phone."""
    return f"SEP5C{number:010X}"


def roster(lab, numbers, name="agents.csv"):
    rows = [f"{device(n)},{20000 + n},{40000 + n}" for n in numbers]
    lab.write(name, "\n".join(["device,id,extension", *rows]) + "\n")


def playbook(lab, phones, apply="never", more=""):
    """Writes `playbook.yaml` with its roster and passwords."""
    roster(lab, range(phones))
    passwords = [f"{20000 + n},Secret{n}" for n in range(phones)]
    lab.write("passwords.csv", "\n".join(["id,password", *passwords]) + "\n")
    text = (ROOT / "playbooks" / "two-node-uccx.yaml").read_text()
    text = text.replace("roster: two-node-uccx.csv", "roster: agents.csv")
    text = text.replace("two-node-uccx-passwords.csv", "passwords.csv")
    text += (
        "\nphone_settings: { scope: phones, web_access: enabled, https_server: https-only }\n"
        # As fast as a playbook can ask for: what is measured is the rest.
        f"phone_apply: {{ when: {apply}, how: apply, busy: proceed, per_minute: 6000 }}\n"
        "dialect: { https_only_value: 1 }\n"
    )
    lab.write("playbook.yaml", text + more + lab.pins)


#: What a configuration is filled with.
FILLING = "<settingOfThis>some value</settingOfThis>"
#: 0.2 to 12 KB; the mean is 0.6.
SIZES = "case when n % 200 = 3 then 12000 when n % 100 = 7 then 6000 else 200 + (n * 37) % 590 end"


def configurations(lab, wanted):
    """Gives each phone a configuration of the sizes above; with the wanted settings or without."""
    own = "<webAccess>0</webAccess><webProtocol>1</webProtocol>" if wanted else "<webAccess>1</webAccess>"
    numbered(lab)
    text = f"'{own}' || replace(hex(zeroblob(max(0, (size - {len(own)}) / {len(FILLING)}))), '00', '{FILLING}')"
    lab.sql(
        "delete from devicexml4k where fkdevice in (select pkid from bench_phone);"
        "delete from devicexml8k where fkdevice in (select pkid from bench_phone);"
        "delete from devicexml16k where fkdevice in (select pkid from bench_phone);"
        "drop table if exists bench_size;"
        f"create temp table bench_size as select pkid, {SIZES} size from bench_phone;"
        f"insert into devicexml4k (fkdevice, xml) select pkid, {text} from bench_size where size < 4000;"
        f"insert into devicexml8k (fkdevice, xml) select pkid, {text} from bench_size where size between 4000 and 7999;"
        f"insert into devicexml16k (fkdevice, xml) select pkid, {text} from bench_size where size >= 8000;"
        # What the phones run is apart from what they are configured to.
        f"update sandbox_phone set webaccess = '{0 if wanted else 1}', webprotocol = '{1 if wanted else 0}' "
        "where fkdevice in (select pkid from bench_phone);"
    )


def configuration_bytes(lab):
    """Smallest, largest and mean configuration of the roster's phones, in bytes."""
    lengths = " union all ".join(
        f"select length(x.xml) l from {table} x join bench_phone b on b.pkid = x.fkdevice"
        for table in ("devicexml4k", "devicexml8k", "devicexml16k")
    )
    row = lab.sql(f"select min(l) smallest, max(l) largest, avg(l) mean from ({lengths})")[0]
    return {name: round(value) for name, value in row.items()}


def numbered(lab):
    """Numbers the additional phones by name, as the roster does."""
    lab.sql(
        "drop table if exists bench_phone; create temp table bench_phone as "
        "select pkid, name, row_number() over (order by name) - 1 n from device where name like 'SEP5C%';"
        "create unique index if not exists bench_phone_key on bench_phone (pkid);"
    )


def in_sync(lab, phones):
    """Makes a site of so many phones that is as its playbook wants it."""
    playbook(lab, phones)
    roster(lab, range(min(FEW, phones)))
    lab.ippactl("apply", "--yes", "--allow", ALLOW, timeout=300).expect(0)
    roster(lab, range(phones))
    configurations(lab, wanted=True)
    without = "not in (select s.fkdevice from telecastersubscribedservice s where s.fktelecasterservice = t.pkid)"
    lab.sql(
        "insert into applicationuserdevicemap (fkdevice, fkapplicationuser, tkuserassociation) "
        "select b.pkid, u.pkid, 1 from bench_phone b join applicationuser u on u.name = 'ippa' "
        "where b.pkid not in (select fkdevice from applicationuserdevicemap where fkapplicationuser = u.pkid);"
        "insert into telecastersubscribedservice "
        "(fkdevice, fktelecasterservice, servicename, servicenameascii, serviceurl, secureserviceurl) "
        "select b.pkid, t.pkid, t.name, t.nameascii, t.urltemplate || v.query, t.secureurltemplate || v.query "
        "from (select pkid, '?id=' || (20000 + n) || '&extension=' || (40000 + n) || '&password=Secret' || n query "
        f"from bench_phone) v join bench_phone b on b.pkid = v.pkid join telecasterservice t on t.name in {SERVICES} "
        f"where b.pkid {without};"
        "insert into telecastersubscribedparameter (fktelecastersubscribedservice, fktelecasterserviceparameter, value) "
        "select s.pkid, p.pkid, case p.name when 'id' then 20000 + b.n when 'extension' then 40000 + b.n "
        "else 'Secret' || b.n end from telecastersubscribedservice s join bench_phone b on b.pkid = s.fkdevice "
        "join telecasterservice t on t.pkid = s.fktelecasterservice "
        f"join telecasterserviceparameter p on p.fktelecasterservice = t.pkid where t.name in {SERVICES} "
        "and s.pkid not in (select fktelecastersubscribedservice from telecastersubscribedparameter);"
    )


def counted(lab):
    """Rows of the two services, as the database has them."""
    services = f"(select pkid from telecasterservice where name in {SERVICES})"
    return {
        "subscriptions": lab.count(
            f"select count(*) from telecastersubscribedservice where fktelecasterservice in {services}"
        ),
        "values": lab.count(
            "select count(*) from telecastersubscribedparameter v join telecastersubscribedservice s "
            f"on s.pkid = v.fktelecastersubscribedservice where s.fktelecasterservice in {services}"
        ),
    }


def differ(lab, numbers):
    """Changes these phones by hand, each in another of three ways."""
    chosen = sorted(numbers)
    for index, number in enumerate(chosen):
        of = f"(select pkid from device where name = '{device(number)}')"
        if index % 3 == 0:
            lab.sql(
                "update telecastersubscribedservice set serviceurl = replace(serviceurl, '?id=', '?id=9') "
                f"where fkdevice = {of} and servicename = '{SERVICES[0]}'"
            )
        elif index % 3 == 1:
            lab.sql(
                "update telecastersubscribedparameter set value = '999999' where fktelecastersubscribedservice in "
                f"(select pkid from telecastersubscribedservice where fkdevice = {of} and servicename = '{SERVICES[1]}') "
                "and fktelecasterserviceparameter in (select pkid from telecasterserviceparameter where name = 'extension')"
            )
        else:
            tables = ("devicexml4k", "devicexml8k", "devicexml16k")
            lab.sql(";".join(
                f"update {table} set xml = replace(xml, '<webAccess>0<', '<webAccess>1<') where fkdevice = {of}"
                for table in tables
            ))
    return [device(number) for number in chosen]


def whole(lab, phones):
    """Holds the database to the roster: each phone has both subscriptions once, with its three values each."""
    numbered(lab)
    services = f"(select pkid from telecasterservice where name in {SERVICES})"
    doubled = lab.count(
        "select count(*) from (select s.fkdevice from telecastersubscribedservice s join bench_phone b on b.pkid = s.fkdevice "
        f"where s.fktelecasterservice in {services} and b.n < {phones} group by s.fkdevice, s.fktelecasterservice "
        "having count(*) > 1)"
    )
    rows = lab.count(
        "select count(*) from telecastersubscribedservice s join bench_phone b on b.pkid = s.fkdevice "
        f"where s.fktelecasterservice in {services} and b.n < {phones}"
    )
    values = lab.count(
        "select count(*) from telecastersubscribedparameter v join telecastersubscribedservice s "
        "on s.pkid = v.fktelecastersubscribedservice join bench_phone b on b.pkid = s.fkdevice "
        f"where s.fktelecasterservice in {services} and b.n < {phones}"
    )
    return {"doubled": doubled, "lost": 2 * phones - (rows - doubled), "values_lost": 6 * phones - values}


def verified(lab, words=(), **how):
    """A `verify` that must find the site in sync, and its one deployment."""
    ran = lab.ippactl("verify", "--output", "json", *words, **how)
    if ran.code != 0:
        raise Unusable(f"verify ended with {ran.code}: {(ran.stderr or ran.stdout).strip()[-400:]}")
    return ran, json.loads(ran.stdout)["deployments"][0]
