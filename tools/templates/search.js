// The search of the website: every section stands in this page, as [address, lesson, heading, text].
const sections = JSON.parse(document.getElementById("sections").textContent);
const box = document.querySelector("[role=search] input"), list = document.querySelector(".hits");

function bold(parent, text, words) {
  let at = 0;
  for (const found of text.matchAll(new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|"), "giu"))) {
    parent.append(text.slice(at, found.index));
    parent.appendChild(document.createElement("mark")).append(found[0]);
    at = found.index + found[0].length;
  }
  parent.append(text.slice(at));
}

// Sections that hold every word; a word in the heading counts ten times.
function found(words) {
  const count = (text, word) => text.toLowerCase().split(word).length - 1;
  return sections.map((section) => {
    const counts = words.map((word) => 10 * count(`${section[1]} ${section[2]}`, word) + count(section[3], word));
    return [counts.every(Boolean) ? counts.reduce((a, b) => a + Math.min(b, 20)) : 0, section];
  }).filter(([weight]) => weight).sort((a, b) => b[0] - a[0]).map(([, section]) => section);
}

function look() {
  const words = box.value.toLowerCase().trim().split(/\s+/).filter(Boolean), hits = words.length ? found(words) : [];
  list.replaceChildren(...hits.slice(0, 40).map(([address, lesson, heading, text]) => {
    const item = document.createElement("li"), link = document.createElement("a"), words_ = document.createElement("p");
    link.href = address;
    bold(link, heading === lesson ? lesson : `${lesson}: ${heading}`, words);
    const at = Math.max(0, text.toLowerCase().indexOf(words.find((word) => text.toLowerCase().includes(word)) ?? "") - 80);
    bold(words_, `${at ? "… " : ""}${text.slice(at, at + 240)}${at + 240 < text.length ? " …" : ""}`, words);
    item.append(link, words_);
    return item;
  }));
  const said = hits.length === 1 ? "1 section" : `${hits.length} sections`;
  document.querySelector(".found").textContent = words.length ? `${said} with “${words.join(" ")}”.` : "Type one or more words above.";
  history.replaceState(null, "", words.length ? `?q=${encodeURIComponent(box.value)}` : location.pathname);
}

box.value = new URLSearchParams(location.search).get("q") ?? "";
box.oninput = look;
look();
box.focus();
