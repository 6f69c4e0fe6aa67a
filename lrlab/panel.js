// The game of lesson 07: a rate, a rule, a shape and a number of epochs; run, stop, submit. The kernel draws.
const MARK = /\ue000/g; // stands before each id in the SVG
const QUIET = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab's keys stay away

function add(parent, tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries({ ...(/input|select|button/.test(tag) ? QUIET : {}), ...attributes })) made.setAttribute(name, value);
  made.append(text);
  return parent.appendChild(made);
}

function render({ model, el }) {
  const spec = JSON.parse(model.get("spec")), prefix = `lr${Math.random().toString(36).slice(2, 9)}`;
  const box = add(el, "div", { class: "lr-explorer", role: "group", "aria-label": spec.label });
  const rows = add(box, "div"), shapes = add(rows, "div", { class: "lr-row" }), buttons = add(rows, "div", { class: "lr-row" });
  const panels = add(box, "div", { class: "lr-panels" });
  const status = add(box, "p", { role: "status" }), note = add(box, "p", { class: "lr-note", role: "alert" });
  const views = spec.panels.map(({ svg, width }, k) => {
    const panel = add(panels, "div", { style: `flex:1 1 ${0.72 * width}px;max-width:${1.5 * width}px` });
    panel.innerHTML = svg.replace(MARK, `${prefix}${k}s`);
    return { svg: panel.firstChild, now: panel.firstChild.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g")) };
  });
  const chosen = { ...spec.at };
  let sent = false, again = false, sure = false, running = false, over = false, typing = false;

  const ask = (what) => { try { model.send({ do: what, ...chosen }); } catch { note.textContent = "The kernel is gone: run this cell again."; } };

  // A move of the hand: one question at a time, of those that come meanwhile the latest.
  function moved() {
    sure = false;
    write();
    again = sent;
    if (!sent) { sent = true; ask("move"); }
  }

  const row = add(shapes, "label", {}, `${spec.rate.label} `);
  const slider = add(row, "input", { type: "range", min: 0, max: spec.rate.stops.length - 1, step: 1 });
  const typed = add(shapes, "input", { type: "text", inputmode: "decimal", size: 9, "aria-label": `${spec.rate.label}, typed` });
  slider.oninput = () => { chosen.rate = +spec.rate.stops[slider.value]; moved(); };
  typed.oninput = () => { typing = true; }; // what is half typed stays, though a run goes on
  typed.onblur = () => { typing = false; write(); };
  typed.onchange = () => {
    typing = false;
    const [over_, under = 1] = typed.value.trim().replace(",", ".").split("/").map(Number), value = over_ / under;
    const fits = typed.value.trim() && value >= spec.rate.low && value <= spec.rate.high;
    note.textContent = fits ? "" : `${spec.rate.label}: a number from ${spec.rate.low} to ${spec.rate.high}.`;
    if (!fits) return write();
    chosen.rate = +value.toPrecision(6);
    moved();
  };
  const choices = Object.entries(spec.choices).map(([name, options]) => {
    const select = add(add(buttons, "label", {}, `${name} `), "select");
    for (const option of options) add(select, "option", { value: option }, option);
    select.onchange = () => { chosen[name] = select.value; moved(); };
    return [name, select];
  });
  const epochs = add(add(buttons, "label", {}, "epochs "), "select");
  for (let k = 1; k <= spec.longest; k++) add(epochs, "option", { value: k }, String(k));
  epochs.onchange = () => { chosen.epochs = +epochs.value; moved(); };
  const run = add(buttons, "button", { type: "button" }), submit = add(buttons, "button", { type: "button" });
  run.onclick = () => { sure = false; if (!over) ask(running ? "stop" : "run"); write(); };
  submit.onclick = () => { if (!over && !running) { if (sure) ask("submit"); sure = !sure; write(); } };

  function write() {
    const { stops } = spec.rate;
    slider.value = stops.reduce((best, stop, k) => (Math.abs(Math.log(stop / chosen.rate)) < Math.abs(Math.log(stops[best] / chosen.rate)) ? k : best), 0);
    slider.setAttribute("aria-valuetext", String(chosen.rate));
    if (!typing) typed.value = chosen.rate;
    for (const [name, select] of choices) select.value = chosen[name];
    epochs.value = chosen.epochs;
    run.textContent = running ? "Stop this run" : `Run: pay ${chosen.epochs}`;
    submit.textContent = sure ? `Submit ${chosen.rule}, ${chosen.shape}, ${chosen.rate}: sure?` : "Submit this";
    for (const [button, off] of [[run, over], [submit, over || running]]) button.setAttribute("aria-disabled", String(off));
  }

  // {pieces, texts, status, running, over, refused}: how the game stands.
  function heard(news) {
    if (news.pieces) news.pieces.forEach((piece, k) => {
      views[k].now.innerHTML = piece.replace(MARK, `${prefix}${k}n`);
      views[k].svg.setAttribute("aria-label", news.texts[k]);
    });
    ({ running, over } = news);
    [status.textContent, note.textContent] = [news.status, news.refused ?? ""];
    write();
    if (!news.answers) return;
    sent = false;
    if (again) { again = false; sent = true; ask("move"); }
  }

  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { event.preventDefault(); event.target.blur(); box.closest(".jp-Cell")?.focus(); }
  });
  model.on("msg:custom", heard);
  heard(JSON.parse(model.get("state")));
  ask("move");
  return () => model.off("msg:custom", heard);
}

export default { render };
