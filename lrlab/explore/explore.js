// The instrument, in a lesson as an anywidget, in decks and pages as their script. A frame is [pieces of SVG, their
// text alternatives, the status line]; `cache` holds them by setting of the other controls, then by rate as written.
const MARK = /\ue000/g;
const INK = /((?:stroke|fill): )#(?!ffffff)\w{6}/g;
const KEPT = 40; // settings of the other controls whose frames are kept
let copies = 0;

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function add(parent, tag, attributes = {}, text = "") {
  const made = parent.appendChild(document.createElement(tag));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(text);
  return made;
}

// Builds the controls and panels of `spec` in `box`; ask(values) reaches a kernel, and is null in a deck or page.
function explorer(box, spec, ask) {
  const prefix = `lr${Math.random().toString(36).slice(2, 8)}${copies++}-`;
  const cache = new Map();
  const state = { rate: spec.controls[0].at, ...spec.others };
  const shows = {};
  let shown = null, asked = 0, answered = 0, next = null, moved = 0, ghosts = 0, waiting = 0;

  box.classList.add("lr-explorer");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", spec.label);
  const rows = add(box, "div", { class: "lr-controls" });
  const panels = add(box, "div", { class: "lr-panels" });
  const status = add(box, "p", { role: "status" });
  const note = add(box, "p", { class: "lr-note", "aria-live": "polite" });

  const views = spec.panels.map(({ svg, width }, k) => {
    const panel = add(panels, "div", { class: "lr-panel", style: `flex:1 1 ${0.72 * width}px;max-width:${1.5 * width}px` });
    panel.innerHTML = svg.replace(MARK, `${prefix}${k}s`);
    const view = { svg: panel.firstChild };
    view.svg.setAttribute("role", "img");
    for (const name of ["ghost", "now"]) {
      view[name] = view.svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g"));
      view[name].setAttribute("class", `lr-${name}`);
    }
    return view;
  });

  const key = () => Object.keys(spec.others).map((name) => state[name]).join("|");

  function keep(of, frames) {
    const known = cache.get(of) ?? new Map();
    for (const [rate, frame] of Object.entries(frames)) known.set(rate, frame);
    cache.delete(of);
    cache.set(of, known);
    if (cache.size > KEPT) cache.delete([...cache.keys()].find((each) => each !== spec.key));
  }

  // Puts a frame into the picture; after a rest, the frame before it stays behind it in grey.
  function paint(frame) {
    const now = performance.now();
    const rested = now - moved > 600;
    moved = now;
    if (frame === shown) return;
    frame[0].forEach((piece, k) => {
      if (rested && shown && spec.ghost) views[k].ghost.innerHTML = shown[0][k].replace(MARK, `${prefix}${k}g`).replace(INK, "$1#c2c2ca");
      views[k].now.innerHTML = piece.replace(MARK, `${prefix}${k}n`);
      views[k].svg.setAttribute("aria-label", frame[1][k]);
    });
    shown = frame;
    status.textContent = frame[2];
  }

  // Shows what the controls say: from the cache, or asked of the kernel, the latest wish first.
  function show(said = "") {
    for (const write of Object.values(shows)) write();
    const frame = cache.get(key())?.get(state.rate);
    note.textContent = said;
    if (frame) paint(frame);
    else if (ask) request({ ...state });
    if (ask) tell();
  }

  let telling = 0;
  function tell() {
    clearTimeout(telling);
    telling = setTimeout(() => ask({ at: { ...state } }), 150);
  }

  function request(values) {
    if (asked > answered) return void (next = values);
    next = null;
    ask({ ask: ++asked, values });
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const back = spec.controls[0].stops.find((rate) => cache.get(key())?.has(rate));
      note.textContent = `No answer from the kernel: it is busy, or was restarted. Then run this cell again.${back ? " What is in the slider goes on moving." : ""}`;
      answered = asked;
    }, 2000);
  }

  function set(name, value) {
    state[name] = value;
    show();
  }

  // What was typed, as the stop that is written so; or as it is, for the kernel; or the nearest stop.
  function typed(control, text) {
    const [over, under] = text.trim().replace(",", ".").split("/").map(Number);
    const value = under === undefined ? over : over / under;
    const [low, high] = control.range;
    if (!text.trim() || !(value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)))
      return show(`${control.label}: a number from ${low} to ${high}.`);
    const near = control.stops.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    if (ask && +near !== +value.toPrecision(6)) return set(control.name, String(value));
    state[control.name] = near;
    show(+near === +value.toPrecision(6) ? "" : `The nearest rate that this page holds is ${near}.`);
  }

  function row(control) {
    const { name, label, stops } = control;
    const quiet = { "data-lm-suppress-shortcuts": "true" };
    const line = add(rows, "div", { class: "lr-row" });
    if (control.kind === "draw") {
      const button = add(line, "button", { type: "button" }, label);
      button.onclick = () => set(name, stops[(stops.indexOf(state[name]) + 1) % stops.length] ?? String(+state[name] + 1));
      if (ask) button.onclick = () => set(name, String(+state[name] + 1));
      const seen = add(line, "span");
      shows[name] = () => { seen.textContent = `draw ${state[name]}`; };
      return;
    }
    const outer = add(line, "label", {}, `${label} `);
    if (control.kind === "choice") {
      const select = add(outer, "select", quiet);
      for (const stop of stops) add(select, "option", { value: stop }, stop);
      select.onchange = () => set(name, select.value);
      shows[name] = () => { select.value = state[name]; };
      return;
    }
    const range = add(outer, "input", { type: "range", min: 0, max: stops.length - 1, step: 1, ...quiet });
    const hidden = add(line, "label");
    add(hidden, "span", { class: "lr-hidden" }, `${label}, typed `);
    const input = add(hidden, "input", { type: "text", inputmode: "decimal", size: 9, ...quiet });
    range.oninput = () => set(name, stops[range.value]);
    input.onchange = () => typed(control, input.value);
    for (const [mark, rate] of Object.entries(control.marks ?? {}))
      add(line, "button", { type: "button" }, mark).onclick = () => set(name, rate);
    shows[name] = () => {
      const value = state[name];
      let place = stops.indexOf(value);
      if (place < 0) place = stops.reduce((best, stop, k) => (Math.abs(stop - value) < Math.abs(stops[best] - value) ? k : best), 0);
      range.value = place;
      range.setAttribute("aria-valuetext", value);
      input.value = value;
    };
  }

  // A start that the hand drags over a landscape, or the arrow keys move.
  function start(view, [x0, y0, x1, y1, left, right, low, high, ways], name) {
    const handle = view.svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
    for (const [a, v] of Object.entries({ r: 7, class: "lr-start", tabindex: 0, role: "button", "aria-label": "start: drag it, or move it with the arrow keys", "data-lm-suppress-shortcuts": "true" })) handle.setAttribute(a, v);
    const place = () => state[name].split(",").map(Number);
    const go = (x, y) => {
      const at = [Math.min(Math.max(x, left), right), Math.min(Math.max(y, low), high)].slice(0, ways);
      set(name, at.map((v) => +v.toPrecision(3)).join(","));
    };
    const drag = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.svg.getScreenCTM().inverse());
      go(left + ((at.x - x0) / (x1 - x0)) * (right - left), low + ((at.y - y0) / (y1 - y0)) * (high - low));
    };
    handle.onpointerdown = (event) => { handle.setPointerCapture(event.pointerId); handle.onpointermove = drag; };
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
    handle.onkeydown = (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const [x, y = 0] = place();
      go(x + (way[0] * (right - left)) / 50, y + (way[1] * (high - low)) / 50);
    };
    const before = shows[name];
    shows[name] = () => {
      before?.();
      const [x, y = low] = place();
      handle.setAttribute("cx", x0 + ((x - left) / (right - left)) * (x1 - x0));
      handle.setAttribute("cy", y0 + ((y - low) / (high - low)) * (y1 - y0));
    };
  }

  for (const control of spec.controls)
    if (control.kind !== "start") row(control);
    else if (ask) spec.panels.forEach((panel, k) => { if (panel.start) start(views[k], panel.start, control.name); });

  // PageUp, PageDown and Space always belong to the deck; all other keys to the control that has the focus.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
    if (["PageUp", "PageDown"].includes(event.key) && event.target.type === "range") event.preventDefault();
    else if (!["PageUp", "PageDown", "Escape"].includes(event.key) && !(event.key === " " && event.target.type === "range")) event.stopPropagation();
  });

  return {
    keep,
    show,
    go(values) { Object.assign(state, values); show(); },
    answer(message) {
      if (message.working === asked || message.id === asked) clearTimeout(waiting);
      if (message.working === asked) note.textContent = "Training …";
      if (message.id === undefined) return;
      answered = Math.max(answered, message.id);
      if (message.frame) keep(message.key, { [message.rate]: message.frame });
      const wish = next;
      if (wish) request(wish);
      if (message.refused) note.textContent = message.refused;
      else if (message.frame && (wish || (message.key === key() && message.rate === state.rate))) {
        if (!wish) note.textContent = "";
        paint(message.frame);
      }
    },
  };
}

async function render({ model, el }) {
  const box = document.createElement("div");
  el.append(box);
  const made = explorer(box, JSON.parse(model.get("spec")), (message) => model.send(message));
  const packed = async () => {
    const { key, frames } = await unpacked(model.get("pack"));
    made.keep(key, frames);
    made.show();
  };
  const heard = async (message, buffers) => {
    if (message.go) made.go(message.go);
    else if (message.pack) { const { key, frames } = await unpacked(buffers[0]); made.keep(key, frames); }
    else made.answer(message);
  };
  model.on("change:pack", packed);
  model.on("msg:custom", heard);
  await packed();
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
