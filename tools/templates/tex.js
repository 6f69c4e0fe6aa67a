// Formulas as pictures: node tex.js FOLDER reads [[TeX, whether it stands alone], …] and writes {glyphs, formulas}.
// A glyph is drawn once for all formulas of a page; each formula also stands there as MathML, for screen readers.
const [, , folder] = process.argv;
const packages = { "[-]": ["autoload", "require"] };
const about = { loader: { load: ["input/tex-full", "output/svg", "adaptors/liteDOM"] }, tex: { packages }, svg: { fontCache: "global" } };
require(`${folder}/mathjax/es5/node-main.js`).init(about).then((MathJax) => {
  const { adaptor, output } = MathJax.startup, asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const formulas = asked.map(([tex, display]) => {
    const svg = adaptor.innerHTML(MathJax.tex2svg(tex, { display }));
    if (svg.includes("data-mjx-error")) throw new Error(tex);
    const said = MathJax.tex2mml(tex, { display }).replace(/>\s+</g, "><").replace(/ data-[\w-]+="[^"]*"/g, "");
    return [svg.replace("<svg ", '<svg aria-hidden="true" ').replace(/ (role="img"|data-[\w-]+="[^"]*")/g, ""), said];
  });
  process.stdout.write(JSON.stringify({ glyphs: adaptor.outerHTML(output.fontCache.getCache()), formulas }));
}).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
