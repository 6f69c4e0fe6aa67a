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
}).then(() => { document.documentElement.dataset.deck = "ready"; });
