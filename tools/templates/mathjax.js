// MathJax stands in the page itself: no menu and no extension that it could want to load.
window.MathJax = {
  tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], displayMath: [["$$", "$$"], ["\\[", "\\]"]], packages: { "[-]": ["autoload", "require"] } },
  options: { enableMenu: false, ignoreHtmlClass: "output|highlight|html" },
  svg: { fontCache: "local" },
  startup: {
    ready() {
      MathJax.startup.defaultReady();
      MathJax.startup.promise.then(() => { document.documentElement.dataset.math = "ready"; });
    },
  },
};
