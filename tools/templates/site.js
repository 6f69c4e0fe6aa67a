// A page of the website: dark or light, votes, what scrolls, where one is in the contents. No network, no library.
const root = document.documentElement;

function kept(name, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(name));
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* a browser that keeps nothing: all the same on this page */ }
  return value ?? null;
}

function add(parent, tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(text);
  return parent.appendChild(made);
}

// Dark or light: as the system has it, until the button says otherwise.
const theme = document.querySelector(".theme"), system = matchMedia("(prefers-color-scheme: dark)");
function paint() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  theme.textContent = dark ? "Light" : "Dark";
  theme.setAttribute("aria-label", dark ? "Light colours" : "Dark colours");
  return dark;
}
theme.onclick = () => {
  root.dataset.theme = kept("lr-theme", paint() ? "light" : "dark");
  paint();
};
system.onchange = paint;
paint();

// Votes: the first one counts, opens its reveal and stays when the page is opened again.
const votes = kept("lr-votes") ?? {};
const asked = [...document.querySelectorAll(".vote[data-vote]")].map((box) => ({ box, ...JSON.parse(box.dataset.vote) }));
const specs = asked.filter(({ kind }) => kind !== "six");

function near({ within, off, measured }, you) {
  if (off !== null) return Math.abs(you - measured) <= off;
  return you * measured > 0 && Math.max(you / measured, measured / you) <= within;
}

function compared(spec, you) {
  const { kind, off, measured } = spec;
  if (kind === "letters") return [you === measured, ""];
  if (kind === "number") {
    const factor = Math.max(you / measured, measured / you), digits = (value) => String(+value.toPrecision(3));
    if (off !== null || you * measured <= 0) return [near(spec, you), `, ${digits(Math.abs(you - measured))} away`];
    return [near(spec, you), factor < 1.05 ? "" : `, a factor ${+factor.toPrecision(2)} away`];
  }
  if (kind === "places") return [Math.abs(parseInt(you) - parseInt(measured)) <= 1, ""];
  const order = measured.split(" "), mine = you.split(" ").map((one) => order.indexOf(one)), pairs = [];
  mine.forEach((one, k) => mine.slice(k + 1).forEach((other) => pairs.push(one < other)));
  return [you === measured, `, ${pairs.filter(Boolean).length} of ${pairs.length} pairs in this order`];
}

function score() {
  for (const place of document.querySelectorAll(".score")) {
    const voted = specs.filter(({ name }) => votes[name]), right = voted.filter(({ name }) => votes[name].agrees);
    const left = specs.length - voted.length;
    place.textContent = !voted.length ? `No vote yet, of ${specs.length}.`
      : `${right.length} of ${voted.length} votes as measured${left ? `; ${left} without a vote.` : "."}`;
  }
  for (const place of document.querySelectorAll(".all-votes")) {
    const all = Object.values(votes), right = all.filter(({ agrees }) => agrees);
    place.textContent = all.length ? `${right.length} of your ${all.length} votes in this course were as measured. ` : "You have not voted on these pages yet.";
    if (all.length) add(place, "button", { type: "button" }, "Forget my votes").onclick = () => { kept("lr-votes", null); location.reload(); };
  }
}

function reveal({ box, name, kind, choices }, moved) {
  const { you, measured, away } = votes[name], said = kind === "letters" ? `${you}: ${choices[you]}` : you;
  for (const one of document.querySelectorAll(`details.reveal[data-vote="${name}"]`)) one.open = true;
  for (const line of document.querySelectorAll(`.verdict[data-vote="${name}"]`)) line.textContent = `you: ${you} · measured: ${measured}${away}`;
  for (const control of box.querySelectorAll("button, input")) control.disabled = true;
  for (const one of box.querySelectorAll("button")) if (one.value === you) one.setAttribute("aria-pressed", "true");
  const status = box.querySelector("[role=status]"), goal = document.querySelector(`details.reveal[data-vote="${name}"]`);
  status.textContent = `Your vote: ${said}${/[.…]$/.test(said) ? "" : "."} `;
  if (goal) add(status, "a", { href: `#${goal.id}` }, "What happens");
  if (moved) status.querySelector("a")?.focus();
}

function cast(spec, you) {
  const [agrees, away] = compared(spec, you);
  votes[spec.name] = { lesson: spec.lesson, you: String(you), measured: spec.measured, agrees, away };
  kept("lr-votes", votes);
  reveal(spec, true);
  score();
}

function ballot(spec) {
  const { box, kind, choices, ask } = spec, row = add(box, "div", { class: "choices" });
  const status = add(box, "p", { role: "status" }, ask), button = (text, more = {}) => add(row, "button", { type: "button", ...more }, text);
  if (kind === "letters")
    for (const [letter, words] of Object.entries(choices)) button(letter, { value: letter, "aria-label": `${letter}: ${words}` }).onclick = () => cast(spec, letter);
  else if (kind === "number") {
    const slides = "low" in spec, label = add(row, "label", {}, "your guess ");
    const input = add(label, "input", slides ? { type: "range", min: spec.low, max: spec.high, step: spec.step } : { type: "text", inputmode: "decimal", size: 9 });
    const seen = add(label, "output");
    if (slides) input.oninput = () => { seen.textContent = input.value; };
    const vote = () => {
      const you = Number(input.value.trim().replace(",", "."));
      if (!input.value.trim() || !Number.isFinite(you) || (slides && !seen.textContent)) status.textContent = slides ? "Move it to vote." : "A number is asked for, such as 0.05.";
      else if (spec.of && !(you >= 0 && you <= spec.of)) status.textContent = `A number from 0 to ${spec.of} is asked for.`;
      else cast(spec, you);
    };
    input.onkeydown = (event) => { if (event.key === "Enter") vote(); };
    button("Vote").onclick = vote;
  } else if (kind === "places") {
    const { count, low, high, bound } = spec, label = add(row, "label", {}, `your ${count} rates `), input = add(label, "input", { type: "text", size: 28 });
    const vote = () => {
      const rates = input.value.trim().split(/[\s,;]+/).filter(Boolean).map(Number), fit = rates.filter((rate) => rate >= low && rate <= high);
      if (rates.length !== count || fit.length !== count) status.textContent = `${count} rates from ${low} to ${high} are asked for, such as 0.2 0.5 …`;
      else cast(spec, `${rates.filter((rate) => rate < bound).length} of ${count} below ${bound}`);
    };
    input.onkeydown = (event) => { if (event.key === "Enter") vote(); };
    button("Vote").onclick = vote;
  } else {
    const chosen = [], each = choices.map((one) => button(one));
    each.forEach((one, k) => { one.onclick = () => {
      chosen.push(choices[k]);
      one.disabled = true;
      status.textContent = chosen.join(" ");
      if (chosen.length === choices.length) cast(spec, chosen.join(" "));
    }; });
    button("again").onclick = () => { chosen.length = 0; each.forEach((one) => { one.disabled = false; }); status.textContent = ask; };
  }
  if (votes[spec.name]) reveal(spec, false);
}

// Six questions at once: no vote, so one may answer as often as one likes.
function six({ box, name, right, last, why }) {
  const mine = [...kept(`lr-${name}`) ?? "?".repeat(right.length)], status = document.createElement("p");
  const say = () => {
    const open = mine.filter((one) => one === "?").length, wrong = [...right].map((_, k) => k).filter((k) => mine[k] !== right[k]);
    status.textContent = open === mine.length ? "Click a letter for each question." : open ? `${open} still open.`
      : `${mine.join("")}: ${right.length - wrong.length} of ${right.length} right. ${last ?? ""}`;
    if (why && !open) for (const k of wrong) { add(status, "br"); status.append(`${k + 1}: ${why[k]}`); }
  };
  [...right].forEach((_, k) => {
    const row = add(box, "div", { class: "choices", role: "group", "aria-label": `question ${k + 1}` });
    add(row, "span", {}, `${k + 1}`);
    const each = [..."abcd"].map((one) => add(row, "button", { type: "button", "aria-pressed": mine[k] === one }, one));
    for (const one of each) one.onclick = () => {
      mine[k] = one.textContent;
      for (const other of each) other.setAttribute("aria-pressed", other === one);
      kept(`lr-${name}`, mine.join(""));
      say();
    };
  });
  status.setAttribute("role", "status");
  box.append(status);
  say();
}

asked.filter(({ kind }) => kind === "six").forEach(six);
specs.forEach(ballot);
score();

// What is wider than the page scrolls inside itself; the keyboard reaches it too.
function reachable() {
  for (const one of document.querySelectorAll("pre, .scroll, .html, .picture, .math.alone")) {
    if (one.scrollWidth <= one.clientWidth + 1) one.removeAttribute("tabindex");
    else one.tabIndex = 0;
  }
}
new ResizeObserver(reachable).observe(document.body);

// A link into something folded opens it; the contents show where one is.
function unfold() {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let one = goal; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
}
addEventListener("hashchange", unfold);
unfold();

const entries = new Map([...document.querySelectorAll(".contents li > a[href^='#']")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const heads = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let due = false;
function here() {
  due = false;
  const last = heads.findLast((head) => head.getBoundingClientRect().top < 140) ?? heads[0];
  for (const [id, link] of entries) if (id === last?.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
}
addEventListener("scroll", () => { if (!due) due = Boolean(requestAnimationFrame(here)); }, { passive: true });
here();

// On a phone the contents are folded; on a wide screen they stand beside the text.
const aside = document.querySelector("details.contents"), wide = matchMedia("(min-width: 1100px)");
const fold = () => { if (aside) aside.open = wide.matches; };
wide.onchange = fold;
fold();

// The search box leads to the page that searches; there it is search.js that listens.
const search = document.querySelector("[data-search]");
search.onsubmit = (event) => {
  event.preventDefault();
  location.href = `${search.dataset.search}?q=${encodeURIComponent(search.elements.q.value)}`;
};
