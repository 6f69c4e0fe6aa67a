// Slides of 1280 × 720, scaled to the window. Keys belong to a slider while it has the focus.
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  display: "flex",
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  keyboardCondition: () => !document.activeElement.closest("input, select, textarea, summary, button.step"),
  plugins: [RevealNotes],
}).then(async () => {
  if (location.search.includes("print-pdf")) await Promise.all([...document.querySelectorAll(".lr-explorer")].map(strip));
  document.documentElement.dataset.deck = "ready";
});

// A handout has no hand: three rates of a slider stand beside one another, two panels of each at most.
async function strip(box) {
  while (!box.querySelector("[role=status]")?.textContent) await new Promise((done) => setTimeout(done, 20));
  const typed = box.querySelector("input[type=text]"), row = document.createElement("div");
  row.className = "lr-strip";
  box.dataset.strip.split(" ").forEach((rate, k) => {
    typed.value = rate;
    typed.dispatchEvent(new Event("change"));
    const shot = row.appendChild(document.createElement("figure"));
    for (const svg of [...box.querySelectorAll("svg")].slice(0, 2)) {
      svg.querySelector(".lr-ghost").innerHTML = "";
      shot.insertAdjacentHTML("beforeend", svg.outerHTML.replace(/(\bid="|url\(#|href="#)lr/g, `$1s${k}lr`));
    }
    shot.appendChild(document.createElement("figcaption")).textContent = box.querySelector("[role=status]").textContent;
  });
  box.replaceChildren(row);
}
