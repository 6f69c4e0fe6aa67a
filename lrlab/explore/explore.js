// The instrument: an anywidget in a lesson, the script of a deck or a page. A frame is [pieces of SVG, their text
// alternatives, the status line]; `cache` holds frames by setting of the other controls, then by rate as written.
const MARK = /\ue000/g, INK = /((?:stroke|fill): )#(?!ffffff)\w{6}/g; // before each id in the SVG; its colours
const KEPT = 40; // settings of the other controls whose frames are kept, and typed rates of each
const SVG = "http://www.w3.org/2000/svg";
const QUIET = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab's arrows stay away

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function add(parent, tag, attributes = {}, text = "") {
  const made = parent.namespaceURI === SVG ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(text);
  return parent.appendChild(made);
}

const closest = (stops, value) => stops.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));

// Builds the controls and panels of `spec` in `box`; ask(message) reaches the kernel, and is null in a deck or page.
function explorer(box, spec, ask) {
  const prefix = `lr${Math.random().toString(36).slice(2, 9)}`;
  const cache = new Map(), writers = [], usual = new Set(spec.controls[0].stops);
  const state = { rate: spec.controls[0].at, ...spec.others };
  let shown = null, painted = 0, count = 0, out = null, next = null, waiting = 0, telling = 0;
  Object.entries({ class: "lr-explorer", role: "group", "aria-label": spec.label }).forEach(([a, v]) => box.setAttribute(a, v));
  const rows = add(box, "div"), panels = add(box, "div", { class: "lr-panels" });
  const status = add(box, "p", { role: "status" }), note = add(box, "p", { class: "lr-note", role: "alert" });
  const views = spec.panels.map(({ svg, width }, k) => {
    const panel = add(panels, "div", { style: `flex:${width} 1 ${0.72 * width}px;max-width:${1.5 * width}px` });
    panel.innerHTML = svg.replace(MARK, `${prefix}${k}s`);
    return { svg: panel.firstChild, ghost: add(panel.firstChild, "g", { class: "lr-ghost" }), now: add(panel.firstChild, "g") };
  });

  const key = () => Object.keys(spec.others).map((name) => state[name]).join("|");
  function keep(of, frames) {
    const known = new Map([...(cache.get(of) ?? []), ...Object.entries(frames)]);
    for (const typed of [...known.keys()].filter((rate) => !usual.has(rate)).slice(0, -KEPT)) known.delete(typed);
    cache.delete(of);
    cache.set(of, known);
    if (ask && cache.size > KEPT) cache.delete([...cache.keys()].find((each) => each !== spec.key));
  }

  // Puts a frame into the picture; after a rest, the one before stays behind it in grey.
  function paint(frame) {
    const rested = performance.now() - painted > 600;
    frame[0].forEach((piece, k) => {
      if (rested && shown && shown !== frame && spec.ghost)
        views[k].ghost.innerHTML = shown[0][k].replace(MARK, `${prefix}${k}g`).replace(INK, "$1#c2c2ca");
      views[k].now.innerHTML = piece.replace(MARK, `${prefix}${k}n`);
      views[k].svg.setAttribute("aria-label", frame[1][k]);
    });
    [shown, painted, status.textContent] = [frame, performance.now(), frame[2]];
  }

  // Shows what the controls say: from the cache, or asked of the kernel.
  function show(said = "") {
    for (const write of writers) write();
    const frame = cache.get(key())?.get(state.rate);
    note.textContent = said;
    if (frame) paint(frame);
    if (!ask) return;
    if (!frame) request({ ...state });
    clearTimeout(telling);
    telling = setTimeout(() => ask({ at: { ...state } }), 150);
  }
  const set = (name, value) => { state[name] = value; show(); };
  // One question at a time; of those that come meanwhile, the latest is asked next.
  function request(values) {
    next = out ? values : null;
    if (out) return;
    out = `${prefix}${count++}`;
    wait(2000, "No answer from the kernel. It is busy, or was restarted: then run this cell again. What the slider holds goes on moving.", true);
    ask({ ask: out, values });
  }

  function wait(time, text, given_up = false) {
    clearTimeout(waiting);
    waiting = setTimeout(() => { note.textContent = text; if (given_up) out = null; }, time);
  }

  function answer({ working, id, key: of, rate, frame, refused }) {
    if (working === out) wait(500, "Training …");
    if (!id?.startsWith(prefix)) return;
    if (frame) keep(of, { [rate]: frame });
    if (id === out) { clearTimeout(waiting); out = null; }
    if (frame && (next || (of === key() && rate === state.rate))) paint(frame);
    note.textContent = refused ?? "";
    if (next) request(next);
  }

  // What was typed: the stop that is written so; else the number itself for the kernel, the nearest stop in a deck.
  function typed({ name, label, range: [low, high], stops }, text) {
    const [over, under = 1] = text.trim().replace(",", ".").split("/").map(Number);
    const value = over / under, stop = closest(stops, value);
    if (!text.trim() || !(value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))) return show(`${label}: a number from ${low} to ${high}.`);
    const same = +stop === +value.toPrecision(6);
    state[name] = same || !ask ? stop : String(value);
    show(same || ask ? "" : `${label}: ${stop} is the nearest that is in this page.`);
  }

  function row(control) {
    const { kind, name, label, stops } = control, line = add(rows, "div", { class: "lr-row" });
    if (kind === "draw") {
      add(line, "button", { type: "button", ...QUIET }, label).onclick = () => set(name, String(ask ? +state[name] + 1 : stops[(stops.indexOf(state[name]) + 1) % stops.length]));
      const seen = add(line, "span");
      return writers.push(() => { seen.textContent = `draw ${state[name]}`; });
    }
    const outer = add(line, "label", {}, `${label} `);
    if (kind === "choice") {
      const select = add(outer, "select", QUIET);
      for (const stop of stops) add(select, "option", { value: stop }, stop);
      select.onchange = () => set(name, select.value);
      return writers.push(() => { select.value = state[name]; });
    }
    if (kind === "switch") {
      const tick = add(outer, "input", { type: "checkbox", ...QUIET });
      tick.onchange = () => set(name, stops[+tick.checked]);
      return writers.push(() => { tick.checked = state[name] === stops[1]; });
    }
    const slider = add(outer, "input", { type: "range", min: 0, max: stops.length - 1, step: 1, ...QUIET });
    const input = add(line, "input", { type: "text", inputmode: "decimal", size: 9, "aria-label": `${label}, typed`, ...QUIET });
    slider.oninput = () => set(name, stops[slider.value]);
    input.onchange = () => typed(control, input.value);
    for (const [mark, rate] of Object.entries(control.marks ?? {})) add(line, "button", { type: "button", ...QUIET }, mark).onclick = () => set(name, rate);
    writers.push(() => {
      slider.value = stops.indexOf(closest(stops, state[name]));
      slider.setAttribute("aria-valuetext", state[name]);
      input.value = state[name];
    });
  }

  // A start that the hand drags over a landscape, or the arrow keys move; [x0, y0, x1, y1] are the axes in the SVG.
  function start({ svg }, [x0, y0, x1, y1, left, right, low, high, ways], name) {
    const handle = add(svg, "circle", { r: 8, class: "lr-start", tabindex: 0, role: "button", "aria-label": "start: drag it, or move it with the arrow keys", ...QUIET });
    const go = (x, y) => set(name, [Math.min(Math.max(x, left), right), Math.min(Math.max(y, low), high)].slice(0, ways).map((v) => +v.toPrecision(3)).join(","));
    const drag = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      go(left + ((at.x - x0) / (x1 - x0)) * (right - left), low + ((at.y - y0) / (y1 - y0)) * (high - low));
    };
    handle.onpointerdown = (event) => { handle.setPointerCapture(event.pointerId); handle.onpointermove = drag; };
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
    handle.onkeydown = (event) => {
      const [right_, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
      const [x, y = 0] = state[name].split(",").map(Number);
      if (!right_ && !up) return;
      event.preventDefault();
      go(x + (right_ * (right - left)) / 50, y + (up * (high - low)) / 50);
    };
    writers.push(() => {
      const [x, y = 0] = state[name].split(",").map(Number);
      handle.setAttribute("cx", x0 + ((x - left) / (right - left)) * (x1 - x0));
      handle.setAttribute("cy", y0 + ((y - low) / (high - low)) * (y1 - y0));
    });
  }

  for (const control of spec.controls)
    if (control.kind !== "start") row(control);
    else spec.panels.forEach((panel, k) => { if (panel.start) start(views[k], panel.start, control.name); });

  // PageUp, PageDown and Space belong to the deck, from wherever the focus is; Escape gives the focus back.
  box.addEventListener("keydown", (event) => {
    const deck = ["PageUp", "PageDown", " "].includes(event.key) && (event.target.tagName === "INPUT" || box.closest(".reveal"));
    if (!deck) event.stopPropagation();
    if (deck || event.key === "Escape") { event.preventDefault(); event.target.blur(); box.closest(".jp-Cell")?.focus(); }
  });

  return { keep, show, answer, go(values) { Object.assign(state, values); show(); } };
}

async function render({ model, el }) {
  const ask = (message) => { try { model.send(message); } catch { /* the kernel is gone: the note says so */ } };
  const made = explorer(add(el, "div"), JSON.parse(model.get("spec")), ask);
  const take = async (bytes) => { const { key, frames } = await unpacked(bytes); made.keep(key, frames); };
  const packed = () => take(model.get("pack"));
  const heard = (message, buffers) => (message.go ? made.go(message.go) : message.pack ? take(buffers[0]) : made.answer(message));
  model.on("change:pack", packed);
  model.on("msg:custom", heard);
  await packed();
  made.show();
  return () => { model.off("change:pack", packed); model.off("msg:custom", heard); };
}

// In a deck or a page: every box that holds its frames, once.
function boot() {
  for (const box of globalThis.document?.querySelectorAll(".lr-explorer[data-pack]") ?? []) {
    const bytes = Uint8Array.from(atob(box.dataset.pack), (letter) => letter.charCodeAt(0));
    box.removeAttribute("data-pack");
    unpacked(bytes).then(({ spec, packs }) => {
      const made = explorer(box, spec, null);
      for (const [key, frames] of Object.entries(packs)) made.keep(key, frames);
      made.show();
    });
  }
}

export default { render };
