"""A slider to vote with: a native one, at the middle until it is moved. Only `votes.number.slider` makes it."""

import anywidget
import traitlets

SCRIPT = """
function render({ model, el }) {
  const [low, high, step] = model.get("range");
  el.innerHTML = `<label style="display: block; max-width: 480px"></label>`;
  const label = el.firstChild, slider = document.createElement("input"), said = document.createElement("output");
  label.textContent = model.get("label");
  Object.assign(slider, { type: "range", min: low, max: high, step, value: model.get("vote") ?? (low + high) / 2 });
  slider.style.cssText = "display: block; width: 100%; min-height: 44px";
  slider.dataset.lmSuppressShortcuts = "true";
  label.append(slider, said);
  said.textContent = model.get("said");
  slider.addEventListener("input", () => {
    model.set("vote", slider.valueAsNumber);
    model.save_changes();
  });
  model.on("change:said", () => { said.textContent = model.get("said"); });
}
export default { render };
"""


class Guess(anywidget.AnyWidget):
    """The slider of a vote on a number from `low` to `high`."""

    _esm = SCRIPT
    range = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    vote = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(self, taker, low, high, step=None, label="your guess"):
        step = (high - low) / 200 if step is None else step
        open_ = f"○ Move it to vote: from {low:g} to {high:g}."
        super().__init__(range=[low, high, step], label=label, said=open_)
        self.observe(lambda change: setattr(self, "said", repr(taker(change["new"]))), "vote")

    def __repr__(self):
        return self.said
