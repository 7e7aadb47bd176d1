"""What the HTML report has to be in a browser: quick, reachable, operable by keyboard, readable, printable, and alone."""

import base64
import json
import pathlib
import sys
import time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

FOLDER, AXE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()
VIEW = "window.innerWidth === 1280 && window.innerHeight === 800"


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))


class Page:
    def __init__(self, driver, phones, name=None):
        self.driver, self.phones, self.name = driver, phones, name or str(phones)
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                               {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False})
        driver.get_log("performance")
        begun = time.monotonic()
        driver.get((FOLDER / f"{self.name}.html").as_uri())
        self.loaded = time.monotonic() - begun

    def js(self, script, *more):
        return self.driver.execute_script(script, *more)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def names(self):
        return self.texts("#rows tbody [data-row]")

    def texts(self, selector):
        """At once: scrolling draws rows anew."""
        return self.js("return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", selector)

    def media(self, **features):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": features.pop("media", ""),
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})


def holds(what, seen=""):
    assert what, seen


def alone(page):
    """Nothing but the page's own file was asked for, and no policy was broken."""
    asked = [json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")]
    urls = {one["params"]["request"]["url"] for one in asked if one["method"] == "Network.requestWillBeSent"}
    holds(len(urls) == 1 and all(url.startswith("file:") for url in urls), urls)
    said = page.driver.get_log("browser")
    holds(not said, said)
    holds(page.js("return document.title") != "1" and not page.all("img"), "foreign markup came alive")


# Every device of the table is reached without a click, and one click shows all that is known of it. In the longest table
# each is reached, and every fiftieth is opened.
EVERY = """
const step = arguments[0], done = arguments[1], pane = document.getElementById("window"), seen = {};
const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
(async () => {
  // A taller window over the longest table: the same rows in fewer steps.
  const height = step > 1 ? "4000px" : "";
  Object.assign(pane.style, { height, maxHeight: height });
  pane.scrollTop = 0;
  for (;;) {
    await frame();
    const inside = pane.getBoundingClientRect();
    for (const number of [...document.querySelectorAll("#rows [data-row]")].map((one) => one.dataset.row)) {
      const button = () => document.querySelector(`#rows [data-row="${number}"]`);
      const box = button().getBoundingClientRect();
      if (seen[number] || box.bottom > inside.bottom || box.top < inside.top) continue;
      if (Number(number) % step) {
        seen[number] = [button().textContent, null];
        continue;
      }
      if (button().getAttribute("aria-expanded") === "true") button().click();
      button().click();
      const more = button().closest("tr").nextElementSibling;
      seen[number] = [button().textContent, more && more.matches(".more") ? more.textContent : ""];
      button().click();
    }
    if (pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 1) break;
    pane.scrollTop += pane.clientHeight - 80;
  }
  pane.scrollTop = 0;
  Object.assign(pane.style, { height: "", maxHeight: "" });
  done(Object.values(seen));
})();
"""


def each_phone(page, total):
    seen = page.driver.execute_async_script(EVERY, 50 if total > 1000 else 1)
    holds(len(seen) == total and len({name for name, _ in seen}) == total, f"{len(seen)} of {total} were reached")
    unsaid = [name for name, text in seen if text is not None and "expected " not in text and "Nothing to say" not in text and "step " not in text]
    holds(not unsaid, unsaid[:5])
    return seen


def first_view(page):
    """Outcome, next command and the groups of affected devices, the worst of many, are seen without scrolling."""
    holds(page.js(f"return {VIEW}"), "the view is not 1280x800")
    seen = [".verdict h2", ".next code"] + ([".affected > .group summary"] if page.phones else [])
    for selector in seen:
        found = page.all(selector)
        holds(found, selector)
        for element in found:
            box = page.js("const b = arguments[0].getBoundingClientRect(); return [b.top, b.bottom, b.height]", element)
            holds(box[0] >= 0 and box[1] <= 800 and box[2] > 0, f"{selector} at {box}")
    command = page.one(".next code").text
    playbook = "two-node-uccx.yaml" if page.name == "verify" else "sites/emea.yaml"
    wanted = f"ippactl {'plan' if page.phones else 'verify'} {playbook}"
    holds(command.startswith("ippactl ") and command.endswith(wanted.split()[-1]) and wanted.split()[1] in command, command)


def quick(page):
    """From the request for the page to a filtered table."""
    begun = time.monotonic()
    page.one("#search").send_keys("SEP000000001A9A")
    names = page.names()
    taken = page.loaded + time.monotonic() - begun
    holds(names == ["SEP000000001A9A"], names)
    holds(taken < 1.0, f"usable after {taken:.2f} s")
    page.js("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))")
    holds(len(page.all("#rows tbody tr")) < 100, "more rows are in the document than can be seen")
    return taken


def filters(page):
    page.one("#search").send_keys("SEP000000000001")
    holds(page.names() == ["SEP000000000001"], page.names())
    page.js("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))")
    page.one("#states input[value='5']").click()
    states = set(page.texts("#rows td.state"))
    holds(states == {"✕ absent"}, states)
    page.one("#states input[value='']").click()
    # Two clicks from the top of the page to what a phone of a group has.
    page.js("scrollTo(0, 0)")
    page.one(".affected .group summary").click()
    page.js("document.querySelector('.affected .group a.show').click()")
    holds(page.names()[:1] == ["SEP000000000001"], page.names())
    page.js("document.querySelector('.legend a[data-state]').click()")


def sorts_and_expands_by_keyboard(page):
    page.one("#states input[value='']").click()
    page.js("const c = document.getElementById('check'); c.value = ''; c.dispatchEvent(new Event('change'))")
    page.one("#search").send_keys("")
    # Keys go to what has the focus, and what it is asked is asked at once: scrolling draws rows anew.
    keyed = webdriver.ActionChains(page.driver)
    press = lambda key: keyed.send_keys(key).perform()
    active = lambda attribute: page.js("return document.activeElement.getAttribute(arguments[0])", attribute)
    seen = []
    for _ in range(40):
        press(Keys.TAB)
        seen.append(page.js("return document.activeElement.outerHTML.slice(0, 60)"))
        visible = page.js("const a = document.activeElement, s = getComputedStyle(a.matches('.choice input') ? a.nextElementSibling : a);"
                          "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2")
        holds(visible, f"no visible focus on {seen[-1]}")
        if page.js("return document.activeElement.closest('th.name[data-key]') !== null"):
            break
    else:
        holds(False, seen)
    press(Keys.ENTER)
    holds(page.one("#rows th.name").get_attribute("aria-sort") == "ascending")
    up = page.names()
    press(Keys.SPACE)
    down = page.names()
    holds(up[0] == "SEP000000000001" and down[0] == f"SEP{page.phones:012X}", (up[0], down[0]))
    press(Keys.SPACE)
    for _ in range(12):
        press(Keys.TAB)
        if page.js("return document.activeElement.dataset.row !== undefined"):
            break
    press(Keys.ENTER)
    holds(active("aria-expanded") == "true", "the row did not open, or lost the focus")
    holds("expected subscribed" in page.one("#rows tr.more").text, page.one("#rows tr.more").text)
    # The last row is reached by scrolling alone.
    page.js("const w = document.getElementById('window'); w.scrollTop = w.scrollHeight")
    time.sleep(0.2)
    holds(page.names()[-1] == f"SEP{page.phones:012X}", page.names()[-1:])
    page.js("document.getElementById('window').scrollTop = 0")


def accessible(page, scheme):
    page.media(prefers_color_scheme=scheme)
    page.js(AXE)
    found = page.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then((all) => done(all.violations))")
    grave = [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in found
             if one["impact"] in ("serious", "critical")]
    holds(not grave, (page.phones, scheme, grave))
    page.driver.save_screenshot(str(FOLDER / f"{page.phones}-{scheme}.png"))
    page.media()


def prints(page):
    page.media(media="print")
    time.sleep(0.3)
    holds(not page.all("details:not([open])"), "something stays closed on paper")
    holds(len(page.names()) == page.phones, f"{len(page.names())} rows on paper")
    holds(all(details.is_displayed() for details in page.all("details > div, details > p.names")), "a detail is hidden")
    page.media()
    time.sleep(0.3)
    pdf = base64.b64decode(page.driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    holds(pdf.startswith(b"%PDF-") and len(pdf) > 10_000, len(pdf))


def verified(driver):
    """A report as a verification makes it: nothing was set up yet, every phone of the roster is named and says why."""
    told = json.loads((FOLDER / "verify.json").read_text())["deployments"][0]
    phones = told["counts"]["devices"]
    page = Page(driver, phones, "verify")
    first_view(page)
    # Devices that are not in the roster and that something was found on are rows, too.
    rows = int(page.one("#shown").text.split()[0])
    holds(rows >= phones, page.one("#shown").text)
    seen = dict(each_phone(page, rows))
    holds(seen.keys() >= {finding["object"]["name"] for finding in told["findings"]
                          if finding["object"]["kind"] == "phone"}, list(seen)[:5])
    for finding in told["findings"]:
        if finding["object"]["kind"] == "phone":
            holds(finding["check"] in seen[finding["object"]["name"]], finding)
    accessible(page, "light")
    alone(page)
    print(f"browser: a verification of {rows} devices: each is one click away", flush=True)


def main():
    begun = time.monotonic()
    driver = browser()
    driver.set_script_timeout(120)
    try:
        for phones in (0, 12, 10_000):
            page = Page(driver, phones)
            size = (FOLDER / f"{phones}.html").stat().st_size
            holds(size < 2_500_000, f"{size} bytes")
            first_view(page)
            taken = quick(page) if phones == 10_000 else None
            if phones == 10_000:
                filters(page)
            if phones:
                sorts_and_expands_by_keyboard(page)
                each_phone(page, phones)
            for scheme in ("light", "dark"):
                accessible(page, scheme)
            alone(page)
            if phones == 12:
                prints(page)
            told = f", usable after {taken:.2f} s" if taken else ""
            print(f"browser: {phones} phones: {size} bytes{told}, after {time.monotonic() - begun:.1f} s", flush=True)
        verified(driver)
    finally:
        driver.quit()
    print(f"browser: all of it holds, in {time.monotonic() - begun:.1f} s")


main()
