"""`ippactl sso login` with a browser and a person: headless Chromium opens the address that ippactl prints, signs in, and the
JSON that the tab shows is handed to ippactl's standard input; then the agent's state is read with the token.

Usage: login.py IPPACTL READY.json FOLDER: the binary, the file of `ippactl sandbox --sso --ready`, an empty folder.
"""

import json
import os
import re
import subprocess
import sys

from sign_on import Tab, sign_in

PLAYBOOK = """version: 1
deployment: browser
cucm: {{ publisher: cucm-pub.example.com }}
finesse: {{ product: uccx, release: "12.5(1)SU3", primary: fin-a.example.com, secondary: fin-b.example.com }}
credentials: {{ axl: {{ user: axladmin, password: {{ env: AXL_PASSWORD }} }} }}
application_user: {{ id: ippa, password: {{ env: IPPA_PASSWORD }} }}
phone_services: {{ primary: {{ name: Cisco Finesse }}, secondary: {{ name: Cisco Finesse Secondary }} }}
tls: {{ pins: {0} }}
"""


def main():
    """Signs in, hands the JSON over, and looks at the agent."""
    ippactl, ready, folder = sys.argv[1:4]
    ippactl = os.path.abspath(ippactl)
    with open(ready, encoding="utf-8") as file:
        ready = json.load(file)
    with open(os.path.join(folder, "site.yaml"), "w", encoding="utf-8") as file:
        file.write(PLAYBOOK.format(json.dumps(ready["pins"])))
    flags = ["--state-dir", os.path.join(os.path.abspath(folder), "state")]
    for place, there in ready["connect_to"].items():
        flags += ["--connect-to", f"{place}={there}"]
    line = [ippactl, "sso", "login", "site.yaml", "--agent", "1001", *flags]
    pipe = subprocess.PIPE
    login = subprocess.Popen(line, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    address = None
    while address is None:
        said = login.stderr.readline()
        assert said, "no address is printed"
        address = re.search(r"https://\S+", said)
    tab = Tab(ready)
    try:
        tab.open(address.group())
        sign_in(tab, "1001")
        told = tab.told()
    finally:
        tab.close()
    out, errors = login.communicate(json.dumps(told))
    assert login.returncode == 0, errors
    assert told["token"] not in out + errors and told["refresh_token"] not in out + errors
    state = [ippactl, "agent", "state", "site.yaml", "--agent", "1001", "--bearer", "--output", "json", *flags]
    seen = subprocess.run(state, cwd=folder, check=True, capture_output=True, text=True).stdout
    seen = json.loads(seen)
    assert (seen["credential"], seen["agent"]["id"]) == ("bearer", "1001"), seen
    print("login: signed in with Chromium, the tab's JSON handed over, the agent read with the token")


if __name__ == "__main__":
    main()
