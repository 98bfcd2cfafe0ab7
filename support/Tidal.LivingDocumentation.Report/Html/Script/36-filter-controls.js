// The controls of search and filters.
function clearFilter() {
  document.getElementById("q").value = "";
  wanted.tags.clear();
  wanted.outcomes.clear();
  changed();
}

function changed() {
  takeUp();
  writeHash();
  if (isFiltering()) scrollTo({ top: 0, behavior: "instant" });
}

function startFilter() {
  const search = document.getElementById("q");
  search.addEventListener("input", changed);
  search.addEventListener("keydown", event => { if (event.key === "Escape" && search.value) { search.value = ""; changed(); event.preventDefault(); } });
  document.querySelector(".fs").addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.o) toggle(wanted.outcomes, button.dataset.o);
    else toggle(wanted.tags, button.dataset.t);
    changed();
  });
  document.getElementById("clear").addEventListener("click", () => { clearFilter(); search.focus(); });
  addEventListener("keydown", event => {
    if (event.key !== "/" || event.target.closest("input,textarea")) return;
    event.preventDefault();
    search.focus();
  });
  // A link to something that the filter hides ends the filter.
  addEventListener("hashchange", () => {
    if (readHash()) takeUp();
    else if (isFiltering() && document.getElementById(location.hash.slice(1))?.closest("[hidden],.filtering>section:not(#features)")) endFilterAt(location.hash);
  });
  if (readHash()) takeUp();
}

function endFilterAt(hash) {
  clearFilter();
  location.hash = hash;
}
