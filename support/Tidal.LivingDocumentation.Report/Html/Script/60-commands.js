// A command is copied by its button; where that is forbidden it is left selected.
async function copy(button) {
  const code = button.previousElementSibling;
  getSelection().selectAllChildren(code);
  let done = false;
  try { await navigator.clipboard.writeText(code.textContent); done = true; } catch { try { done = document.execCommand("copy"); } catch { /* selected, then */ } }
  button.textContent = done ? "Copied" : "Selected";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

function startCommands() {
  document.addEventListener("click", event => {
    const button = event.target.closest?.(".cp");
    if (button) copy(button);
  });
}
