// A link into something that is closed opens it, with all that it is in; a scenario's link opens the scenario.
function reveal(id) {
  const target = id && document.getElementById(id);
  if (!target) return null;
  for (let around = target; around; around = around.parentElement)
    if (around.tagName === "DETAILS") around.open = true;
  return target;
}

function goToHash() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id.includes("=") ? null : reveal(id);
  if (target) settleAt(target);
}

// Features out of sight get their height as they come near, and what is below them moves: the place is gone to until it stays.
function settleAt(target, framesLeft = 30, steady = 0) {
  const before = scrollY;
  target.scrollIntoView({ block: "start", behavior: "instant" });
  steady = scrollY === before ? steady + 1 : 0;
  if (framesLeft && steady < 5) requestAnimationFrame(() => settleAt(target, framesLeft - 1, steady));
}

// Steps get their links when somebody comes to look at them: three thousand of them would weigh too much beforehand.
function linkSteps(scenario) {
  for (const step of scenario.querySelectorAll(".st>li:not(:has(>.sa))")) {
    const link = document.createElement("a");
    link.className = "sa";
    link.href = "#" + step.id;
    link.textContent = "#";
    link.setAttribute("aria-label", "Link to this step");
    step.append(link);
  }
}

function startReveal() {
  addEventListener("hashchange", goToHash);
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash) goToHash();
  });
  document.addEventListener("toggle", event => {
    if (event.target.open && event.target.matches(".ex,.bk")) linkSteps(event.target);
  }, true);
  document.querySelectorAll(".ex[open]").forEach(linkSteps);
  goToHash();
}
