// Search and filters: what is wanted, kept in the address so that it can be sent; and what of the page and of the tree it leaves.
const wanted = { words: [], tags: new Set(), outcomes: new Set() };
const isFiltering = () => wanted.words.length + wanted.tags.size + wanted.outcomes.size > 0;

function applyFilter() {
  const all = readScenarios();
  let shown = 0, total = 0;
  const used = new Set();
  for (const scenario of all) {
    const count = match(scenario, wanted);
    scenario.block.hidden = count === 0;
    total += scenario.count;
    shown += count;
    if (count) used.add(scenario.rule).add(scenario.feature).add(scenario.feature.parentElement);
  }
  const filtering = isFiltering();
  for (const part of document.querySelectorAll(".rl,.fe,.ca")) part.hidden = filtering && !used.has(part);
  document.querySelector("main").classList.toggle("filtering", filtering);
  document.getElementById("clear").hidden = !filtering;
  document.querySelector("#features .none").hidden = !filtering || shown > 0;
  document.getElementById("found").textContent = filtering ? `${shown} of ${total} examples` : "";
  filterTree(filtering);
  markWords();
}

function filterTree(filtering) {
  for (const link of document.querySelectorAll(".tree li>a,.tree .cap>a")) {
    const target = document.getElementById(link.hash.slice(1));
    const hidden = filtering && !!target?.closest("[hidden]");
    const item = link.closest("li,.cap");
    item.hidden = hidden;
    const folded = link.parentElement.querySelector(":scope>details");
    if (filtering && !hidden && folded) folded.open = wanted.words.length > 0;
  }
}

// Words found are marked without touching the text; a browser that cannot do so shows them as they are.
const MarksMax = 500;
function markWords() {
  if (!globalThis.Highlight || !CSS.highlights) return;
  CSS.highlights.delete("hit");
  if (!wanted.words.length) return;
  const hits = new Highlight();
  const texts = document.createTreeWalker(document.getElementById("features"), NodeFilter.SHOW_TEXT);
  while (hits.size < MarksMax && texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.closest("h4,h5,.sh,.px,.st,.tg,.rw") || text.parentElement.closest("[hidden]")) continue;
    for (const word of wanted.words) {
      const at = text.data.toLowerCase().indexOf(word);
      if (at >= 0) hits.add(new StaticRange({ startContainer: text, startOffset: at, endContainer: text, endOffset: at + word.length }));
    }
  }
  CSS.highlights.set("hit", hits);
}

function writeHash() {
  const state = new URLSearchParams();
  const words = document.getElementById("q").value.trim();
  if (words) state.set("q", words);
  for (const outcome of wanted.outcomes) state.append("o", outcome);
  for (const tag of wanted.tags) state.append("t", tag);
  const hash = state.toString();
  try { history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search); } catch { /* some viewers of attachments forbid it */ }
}

function readHash() {
  const hash = location.hash.slice(1);
  if (!hash.includes("=")) return false;
  const state = new URLSearchParams(hash);
  document.getElementById("q").value = state.get("q") ?? "";
  wanted.outcomes = new Set(state.getAll("o"));
  wanted.tags = new Set(state.getAll("t"));
  return true;
}

function takeUp() {
  wanted.words = plain(document.getElementById("q").value).split(/\s+/).filter(Boolean);
  for (const button of document.querySelectorAll(".fs button[aria-pressed]"))
    button.setAttribute("aria-pressed", wanted.outcomes.has(button.dataset.o) || wanted.tags.has(button.dataset.t));
  applyFilter();
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}
