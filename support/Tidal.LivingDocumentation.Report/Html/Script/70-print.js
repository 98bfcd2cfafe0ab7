// Paper cannot be opened. In full are the examples that show the acceptance steps, those that are open on the screen, and those that a filter
// has left; the others are named. What stands under the promises comes again in the traceability table.
function wantedOnPaper(closed, tags) {
  if (closed.closest("[hidden],#promises")) return false;
  const scenario = closed.closest(".ex");
  return !scenario || scenario.open || isFiltering() || scenario.dataset.t.split(" ").some(tag => tags.has(tag));
}

function startPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    const tags = new Set([...document.querySelectorAll("#promises [data-tag]")].map(promise => promise.dataset.tag));
    opened = [...document.querySelectorAll("main details:not([open])")].filter(closed => wantedOnPaper(closed, tags));
    for (const closed of opened) closed.open = true;
  });
  addEventListener("afterprint", () => {
    for (const closed of opened) closed.open = false;
    opened = [];
  });
  const all = document.getElementById("all");
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    all.setAttribute("aria-pressed", open);
    for (const scenario of document.querySelectorAll(".ex")) if (!scenario.closest("[hidden]")) scenario.open = open;
  });
}
