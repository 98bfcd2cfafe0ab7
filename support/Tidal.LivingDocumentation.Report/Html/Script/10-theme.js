// Light, dark, or as the system is: known before anything is drawn, and remembered where the browser remembers.
const root = document.documentElement;
root.classList.add("scripted");

const memory = {
  get() { try { return localStorage.getItem("tidal-theme") || ""; } catch { return ""; } },
  set(theme) { try { localStorage.setItem("tidal-theme", theme); } catch { /* then it holds for this page */ } },
};

function showTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll(".theme button"))
    button.setAttribute("aria-pressed", button.dataset.to === theme);
}

function startTheme() {
  showTheme(memory.get());
  document.querySelector(".theme").addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    memory.set(button.dataset.to);
    showTheme(button.dataset.to);
  });
}

showTheme(memory.get());
