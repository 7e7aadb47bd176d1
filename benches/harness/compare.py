"""ippactl beside three peer scripts that read the same facts, at one sandbox, in turns."""

import json
import shutil
import statistics
import subprocess
import sys

from . import site
from .laboratory import KEPT, ROOT, Laboratory, Unusable, run

SCRIPTS = ROOT / "benches" / "compare"
CONFORMANCE = ROOT / "tests" / "conformance"
PYTHON = KEPT / "venv" / "bin" / "python"
PACKAGES = KEPT / "node" / "node_modules"
PUBLISHER = "cucm-pub.example.com:8443"
PEERS = ("zeep", "ciscoaxl", "cisco-axl")
#: A peer that takes longer than this is left out of the largest size.
PATIENCE = 240


def install():
    """The peers' packages, pinned, into the build folder. The vendor's WSDL comes with one of them and stays there."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise Unusable(f"{tool} is missing")
    requirements = [CONFORMANCE / "requirements.txt", SCRIPTS / "requirements.txt"]
    wanted = "".join(file.read_text() for file in requirements)
    installed = KEPT / "venv" / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted:
        said(sys.executable, "-m", "venv", KEPT / "venv")
        files = [word for file in requirements for word in ("-r", file)]
        said(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", *files)
        installed.write_text(wanted)
    lock = CONFORMANCE / "node" / "package-lock.json"
    installed = KEPT / "node" / "installed.json"
    if not installed.exists() or installed.read_text() != lock.read_text():
        (KEPT / "node").mkdir(parents=True, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(CONFORMANCE / "node" / file, KEPT / "node")
        said("npm", "ci", "--silent", "--prefix", KEPT / "node", "--ignore-scripts", "--no-audit", "--no-fund")
        installed.write_text(lock.read_text())


def said(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unusable(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-400:]}")


def peer(lab, name, timeout):
    """Runs a peer against this sandbox; gives its run and its facts."""
    host, port = PUBLISHER.split(":")
    authority = lab.folder / "publisher.pem"
    authority.write_text(lab.ready["certificates"][PUBLISHER])
    environment = {
        "CONNECT_TO": f"{PUBLISHER}={lab.ready['connect_to'][PUBLISHER]}",
        "REQUESTS_CA_BUNDLE": str(authority), "NODE_EXTRA_CA_CERTS": str(authority),
        **{f"{scheme}_proxy": "" for scheme in ("http", "https", "HTTP", "HTTPS", "all")},
        # What packages cache at home belongs to this benchmark.
        "XDG_CACHE_HOME": str(KEPT / "cache"), "PYTHONPYCACHEPREFIX": str(KEPT / "cache"),
    }
    command = {
        "zeep": [
            PYTHON, SCRIPTS / "peer_zeep.py", PACKAGES / "cisco-axl" / "schema" / "14.0" / "AXLAPI.wsdl",
            f"https://{PUBLISHER}/axl/", authority,
        ],
        "ciscoaxl": [PYTHON, SCRIPTS / "peer_ciscoaxl.py", host, port],
        "cisco-axl": ["node", SCRIPTS / "peer_cisco_axl.mjs", PACKAGES, host],
    }[name]
    ran = run(command, timeout=timeout, environment=environment, folder=lab.folder).expect(0)
    return ran, json.loads(ran.stdout.strip().splitlines()[-1])


def ippactl(lab, timeout):
    """Runs `verify` and gives the same facts from its document; rows of subscriptions are counted at the database."""
    ran = lab.ippactl("verify", "--output", "json", timeout=timeout).expect(0, 2)
    deployment = json.loads(ran.stdout)["deployments"][0]
    if deployment["errors"]:
        raise Unusable(f"verify is incomplete: {deployment['errors'][0]['what']}")
    differing = {step["object"]["name"] for step in deployment["steps"] if step["object"]["kind"] == "phone"}
    others = [step for step in deployment["steps"] if step["object"]["kind"] != "phone"]
    facts = {
        "services": len(site.SERVICES), "services_right": not others, **site.counted(lab),
        "phones": deployment["counts"]["devices"], "differing": sorted(differing),
    }
    return ran, facts


def asked(lab):
    """Requests since the last reset, by what they were."""
    counted = lab.requests()
    finesse = counted["finesse"]
    return {
        "axl": counted["reads"] + counted["writes"], "risport": counted["ris_requests"],
        "finesse": finesse["reads"] + finesse["writes"], "operations": counted["operations"],
    }


def measure(phones, rounds, progress=lambda _: None):
    """All sides at so many phones, of which some differ."""
    install()
    with Laboratory("--phones", phones) as lab:
        site.in_sync(lab, phones)
        differing = site.differ(lab, range(7, phones, phones // 10 - 1))
        sides = {"ippactl": lambda: ippactl(lab, 3 * PATIENCE)}
        for name in PEERS:
            sides[name] = lambda name=name: peer(lab, name, PATIENCE)
        runs = {name: [] for name in sides}
        requests, left_out, agreed = {}, {}, {}
        for turn in range(rounds):
            for name, side in sides.items():
                if name in left_out:
                    continue
                progress(f"{phones} phones, round {turn + 1}, {name}")
                lab.reset()
                try:
                    ran, facts = side()
                except Unusable as trouble:
                    left_out[name] = str(trouble)
                    continue
                requests[name] = asked(lab)
                runs[name].append(ran)
                agreed.setdefault(name, facts)
                if facts != agreed["ippactl"] or facts["differing"] != differing:
                    left_out[name] = f"reads other facts than ippactl: {short(facts)}, not {short(agreed['ippactl'])}"
        if "ippactl" in left_out:
            raise Unusable(left_out["ippactl"])
        facts = agreed["ippactl"]
        return {
            "phones": phones, "rounds": rounds, "facts": {**facts, "differing": len(facts["differing"])},
            "left_out": left_out,
            "sides": {name: median(runs[name], requests[name]) for name in sides if name not in left_out},
        }


def short(facts):
    return {**facts, "differing": len(facts["differing"])}


def median(runs, requests):
    return {
        "wall_s": statistics.median(ran.wall for ran in runs),
        "cpu_s": statistics.median(ran.cpu for ran in runs),
        "memory_mb": statistics.median(ran.memory for ran in runs),
        "requests": requests,
        "all_cpu_s": [round(ran.cpu, 3) for ran in runs],
    }


def show(result):
    """Prints one size: each side's medians, and how many times ippactl's they are."""
    own = result["sides"]["ippactl"]
    print(f"\n{result['phones']} phones, {result['rounds']} rounds; all read {result['facts']}")
    print(f"{'':12}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}{'requests':>10}   × ippactl: wall, CPU, memory")
    for name, side in result["sides"].items():
        requests = side["requests"]["axl"] + side["requests"]["risport"] + side["requests"]["finesse"]
        times = ", ".join(f"{side[key] / own[key]:.1f}" for key in ("wall_s", "cpu_s", "memory_mb"))
        print(f"{name:12}{side['wall_s']:10.2f}{side['cpu_s']:10.2f}{side['memory_mb']:10.1f}{requests:10}   {times}")
    for name, why in result["left_out"].items():
        print(f"{name:12}left out: {why}")
    sys.stdout.flush()


def ratios(result):
    """For CPU and memory: the best peer's figure by ippactl's."""
    own = result["sides"]["ippactl"]
    peers = [side for name, side in result["sides"].items() if name != "ippactl"]
    if len(peers) < len(PEERS):
        missing = ", ".join(f"{name}: {why}" for name, why in result["left_out"].items())
        raise Unusable(f"not all peers were measured ({missing})")
    return {key: min(side[key] for side in peers) / own[key] for key in ("wall_s", "cpu_s", "memory_mb")}
