"""Twenty deployments in one call against one alone, at a server that takes 50 ms for each request."""

import statistics

from .laboratory import Laboratory, ROOT

SITES = 20
SERVICE_MS = 50
PLAYBOOKS = ROOT / "playbooks"
#: Everything that makes a run speak to Finesse too: a site with this has more to ask than the others.
LARGE = (
    "finesse_settings: { mode: operator }\nrestart: { finesse_tomcat: never }\n"
    "self_care: { default_server: 10.0.0.10 }\nphone_settings: { scope: phones }\n"
)


def sites(lab, large):
    """Writes so many deployments of the playbook for UCCX; the first has more to ask where one is to be large."""
    roster = (PLAYBOOKS / "two-node-uccx.csv").read_text().splitlines()
    text = (PLAYBOOKS / "two-node-uccx.yaml").read_text()
    text = text.replace(
        "credentials:", "credentials:\n  finesse: { user: finadmin, password: { env: FINESSE_PASSWORD } }", 1
    )
    lab.write("two-node-uccx-passwords.csv", (PLAYBOOKS / "two-node-uccx-passwords.csv").read_text())
    lab.write("two-node-uccx.csv", "\n".join(roster) + "\n")
    lab.write("few.csv", "\n".join(roster[:4]) + "\n")
    names = []
    for index in range(1, SITES + 1):
        own = text.replace("deployment: two-node-uccx", f"deployment: site-{index}") + lab.pins
        if large and index == 1:
            own += LARGE
        else:
            own = own.replace("roster: two-node-uccx.csv", "roster: few.csv")
        name = f"site-{index}.yaml"
        lab.write(name, own)
        names.append(name)
    return names


def measure(rounds):
    """For equal sites and for one large: one alone and all at once in turns."""
    results = {}
    for kind in ("equal", "one_large"):
        with Laboratory() as lab:
            files = sites(lab, large=kind == "one_large")
            lab.control("/faults", {"operation": "*", "kind": "slow", "times": 10**9, "slow-ms": SERVICE_MS})
            lab.control("/finesse/faults", {"kind": "delay", "times": 10**9, "delay_ms": SERVICE_MS})
            alone, together, asked = [], [], {}
            for _ in range(rounds):
                for side, playbooks in ((alone, files[:1]), (together, files)):
                    lab.reset()
                    ran = lab.ippactl("verify", "--output", "json", playbooks=playbooks).expect(2)
                    side.append(ran)
                    asked[len(playbooks)] = sum(lab.requests()["operations"].values())
            one = statistics.median(ran.wall for ran in alone)
            twenty = statistics.median(ran.wall for ran in together)
            results[kind] = {
                "alone_s": one, "together_s": twenty, "ratio": twenty / one,
                "alone_cpu_s": statistics.median(ran.cpu for ran in alone),
                "together_cpu_s": statistics.median(ran.cpu for ran in together),
                "alone_axl_requests": asked[1], "together_axl_requests": asked[SITES],
                "all_alone_s": [ran.wall for ran in alone], "all_together_s": [ran.wall for ran in together],
            }
    return results
