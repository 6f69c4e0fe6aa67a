// Slides of 1280 × 720, scaled to the window. d is dark, x leaves optional slides out; the rest is reveal.js.
// PageUp, PageDown and Space belong to the deck from wherever the focus is; other keys to a control that has it.
const asked = new URLSearchParams(location.search), TYPED = "input, select, textarea, summary, button";
const make = (parent, tag, properties = {}) => parent.appendChild(Object.assign(document.createElement(tag), properties));
const toast = make(document.body, "p", { className: "toast", role: "status" });
let spine = asked.has("spine"), gone = 0;

function say(text) {
  toast.textContent = text;
  clearTimeout(gone);
  gone = setTimeout(() => { toast.textContent = ""; }, 2500);
}

document.documentElement.classList.toggle("dark", asked.has("dark"));
document.addEventListener("keydown", ({ key, target }) => {
  const spaced = target.matches("textarea") && key === " ";
  if (["PageUp", "PageDown", " ", "Escape"].includes(key) && target.closest(TYPED) && !spaced && !target.closest(".lr-explorer")) target.blur();
}, true);

// Votes: a click on a tile adds one, with shift or the right button it takes one; or the count is typed.
const votes = Object.fromEntries([...document.querySelectorAll("section[data-vote]")].map((slide) => [slide.dataset.vote, vote(slide)]));

function vote(slide) {
  const letter = (item) => (/^[a-z]$/.test(item.firstElementChild?.textContent) ? item.firstElementChild.textContent : null);
  const list = [...slide.querySelectorAll("ul")].find((one) => [...one.children].every(letter));
  const shelf = { get: (name) => stored(slide, name), set: (name, value) => stored(slide, name, value) };
  return list ? tiles(slide, list, letter, shelf) : answers(slide, shelf);
}

function stored(slide, name, value) {
  const key = `${document.title} ${slide.dataset.vote} ${name}`;
  try {
    if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key) ?? "";
  } catch { return value ?? ""; } // a browser that keeps nothing for files
}

function tiles(slide, list, letter, shelf) {
  const found = [...list.children].map((item) => {
    const name = letter(item), words = document.createElement("span");
    item.firstElementChild.remove();
    words.append(...item.childNodes);
    item.replaceChildren(Object.assign(document.createElement("b"), { textContent: name }), words);
    const box = make(item, "input", { type: "text", inputMode: "numeric", maxLength: 3, value: shelf.get(name), ariaLabel: `votes for ${name}` });
    const put = (count) => { box.value = count > 0 ? count : ""; shelf.set(name, box.value); reveal(slide.dataset.vote); };
    const add = (event, one) => { if (event.target !== box) { event.preventDefault(); put((parseInt(box.value) || 0) + one); } };
    item.onclick = (event) => add(event, event.shiftKey ? -1 : 1);
    item.oncontextmenu = (event) => add(event, -1);
    box.oninput = () => put(parseInt(box.value) || 0);
    return { name, words, get count() { return parseInt(box.value) || 0; } };
  });
  list.className = "tiles";
  list.closest(".slide").append(list);
  return { choices: found };
}

function answers(slide, shelf) {
  const place = make(slide.querySelector(".slide"), "label", { className: "answers", textContent: "The room says" });
  const box = make(place, "textarea", { value: shelf.get("said"), spellcheck: false });
  box.oninput = () => { shelf.set("said", box.value); reveal(slide.dataset.vote); };
  return { get said() { return box.value.trim().split(/\s*\n\s*/).join(" · "); } };
}

// The reveal: what the room said beside what was measured.
function reveal(name) {
  for (const room of document.querySelectorAll(`.room[data-vote="${name}"]`)) {
    const { choices = [], said } = votes[name] ?? {}, right = choices.find((one) => one.name === room.dataset.measured);
    room.replaceChildren();
    if (choices.some((one) => one.count))
      for (const one of choices) make(room, "span", { textContent: `${one.name} ${one.count}`, className: one === right ? "right" : "" });
    if (said) make(room, "span", { textContent: `the room: ${said}` });
    if (room.dataset.measured) make(room, "p").append(`measured: ${room.dataset.measured}`, ...(right ? [", ", ...right.words.cloneNode(true).childNodes] : []));
  }
}

// A formula in a sentence stays on its line: w − 3, η = 0.1. MathJax has what stands between $ and $.
const unbroken = (words) => words.replace(/(?<=[\wα-ωŷ)]) ([−+=·×<>≈]) (?=[\w−(α-ωŷ])/g, "\u00a0$1\u00a0");
for (const text of document.querySelectorAll(".slide > .text, .fragment > .text")) {
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());)
    if (!node.parentElement.closest("code, pre, aside, mjx-container"))
      node.data = node.data.split(/(\$[^$]*\$)/).map((part, k) => (k % 2 ? part : unbroken(part))).join("");
}

// Words are as large as their slide allows: 30 px, two thirds as much again where there is room, a fifth less where
// not. Code keeps its lines where it can. What is left of a slide of words alone stands above and below them.
function fit(section) {
  const slide = section?.querySelector(".slide"), all = (what) => [...slide.querySelectorAll(what)];
  if (!slide || slide.style.getPropertyValue("--big")) return;
  for (const cell of all("td")) if (!/[a-z]{4}/i.test(cell.textContent)) cell.style.whiteSpace = "nowrap";
  const spills = (one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1;
  const { top, left, width } = slide.getBoundingClientRect(), end = top + 672 * (width / 1280);
  const low = (one) => one.getBoundingClientRect().bottom > end, right = left + 1226 * (width / 1280);
  const wide = (one) => one.getBoundingClientRect().right > right;
  const broken = (one) => one.offsetHeight > 1.4 * parseFloat(getComputedStyle(one).fontSize) * one.textContent.trimEnd().split("\n").length + 30;
  const alone = !slide.querySelector(".picture, .lr-explorer, .tiles, .answers");
  const most = slide.querySelector(".picture, .lr-explorer") ? 1 : slide.querySelector("table, .tiles") ? 1.3 : alone ? 1.7 : 1.5;
  for (let big = most; big > 0.78; big -= 0.05) {
    slide.style.setProperty("--big", big.toFixed(2));
    if (!spills(slide) && !all(".tiles li").some(spills) && !all(".answers").some((one) => one.offsetHeight < 220) && !all("table, mjx-container > svg").some(wide)
      && !all(":scope > :not(aside, .picture), .fragment > *").some(low)) break;
  }
  for (const one of all("pre")) {
    for (let size = parseFloat(getComputedStyle(one).fontSize); broken(one) && size >= 22; size--) one.style.fontSize = `${size}px`;
    if (broken(one)) one.style.fontSize = "";
  }
  if (!alone || section.classList.contains("title")) return;
  const free = end - Math.max(...all(":scope > :not(aside, .mark), .fragment > *").map((one) => one.getBoundingClientRect().bottom));
  slide.querySelector("h2, h3")?.style.setProperty("margin-bottom", `${Math.max(6, Math.min(free / (width / 1280) * 0.3, 90))}px`);
}

const printed = new Promise((done) => Reveal.on("pdf-ready", done));
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  display: "block",
  hash: true,
  slideNumber: "c/t",
  scrollActivationWidth: null,
  transition: "none",
  backgroundTransition: "none",
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  defaultTiming: 60,
  keyboardCondition: () => !document.activeElement.closest(TYPED),
  plugins: [RevealNotes],
}).then(async () => {
  for (const name of Object.keys(votes)) reveal(name);
  await MathJax.startup.promise;
  if (asked.has("print-pdf")) {
    await Promise.all([...document.querySelectorAll(".lr-explorer")].map(strip));
    await printed;
    Reveal.getSlides().forEach(fit);
    if (asked.has("handout")) sheets();
  } else fit(Reveal.getCurrentSlide());
  document.documentElement.dataset.deck = "ready";
});

Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, () => document.documentElement.classList.toggle("dark"));
Reveal.addKeyBinding({ keyCode: 88, key: "X", description: "Leave optional slides out, or not" }, () => {
  spine = !spine;
  say(spine ? "Optional slides are left out." : "Optional slides are shown.");
});
Reveal.on("slidechanged", ({ currentSlide }) => fit(currentSlide));
Reveal.on("slidechanged", ({ previousSlide, currentSlide }) => {
  if (!spine || !previousSlide || !currentSlide.classList.contains("optional") || Reveal.isOverview()) return;
  const slides = Reveal.getSlides(), from = slides.indexOf(previousSlide), at = slides.indexOf(currentSlide);
  if (Math.abs(at - from) !== 1) return; // somebody went there on purpose
  let next = at;
  while (slides[next]?.classList.contains("optional")) next += at - from;
  Reveal.slide(slides[next] ? next : from);
});

// A handout has no hand: three rates of a slider stand beside one another, two panels of each at most. Where two of
// them are nearly the same, the middle one goes between the others; the box takes the nearest that there is.
async function strip(box) {
  while (!box.querySelector("[role=status]")?.textContent) await new Promise((done) => setTimeout(done, 20));
  const typed = box.querySelector("input[type=text]"), row = document.createElement("div");
  row.className = "lr-strip";
  const rates = box.dataset.strip.split(" "), near = (k) => rates[k] < 1.2 * rates[k - 1];
  if (near(1) || near(2)) rates[1] = Math.sqrt(rates[0] * rates[2]).toPrecision(3);
  rates.forEach((rate, k) => {
    typed.value = rate;
    typed.dispatchEvent(new Event("change"));
    const shot = row.appendChild(document.createElement("figure"));
    for (const svg of [...box.querySelectorAll("svg")].slice(0, 2)) {
      svg.querySelector(".lr-ghost").innerHTML = "";
      shot.insertAdjacentHTML("beforeend", svg.outerHTML.replace(/(\bid="|url\(#|href="#)lr/g, `$1s${k}lr`));
    }
    make(shot, "figcaption", { textContent: box.querySelector("[role=status]").textContent });
  });
  box.replaceChildren(row);
}

// Two slides to a page of A4, with lines to write on.
function sheets() {
  const pages = [...document.querySelectorAll(".pdf-page")], place = document.querySelector(".slides");
  pages.forEach((page, k) => {
    const sheet = k % 2 ? place.lastElementChild : make(place, "div", { className: "sheet" });
    const half = make(sheet, "div", { className: "half" }), frame = make(half, "div", { className: "frame" });
    frame.append(...page.childNodes);
    page.remove();
    make(half, "div", { className: "lines" });
  });
  make(document.head, "style", { textContent: "@page { size: 210mm 297mm; margin: 0; }" });
}
