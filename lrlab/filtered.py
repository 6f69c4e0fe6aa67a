"""The ledger's table, to be filtered and sorted: a page's own controls, and a plain table where no kernel runs."""

import anywidget
import traitlets

SCRIPT = """
function render({ model, el }) {
  const rows = model.get("rows"), names = model.get("names"), verdict = names.indexOf("verdict");
  let by = -1, up = true;
  const [line, table, said] = ["p", "table", "span"].map((tag) => document.createElement(tag));
  const find = Object.assign(document.createElement("input"), { type: "search", placeholder: "words, such as Adam" });
  const chosen = document.createElement("select");
  for (const word of ["every verdict", ...model.get("verdicts")]) chosen.append(new Option(word));
  for (const [text, control] of [["find ", find], [" show ", chosen]]) {
    const label = document.createElement("label");
    label.append(text, control);
    control.dataset.lmSuppressShortcuts = "true";
    control.style.minHeight = "32px";
    control.addEventListener("input", draw);
    line.append(label);
  }
  said.setAttribute("role", "status");
  said.style.marginLeft = "1em";
  line.append(said);
  const head = table.createTHead().insertRow(), body = table.createTBody();
  names.forEach((name, k) => {
    const cell = document.createElement("th"), button = document.createElement("button");
    button.textContent = name;
    button.addEventListener("click", () => { up = by === k ? !up : true; by = k; draw(); });
    cell.scope = "col";
    cell.append(button);
    head.append(cell);
  });
  function draw() {
    const word = find.value.toLowerCase();
    let kept = rows.filter((row) => row.join(" ").toLowerCase().includes(word) &&
      (chosen.selectedIndex === 0 || row[verdict].slice(2).split(":")[0] === chosen.value));
    if (by >= 0) kept = [...kept].sort((a, b) => (up ? 1 : -1) * a[by].localeCompare(b[by], "en", { numeric: true }));
    [...head.cells].forEach((cell, k) => {
      cell.firstChild.textContent = names[k] + (k !== by ? "" : up ? " ↑" : " ↓");
      cell.setAttribute("aria-sort", k !== by ? "none" : up ? "ascending" : "descending");
    });
    body.replaceChildren(...kept.map((row) => {
      const line = document.createElement("tr");
      for (const text of row) {
        const cell = line.insertCell();
        cell.textContent = text;
        cell.style.textAlign = "left";
      }
      return line;
    }));
    said.textContent = `${kept.length} of ${rows.length} claims`;
  }
  el.append(line, table);
  draw();
}
export default { render };
"""


class Filtered(anywidget.AnyWidget):
    """Rows of text under column names; `verdicts` are what the column "verdict" can be filtered by."""

    _esm = SCRIPT
    names = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    verdicts = traitlets.List().tag(sync=True)
