// Paper cannot be opened. What is in full on the screen is so on paper, with all that is folded in it; a filter says what else is wanted.
function wantedOnPaper(closed) {
  return isFiltering() ? !closed.closest("[hidden]") : !closed.closest(".ex:not([open])");
}

function startPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")].filter(wantedOnPaper);
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
