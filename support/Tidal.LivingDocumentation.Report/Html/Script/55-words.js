// What a word of the glossary means is said where it stands; the link leads to the glossary all the same.
function tellWord(event) {
  const link = event.target.closest?.(".gw");
  const entry = link && document.getElementById(link.hash.slice(1));
  if (entry) say(entry.querySelector("dfn").textContent, entry.querySelector("dd").textContent.trim(), link);
}

function startWords() {
  const leave = event => { if (event.target.closest?.(".gw")) hideTip(); };
  document.addEventListener("pointerover", tellWord);
  document.addEventListener("focusin", tellWord);
  document.addEventListener("pointerout", leave);
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", event => { if (event.key === "Escape") hideTip(); });
}
