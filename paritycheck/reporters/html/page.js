/* ASCII only, for the page is. All text is in the page already; nothing here makes markup of any. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function make(name, properties, ...content) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...content);
    return made;
  }

  /* Light and dark: as the system has it, until somebody chooses. */
  const KEY = "paritycheck-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = byId("theme");

  function remembered() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function remember(theme) {
    try { localStorage.setItem(KEY, theme); } catch { /* no storage: it holds for this visit */ }
  }

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const tellTheme = () => { button.textContent = isDark() ? "Light" : "Dark"; };

  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    tellTheme();
  });
  system.addEventListener("change", tellTheme);
  tellTheme();

  /* A button that copies what would allow a cause. */
  async function copy(pre, button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      getSelection().selectAllChildren(pre);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  for (const stub of all(".stub")) {
    const button = make("button", { type: "button", textContent: "Copy" });
    button.addEventListener("click", () => copy(stub.querySelector("pre"), button));
    stub.append(button);
  }

  /* The picture. */
  const canvas = document.querySelector(".canvas");
  const svg = canvas && canvas.querySelector("svg");
  const nodes = data.neighbors.map((_, number) => byId(`node-${number}`));
  const numberOf = (node) => Number(node.id.slice("node-".length));

  /* Where curves begin and end: at what shows a resource, at its card, or at its service where there would be too many. */
  function anchorsOf(node) {
    const block = node.closest("[data-block]");
    return [block && !node.querySelector(".chip") ? block : node, node.closest(".cards")];
  }
  const edges = svg ? all(".edge", svg).map((path) => ({
    path,
    ends: [path.dataset.source, path.dataset.target].map((number) => anchorsOf(nodes[Number(number)])[path.matches(".broad") ? 1 : 0]),
  })) : [];

  /* The filter: of each menu any of what is chosen, all of the menus, and all words. */
  const form = byId("filter");
  const rows = all("[data-finding]");
  const parts = all(".cause, .cause .values, .cause .more");
  const folded = all(".cause .more");
  const shown = rows.map(() => true);
  let texts = null;

  function textOf(row) {
    const article = row.closest(".cause");
    const chain = row.dataset.finding && all(".chain", article)[Number(row.dataset.finding)];
    const parts = [...all(":scope > header, :scope > .message", article), row, ...(chain ? [chain] : [])];
    return parts.map((each) => each.textContent).join("\n").toLowerCase();
  }

  const chosen = (name) => all(`input[name="${name}"]:checked`, form).map((box) => box.value);
  const admits = (values, wanted) => !wanted.length || values.some((value) => wanted.includes(value));
  const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  function filter() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Object.fromEntries(["severity", "rule", "service", "environment"].map((name) => [name, chosen(name)]));
    if (words.length) texts ??= rows.map(textOf);
    data.findings.forEach((facts, number) => {
      shown[number] = admits([facts.severity], wanted.severity) && admits([facts.rule], wanted.rule)
        && admits([facts.service], wanted.service) && admits(facts.environments, wanted.environment)
        && words.every((word) => texts[number].includes(word));
      rows[number].hidden = !shown[number];
    });
    const active = words.length > 0 || Object.values(wanted).some((values) => values.length);
    for (const part of parts) part.hidden = !part.querySelector("[data-finding]:not([hidden])");
    for (const more of folded) more.open = active;
    const count = shown.filter(Boolean).length;
    form.querySelector("output").textContent = active
      ? `${count.toLocaleString("en")} of ${counted(rows.length, "finding")}` : counted(rows.length, "finding");
    byId("no-match").hidden = count > 0;
    for (const menu of all(".menu", form)) menu.classList.toggle("chosen", Boolean(menu.querySelector(":checked")));
    dim(active, words, wanted);
  }

  /* Dim what no finding is left of; where only words and services are asked for, resources answer for themselves. */
  function dim(active, words, wanted) {
    const found = new Set(data.findings.flatMap((facts, number) => (shown[number] ? facts.nodes : [])));
    const bySelf = !wanted.severity.length && !wanted.rule.length && !wanted.environment.length;
    const answers = (node) => admits([node.closest("[data-service]").dataset.service], wanted.service)
      && words.every((word) => node.dataset.address.toLowerCase().includes(word));
    nodes.forEach((node, number) => {
      node.classList.toggle("dim", active && !found.has(number) && !(bySelf && answers(node)));
    });
    const isDim = (anchor) => (anchor.matches(".node") ? anchor.matches(".dim") : !anchor.querySelector(".node:not(.dim)"));
    for (const edge of edges) edge.path.classList.toggle("dim", edge.ends.some(isDim));
  }

  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    document.addEventListener("click", (event) => {
      for (const menu of all(".menu[open]", form)) if (!menu.contains(event.target)) menu.open = false;
    });
    form.addEventListener("keydown", (event) => {
      const menu = event.target.closest(".menu[open]");
      if (event.key !== "Escape" || !menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
    });
    filter();
  }

  /* Neighbors: of what is pointed at, or else of what is shown. */
  let selected = null;
  function trace(number) {
    const near = number === null ? new Set() : new Set([number, ...data.neighbors[number]]);
    svg.classList.toggle("tracing", number !== null);
    nodes.forEach((node, other) => {
      node.classList.toggle("near", near.has(other));
      node.classList.toggle("self", other === number);
    });
    const own = number === null ? [] : anchorsOf(nodes[number]);
    const others = number === null ? [] : data.neighbors[number].flatMap((other) => anchorsOf(nodes[other]));
    for (const { path, ends: [source, target] } of edges) {
      path.classList.toggle("on", (own.includes(source) && others.includes(target)) || (own.includes(target) && others.includes(source)));
    }
  }

  /* The panel. */
  const panel = byId("panel");
  const heading = byId("panel-heading");
  let opener = null;

  function show(number, from) {
    if (panel.hidden) opener = from;
    const resource = byId(`resource-${number}`);
    const facts = resource.querySelector(".facts").cloneNode(true);
    const state = resource.querySelector("summary .state");
    heading.textContent = resource.querySelector("summary .address").textContent;
    byId("panel-content").replaceChildren(...(state ? [state.cloneNode(true)] : []), facts);
    if (panel.hidden && size.fits) hold();
    panel.hidden = false;
    root.classList.add("open");
    panel.scrollTop = 0;
    select(number);
    heading.focus({ preventScroll: true });
  }

  function hide() {
    if (panel.hidden) return;
    const node = nodes[selected];
    panel.hidden = true;
    root.classList.remove("open");
    if (size.fits) svg.style.cssText = size.before;
    select(null);
    const back = opener && opener.isConnected && !nodes.includes(opener) ? opener : node;
    back.focus({ preventScroll: true });
  }

  function select(number) {
    if (selected !== null) nodes[selected].classList.remove("selected");
    selected = number;
    if (number !== null) {
      nodes[number].classList.add("selected");
      rove(nodes[number]);
      reveal(nodes[number]);
    }
    trace(number);
  }

  byId("close").addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const resource = /^#resource-(\d+)$/.exec(link.getAttribute("href"));
    if (resource && svg) {
      event.preventDefault();
      show(Number(resource[1]), link);
    } else if (panel.contains(link)) {
      hide();
    }
  });

  /* One tab stop for all of the picture; arrow keys go on to the next resource in their direction. */
  let current = null;
  const size = { fits: true, before: "" };

  function rove(node) {
    if (current) current.setAttribute("tabindex", "-1");
    current = node;
    current.setAttribute("tabindex", "0");
  }

  function middle(node) {
    const box = node.querySelector("rect").getBBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function next(node, [dx, dy]) {
    const [x, y] = middle(node);
    let best = null;
    for (const other of nodes) {
      const [otherX, otherY] = middle(other);
      const along = (otherX - x) * dx + (otherY - y) * dy;
      const across = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
      if (along > 1 && (!best || along + 3 * across < best.cost)) best = { other, cost: along + 3 * across };
    }
    return best && best.other;
  }

  /* As far to the middle as it goes, where it is not in sight. */
  function reveal(node) {
    const box = node.getBoundingClientRect();
    const frame = canvas.getBoundingClientRect();
    const beside = box.left < frame.left || box.right > frame.right;
    const above = box.top < 80 || box.bottom > (panel.offsetWidth < innerWidth ? innerHeight : panel.getBoundingClientRect().top);
    node.scrollIntoView({ block: above ? "center" : "nearest", inline: beside ? "center" : "nearest" });
  }

  function resize(width) {
    svg.style.minWidth = "0";
    svg.style.width = width;
  }

  function zoom(factor) {
    const natural = svg.viewBox.baseVal.width;
    const scale = svg.getBoundingClientRect().width / natural * factor;
    size.fits = false;
    resize(`${Math.round(natural * Math.min(3, Math.max(0.3, scale)))}px`);
  }

  function fit() {
    size.fits = true;
    resize("100%");
  }

  /* Keep the size while there is less room beside the panel. */
  function hold() {
    size.before = svg.style.cssText;
    resize(`${svg.getBoundingClientRect().width}px`);
  }

  const ZOOM = { in: () => zoom(1.25), out: () => zoom(0.8), fit };
  const KEYS = { "+": ZOOM.in, "=": ZOOM.in, "-": ZOOM.out, 0: ZOOM.fit };

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = event.target.closest(".node");
    const open = node && ["Enter", " "].includes(event.key);
    const to = node && DIRECTIONS[event.key] && next(node, DIRECTIONS[event.key]);
    if (open) {
      show(numberOf(node), node);
    } else if (to) {
      rove(to);
      to.focus();
    } else if (KEYS[event.key]) {
      KEYS[event.key]();
    } else if (!(node && DIRECTIONS[event.key])) {
      return;
    }
    event.preventDefault();
  }

  if (svg) {
    document.querySelector(".tools").hidden = false;
    for (const node of nodes) {
      node.setAttribute("tabindex", "-1");
      node.setAttribute("role", "button");
    }
    if (nodes.length) rove(nodes[0]);
    for (const each of all("[data-zoom]")) each.addEventListener("click", () => ZOOM[each.dataset.zoom]());
    /* Not on the SVG itself: one that listens to focus becomes a stop of the keyboard in Chromium. */
    canvas.addEventListener("click", (event) => {
      const node = event.target.closest(".node");
      if (node) show(numberOf(node), node);
    });
    for (const [type, traced] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      canvas.addEventListener(type, (event) => {
        const node = event.target.closest(".node");
        if (node) trace(traced ? numberOf(node) : selected);
      });
    }
    canvas.addEventListener("keydown", press);
  }

  /* Deep links: what they name is shown, whatever is filtered or folded away. */
  function follow() {
    const target = location.hash.length > 1 && byId(location.hash.slice(1));
    if (!target) return;
    const resource = /^resource-(\d+)$/.exec(target.id);
    if (resource && svg) {
      show(Number(resource[1]), null);
      return;
    }
    if (target.hidden) form.reset();
    for (let each = target.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
    setTimeout(() => target.scrollIntoView({ block: target.matches("[data-finding]") ? "center" : "start" }));
  }

  addEventListener("hashchange", follow);
  follow();
})();
