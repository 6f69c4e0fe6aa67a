"""Formulas as pictures in the page, drawn by MathJax when the page is built: a reader's browser needs none."""

import hashlib
import html
import json
import re
import subprocess

import libraries
import publish

DRAW = publish.TEMPLATES / "tex.js"
CODE = re.compile(r"(<(code|pre)\b.*?</\2>)", re.DOTALL)
TEX = re.compile(r"\$\$(.+?)\$\$|\\\[(.+?)\\\]|\$(.+?)\$|\\\((.+?)\\\)", re.DOTALL)


class Formulas:
    """The formulas of one page. `marked` takes them out of a piece of HTML, `drawn` puts them in as pictures."""

    def __init__(self):
        self.found = []

    def marked(self, text):
        """A text's HTML with a mark in place of each formula; code is left alone."""
        parts = CODE.split(text)  # text, code, its tag, text, …
        return "".join(TEX.sub(self._mark, part) if k % 3 == 0 else part for k, part in enumerate(parts) if k % 3 < 2)

    def _mark(self, tex):
        alone = bool(tex[1] or tex[2])
        asked = [html.unescape(next(filter(None, tex.groups()))).strip(), alone]
        if asked not in self.found:
            self.found.append(asked)
        return f"\ue010{self.found.index(asked)}\ue011"

    def drawn(self, page):
        """The page with its formulas; the glyphs that they share stand before </body>."""
        if not self.found:
            return page
        known = draw(self.found)
        formulas = [
            f'<span class="math{" alone" if alone else ""}">{svg}<span class="unseen">{said}</span></span>'
            for (svg, said), (_, alone) in zip(known["formulas"], self.found, strict=True)
        ]
        page = re.sub("\ue010(\\d+)\ue011", lambda mark: formulas[int(mark[1])], page)
        glyphs = f'<svg class="unseen" aria-hidden="true">{known["glyphs"]}</svg>\n</body>'
        return page.replace("</body>", glyphs)

    def plain(self, page):
        """The page with each formula as its TeX, for a place where no picture can stand."""
        return re.sub("\ue010(\\d+)\ue011", lambda mark: html.escape(self.found[int(mark[1])][0]), page)


def draw(asked):
    """{glyphs, formulas: [svg, MathML] for each}, from build/math where they have been drawn before."""
    known = hashlib.sha256(json.dumps(asked).encode() + DRAW.read_bytes())
    kept = publish.BUILD / "math" / f"{known.hexdigest()[:16]}.json"
    if not kept.exists():
        command = [libraries.node(), str(DRAW), str(libraries.fetch())]
        said = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8")
        if said.returncode:
            raise ValueError(f"a formula could not be drawn: {said.stderr[-500:]}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        publish.write(kept, said.stdout)
    return json.loads(kept.read_text(encoding="utf-8"))
