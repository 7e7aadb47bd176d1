"""Signs in at a sandbox with single sign-on in headless Chromium, as a person does, and looks at what the tab shows.

Usage: sign_on.py READY.json [AGENT]: the file of `ippactl sandbox --ready`. Standard library, chromium and chromedriver.
"""

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

START = "https://fin-a.example.com:8445/desktop/sso/token?cc_username={0}&return_refresh_token=true"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def ask(url, method="GET", body=None):
    """A request to the driver or the control port, and its JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def free_port():
    """A port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Tab:
    """One tab of a browser whose names lead to the sandbox."""

    def __init__(self, ready):
        port = free_port()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        base = f"http://127.0.0.1:{port}"
        for _ in range(100):
            with contextlib.suppress(OSError):
                ask(base + "/status")
                break
            time.sleep(0.1)
        rules = ", ".join(f"MAP {name} {place}" for name, place in ready["connect_to"].items())
        arguments = [
            "--headless=new", "--no-sandbox", "--no-proxy-server", "--ignore-certificate-errors",
            f"--host-resolver-rules={rules}",
        ]
        wanted = {"capabilities": {"alwaysMatch": {
            "acceptInsecureCerts": True, "goog:chromeOptions": {"args": arguments}}}}
        self.base = base + "/session/" + ask(base + "/session", "POST", wanted)["value"]["sessionId"]

    def close(self):
        """Ends browser and driver."""
        with contextlib.suppress(OSError):
            ask(self.base, "DELETE")
        self.driver.terminate()
        self.driver.wait()

    def open(self, url):
        """Goes to an address."""
        ask(self.base + "/url", "POST", {"url": url})

    def find(self, css):
        """The first element, once it is there."""
        for _ in range(50):
            with contextlib.suppress(urllib.error.HTTPError):
                found = ask(self.base + "/element", "POST", {"using": "css selector", "value": css})
                return self.base + "/element/" + found["value"][ELEMENT]
            time.sleep(0.1)
        raise SystemExit(f"sign_on: no {css} at {self.source()[:400]}")

    def type(self, css, text):
        """Writes into a field."""
        ask(self.find(css) + "/value", "POST", {"text": text})

    def press(self, css):
        """Presses a button that leads to another page, and waits until its own has gone: the next may have one of the same name."""
        button = self.find(css)
        ask(button + "/click", "POST", {})
        for _ in range(100):
            try:
                ask(button + "/name")
            except urllib.error.HTTPError:
                return
            time.sleep(0.1)
        raise SystemExit(f"sign_on: {css} leads nowhere at {self.source()[:400]}")

    def source(self):
        """The page as it is."""
        return ask(self.base + "/source")["value"]

    def told(self):
        """The JSON that the tab ends with."""
        for _ in range(100):
            found = re.search(r"\{&quot;.*?\}|\{\".*?\}", self.source())
            if found:
                return json.loads(found.group().replace("&quot;", '"'))
            time.sleep(0.1)
        raise SystemExit(f"sign_on: no JSON at {self.source()[:400]}")


def sign_in(tab, agent):
    """Types name and password."""
    tab.type("#userNameInput", f"agent{agent}@example.com")
    tab.type("#passwordInput", "sandbox-demo")
    tab.press("#submitButton")


def main():
    """Each way that a page can go."""
    with open(sys.argv[1], encoding="utf-8") as file:
        ready = json.load(file)
    agent = sys.argv[2] if len(sys.argv) > 2 else "1001"
    start = START.format(agent)
    control = ready["control"]

    def knobs(**changes):
        ask(control + "/finesse", "POST", {"knobs": {"sso": changes}})

    def check(told):
        assert isinstance(told["token"], str) and isinstance(told["refresh_token"], str), list(told)
        assert told["expires_in"] > 0

    tab = Tab(ready)
    try:
        tab.open(start)
        sign_in(tab, agent)
        check(tab.told())
        # Signed in at the provider: no form any more.
        tab.open(start)
        check(tab.told())
        knobs(scripts=False)
        tab.open(start)
        for _ in range(2):
            tab.press("form[name=hiddenform] input[type=submit]")
        check(tab.told())
        knobs(scripts=True, first="home-realm", remembers=False, tokens="signed")
        ask(control + "/sso", "POST", {"act": "forget-sessions"})
        tab.open(start)
        tab.press("#hrd button")
        sign_in(tab, agent)
        told = tab.told()
        check(told)
        assert told["token"].count(".") == 2, "signed"
    finally:
        tab.close()
    asked = ask(control + "/requests")["sso"]
    assert asked["stranger_connections"] == 0, asked
    assert asked["requests"]["authcode"] == 4, asked["requests"]
    print("sign_on: four sign-ins in Chromium, nothing went elsewhere")


if __name__ == "__main__":
    main()
