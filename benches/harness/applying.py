"""`apply` of fresh phones: requests by kind, memory, how near to the server's own limit it writes, and what it does when the
server refuses writes."""

import json
import sys

from . import site
from .laboratory import Laboratory, Unusable, run
from .watch import Watch

WORKERS, WRITE_MS = 8, 20
#: In flight: as many as there are workers, which is the playbook's default and leaves each idle for a round trip; and twice
#: as many, which keep them busy.
AT_ONCE = (8, 16)
LIMIT = 1500


def applied(lab, timeout):
    """One `apply` of everything, watched."""
    with Watch(lab) as watch:
        ran = lab.ippactl("apply", "--yes", "--allow", site.ALLOW, "--output", "json", timeout=timeout)
    # A run that was ended has said nothing.
    document = json.loads(ran.stdout) if ran.stdout.strip().startswith("{") else {}
    deployment = (document.get("deployments") or [{}])[0]
    return ran, deployment, watch


def outcome(ran, deployment, watch):
    counted = watch.counted
    span = counted.get("performed") or {}
    states = [step["state"] for step in deployment.get("steps", ())]
    return {
        "exit_code": ran.code, "wall_s": ran.wall, "cpu_s": ran.cpu, "memory_mb": ran.memory,
        "steps": {state: states.count(state) for state in sorted(set(states))},
        "operations": counted["operations"], "kinds": dict(watch.kinds), "statements": dict(watch.statements),
        "writes": counted["writes"], "performed": counted["performed_writes"],
        "span_s": (span["last_ms"] - span["first_ms"]) / 1000 if span.get("first_ms") is not None else None,
        "throttled": counted.get("throttled_writes"), "doubled_writes": counted.get("doubled_writes"),
        "risport": counted["ris_requests"], "finesse": counted["finesse"]["reads"] + counted["finesse"]["writes"],
        "said": "" if ran.code == 0 else (ran.stderr or ran.stdout).strip()[-400:],
    }


def sync(lab):
    """Whether everything is as the playbook wants it afterwards."""
    try:
        return site.verified(lab, timeout=900)[1]["counts"]["devices_in_sync"]
    except Unusable as trouble:
        return str(trouble)


def fresh(phones, timeout, progress=lambda _: None):
    """`apply` of so many fresh phones, with settings, subscriptions, values, and configuration told to each."""
    with Laboratory("--phones", phones) as lab:
        site.playbook(lab, phones, apply="after-change")
        site.configurations(lab, wanted=False)
        progress(f"apply of {phones} fresh phones")
        result = {"phones": phones, **outcome(*applied(lab, timeout))}
        if result["exit_code"] == 0:
            result |= site.whole(lab, phones) | {"in_sync": sync(lab), "sandbox_memory_mb": lab.memory()}
        return result


def generated(lab, first, count, at_once):
    """The raw generator at this server: writes a second."""
    address = lab.ready["connect_to"]["cucm-pub.example.com:8443"]
    authority = lab.folder / "publisher.pem"
    authority.write_text(lab.ready["certificates"]["cucm-pub.example.com:8443"])
    script = __file__.replace("applying.py", "generator.py")
    ran = run([sys.executable, script, address, authority, first, count, at_once], timeout=300).expect(0)
    told = json.loads(ran.stdout)
    return {"writes": told["writes"], "refused": told["refused"], "per_second": told["writes"] / told["seconds"]}


def ceiling(phones, generate, timeout, progress=lambda _: None):
    """How fast `apply` writes to a server of so many workers, beside a program that does nothing but write."""
    runs = [at(at_once, phones, generate, timeout, progress) for at_once in AT_ONCE]
    return runs[-1] | {"own_ceiling_per_second": WORKERS * 1000 / WRITE_MS, "runs": runs}


def at(at_once, phones, generate, timeout, progress):
    flags = ("--workers", WORKERS, "--write-time", WRITE_MS)
    with Laboratory("--phones", phones + 2 * generate, *flags) as lab:
        site.playbook(lab, phones, more=f"limits: {{ concurrency: {at_once} }}\n")
        site.configurations(lab, wanted=False)
        progress(f"the raw generator, {at_once} in flight")
        before = generated(lab, phones, generate, at_once)
        progress(f"apply of {phones} fresh phones at {WORKERS} workers of {WRITE_MS} ms, {at_once} in flight")
        ran, deployment, watch = applied(lab, timeout)
        result = {"phones": phones, "in_flight": at_once, **outcome(ran, deployment, watch)}
        progress("the raw generator once more")
        after = generated(lab, phones + generate, generate, at_once)
        # What is written for phones: the rest of a run is reads before, and after.
        result |= {
            "generator_per_second": [before["per_second"], after["per_second"]],
            "per_second": watch.rate(), "samples": len(watch.samples),
        }
        return result


def throttled(phones, drain, timeout, progress=lambda _: None):
    """A server that refuses writes while too many change notifications are outstanding."""
    with Laboratory("--phones", phones, "--notifications", LIMIT, "--drain", drain) as lab:
        site.playbook(lab, phones)
        site.configurations(lab, wanted=False)
        # What is not of phones is made first, so that what is counted is of phones alone.
        site.roster(lab, range(0, site.FEW))
        lab.ippactl("apply", "--yes", "--allow", site.ALLOW, timeout=300).expect(0)
        site.roster(lab, range(phones))
        progress(f"apply of {phones} phones at a server that drains {drain} a second")
        ran, deployment, watch = applied(lab, timeout)
        result = {"phones": phones, "drain_per_second": drain, "limit": LIMIT, **outcome(ran, deployment, watch)}
        # From when the server is full: until then writes are as fast as it goes.
        full = next((s["at"] for s in watch.samples if s["outstanding"] >= 0.9 * LIMIT), None)
        result["most_outstanding"] = (watch.counted.get("notifications") or {}).get("most")
        if full is not None and watch.samples[-1]["at"] - full > 5:
            result["per_second"] = watch.rate(first=0.02, last=0.98, among=lambda sample: sample["at"] >= full)
        result |= site.whole(lab, phones)
        # Reads are not refused.
        result["in_sync"] = sync(lab)
        return result
