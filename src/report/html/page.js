// The table of devices: search, filter, sort, expand. Only the rows in view are in the document, so ten thousand scroll
// as twenty do; before printing, all of those that the filter leaves are put in. Texts go in as text, never as markup.
"use strict";
(() => {
  const source = document.getElementById("data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const HEIGHT = 36, SPARE = 12;
  const SEVERITIES = [["calm", "i info"], ["careful", "▲ warning"], ["bad", "✕ error"]];
  const STEPS = ["done", "planned", "operator", "deferred", "refused", "unknown", "failed"];
  const id = (name) => document.getElementById(name);
  const pane = id("window"), table = id("rows"), search = id("search"), check = id("check");
  const columns = [...table.tHead.rows[0].cells];
  const text = (number) => data.texts[number];
  const order = new Intl.Collator("en", { numeric: true });

  const rows = data.rows.map(([deployment, name, agent, profile, state, findings, steps], index) => {
    const counted = [...new Set(findings.map((one) => data.checks[one[0]][0]))];
    const worst = steps.reduce((worst, one) => Math.max(worst, STEPS.indexOf(text(one[1]))), -1);
    const grave = findings.reduce((sum, one) => sum + 100 ** one[1], 0);
    const words = [name, agent, profile ? "device profile" : "", data.deployments[deployment],
      data.states[state][2], STEPS[worst] ?? "", ...counted,
      ...findings.map((one) => data.checks[one[0]][1]), ...steps.map((one) => text(one[0]))];
    return { index, deployment, name, agent, profile, state, findings, steps, counted, worst, grave,
      haystack: words.join("\n").toLowerCase() };
  });
  // Collating once is quicker than at every comparison of every sort.
  const rank = (of) => {
    const places = new Map();
    // Names of phones are hexadecimal: their order is that of their letters, not of numbers inside.
    const words = [...new Set(rows.map(of))].sort(of.key === "name" ? undefined : order.compare);
    words.forEach((word, place) => places.set(word, place));
    rows.forEach((row) => { row.ranks = { ...row.ranks, [of.key]: places.get(of(row)) }; });
  };
  for (const [key, of] of [["name", (row) => row.name], ["agent", (row) => row.agent],
    ["deployment", (row) => data.deployments[row.deployment]]]) {
    rank(Object.assign(of, { key }));
  }
  const keys = {
    name: (row) => row.ranks.name, agent: (row) => row.ranks.agent, deployment: (row) => row.ranks.deployment,
    state: (row) => row.state, step: (row) => row.worst, findings: (row) => row.grave,
  };

  // What is shown: which rows in which order, which of them are open, and how high those are.
  let view = [], offsets = new Float64Array(1), printing = false, drawn = { from: 0, until: 0 };
  let sorted = { key: "state", down: true };
  const open = new Map();

  const make = (tag, className, content) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  };
  const cell = { name: nameCell, agent: (row) => make("td", "agent", row.agent),
    deployment: (row) => make("td", "deployment", data.deployments[row.deployment]),
    state: (row) => {
      const [tone, sign, words] = data.states[row.state];
      return make("td", `state ${tone}`, `${sign} ${words}`);
    },
    step: (row) => make("td", "step", STEPS[row.worst] ?? ""),
    findings: (row) => make("td", "findings", row.counted.join(", ")) };

  function nameCell(row) {
    const made = make("th", "name");
    made.scope = "row";
    const button = make("button", "", row.profile ? `${row.name} (profile)` : row.name);
    button.type = "button";
    button.dataset.row = row.index;
    button.setAttribute("aria-expanded", String(open.has(row.index)));
    made.append(button);
    return made;
  }

  function line(row, place) {
    const made = make("tr", "row");
    made.setAttribute("aria-rowindex", String(place + 2));
    made.append(...columns.map((column) => cell[column.dataset.key](row)));
    return made;
  }

  function more(row) {
    const made = make("tr", "more"), inside = make("td");
    inside.colSpan = columns.length;
    for (const [number, severity, field, expected, found, file, at, known] of row.findings) {
      const [name, title, fix] = data.checks[number];
      const head = make("p");
      head.append(make("span", `tag ${SEVERITIES[severity][0]}`, SEVERITIES[severity][1]), " ",
        make("strong", "", title || name), " ", make("code", "check", name));
      const list = make("ul");
      list.append(make("li", "", `${text(field)}: expected ${text(expected)}, found ${text(found)}`));
      if (text(file)) list.append(make("li", "", `declared in ${text(file)}, line ${at}`));
      if (text(known)) list.append(make("li", "", text(known)));
      if (fix) list.append(make("li", "", `fix: ${fix}`));
      inside.append(head, list);
    }
    for (const [kind, state, reason, changes] of row.steps) {
      const head = make("p");
      head.append(make("strong", "", `step ${text(kind)}: ${text(state)}`), text(reason) ? ` ${text(reason)}` : "");
      const list = make("ul");
      list.append(...changes.map(([field, before, after]) =>
        make("li", "", `${text(field)}: ${text(before)} → ${text(after)}`)));
      inside.append(head, list);
    }
    if (!inside.childNodes.length) inside.append(make("p", "", `Nothing to say: ${data.states[row.state][2]}.`));
    made.append(inside);
    return made;
  }

  function gap(height) {
    const made = make("tr", "gap"), inside = make("td");
    made.setAttribute("aria-hidden", "true");
    inside.colSpan = columns.length;
    inside.style.height = `${height}px`;
    made.append(inside);
    return made;
  }

  function measure() {
    offsets = new Float64Array(view.length + 1);
    for (let place = 0; place < view.length; place += 1) {
      offsets[place + 1] = offsets[place] + HEIGHT + (open.get(view[place].index) ?? 0);
    }
  }

  /** The place of the row at this height. */
  function at(height) {
    let low = 0, high = view.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offsets[middle + 1] <= height) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** The rows in view, and some around them; `again`: also when the same ones are there already, which may have changed. */
  function draw(again = true) {
    const from = printing ? 0 : Math.max(0, at(pane.scrollTop) - SPARE);
    const until = printing ? view.length : Math.min(view.length, at(pane.scrollTop + pane.clientHeight) + SPARE + 1);
    // Who is about to press a key or a button on a row keeps it.
    if (!again && drawn.from === from && drawn.until === until) return;
    drawn = { from, until };
    const focused = document.activeElement?.dataset?.row;
    const body = make("tbody"), opened = [];
    if (offsets[from] > 0) body.append(gap(offsets[from]));
    for (let place = from; place < until; place += 1) {
      const row = view[place];
      body.append(line(row, place));
      if (printing ? row.findings.length || row.steps.length : open.has(row.index)) {
        const made = more(row);
        body.append(made);
        opened.push([row.index, made]);
      }
    }
    const left = offsets[view.length] - offsets[until];
    if (left > 0) body.append(gap(left));
    if (!view.length) {
      const none = make("tr", "none"), inside = make("td", "", "No device matches.");
      inside.colSpan = columns.length;
      none.append(inside);
      body.append(none);
    }
    if (table.tBodies[0]) table.tBodies[0].replaceWith(body); else table.append(body);
    // A row that goes out of view while it has the focus comes back with it.
    if (focused !== undefined) body.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
    if (printing) return;
    let moved = false;
    for (const [index, made] of opened) {
      const height = made.offsetHeight;
      moved ||= Math.abs(height - open.get(index)) > 1;
      open.set(index, height);
    }
    if (moved) measure();
  }

  function choose() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = document.querySelector("#states input:checked").value;
    const keep = (row) => (state === "" || row.state === Number(state)) &&
      (check.value === "" || row.counted.includes(check.value)) &&
      wanted.every((word) => row.haystack.includes(word));
    const key = keys[sorted.key], way = sorted.down ? -1 : 1;
    view = rows.filter(keep).sort((a, b) => way * (key(a) - key(b)) ||
      b.state - a.state || a.ranks.name - b.ranks.name || a.index - b.index);
    for (const column of columns) {
      const by = column.dataset.key === sorted.key;
      column.setAttribute("aria-sort", by ? (sorted.down ? "descending" : "ascending") : "none");
      column.querySelector(".way").textContent = by ? (sorted.down ? "▾" : "▴") : "";
    }
    const number = (count) => count.toLocaleString("en");
    id("shown").textContent = `${number(view.length)} of ${number(rows.length)} devices`;
    table.setAttribute("aria-rowcount", String(view.length + 1));
    pane.scrollTop = 0;
    measure();
    draw();
  }

  let waits = false;
  pane.addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; draw(false); });
  });
  new ResizeObserver(() => { if (!printing) draw(false); }).observe(pane);
  search.addEventListener("input", choose);
  check.addEventListener("change", choose);
  id("states").addEventListener("change", choose);
  table.tHead.addEventListener("click", (event) => {
    const key = event.target.closest("th")?.dataset.key;
    if (!key) return;
    // Where more is worse, the worst comes first.
    const first = ["state", "step", "findings"].includes(key);
    sorted = { key, down: sorted.key === key ? !sorted.down : first };
    choose();
  });
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr.row");
    const button = row?.querySelector("[data-row]");
    // Who marks text does not want to open anything.
    if (!button || (!event.target.closest("button") && String(getSelection()))) return;
    const index = Number(button.dataset.row);
    if (!open.delete(index)) open.set(index, 0);
    measure();
    draw();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-check], a[data-state]");
    if (!link) return;
    search.value = "";
    check.value = link.dataset.check ?? "";
    document.querySelector(`#states input[value="${link.dataset.state ?? ""}"]`).checked = true;
    choose();
  });

  // On paper everything is open, and the table is as long as it is.
  let closed = [];
  function paper(begins) {
    if (printing === begins) return;
    printing = begins;
    if (begins) {
      closed = [...document.querySelectorAll("details:not([open])")];
      closed.forEach((one) => { one.open = true; });
    } else {
      closed.forEach((one) => { one.open = false; });
    }
    draw();
  }
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
  matchMedia("print").addEventListener("change", (event) => paper(event.matches));

  id("table").hidden = false;
  choose();
})();
