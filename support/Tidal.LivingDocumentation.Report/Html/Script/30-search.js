// What is searched, read from the page itself when it is first asked for: each scenario's own words and those of the rule and feature around it.
let scenarios = null;

const plain = text => text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "");
const textOf = (element, selector) => [...element.querySelectorAll(selector)].map(found => found.textContent).join(" ");

function readScenario(block) {
  const rule = block.closest(".rl");
  const feature = block.closest(".fe");
  const own = textOf(block, ":scope>summary .sh,:scope>.eb>.px,:scope>.eb>.st,:scope>summary .tg");
  const around = textOf(rule, ":scope>h5,:scope>.px") + textOf(feature, ":scope>header h4,:scope>.px");
  return {
    block, rule, feature,
    text: plain(own + " " + around),
    tags: block.dataset.t.split(" "),
    count: Number(block.dataset.n),
    rows: [...block.querySelectorAll(":scope .rw")].map(row => ({ row, text: plain(row.textContent), outcome: row.dataset.o })),
    outcome: block.dataset.o,
  };
}

function readScenarios() {
  return scenarios ??= [...document.querySelectorAll(".ex")].map(readScenario);
}

// How many examples of a scenario are wanted: a row may have a word that its outline has not.
function match(scenario, wanted) {
  if (wanted.tags.size && !scenario.tags.some(tag => wanted.tags.has(tag))) return showRows(scenario, () => false);
  const missing = wanted.words.filter(word => !scenario.text.includes(word));
  const fits = (outcome, text) => (!wanted.outcomes.size || wanted.outcomes.has(outcome)) && missing.every(word => text.includes(word));
  if (scenario.rows.length) return showRows(scenario, row => fits(row.outcome, row.text));
  return fits(scenario.outcome, "") ? scenario.count : 0;
}

function showRows(scenario, isWanted) {
  let shown = 0;
  for (const row of scenario.rows) {
    const wanted = isWanted(row);
    row.row.hidden = row.row.nextElementSibling.hidden = !wanted;
    shown += wanted;
  }
  return shown;
}
