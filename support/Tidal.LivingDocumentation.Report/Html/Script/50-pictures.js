// A drawing is one stop of the tab key; arrows go from event to event, and what each was is said beside it, and to who listens.
const tip = () => document.getElementById("tip");
let lit = null, said = null;

function eventsOf(picture) {
  return [...picture.parentElement.querySelectorAll(":scope>.es>ol>li")];
}

function tell(picture, number) {
  lit?.classList.remove("on");
  const item = eventsOf(picture)[number];
  if (!item) return hideTip();
  // What found no room in the drawing is said all the same.
  const element = picture.querySelector(`[data-e="${number}"]`) ?? picture;
  lit = element;
  if (element !== picture) element.classList.add("on");
  picture.dataset.at = number;
  const [when, where] = [item.querySelector("b"), item.querySelector("i")];
  element.scrollIntoView?.({ block: "nearest", inline: "nearest", behavior: "instant" });
  say([when, where].filter(Boolean).map(part => part.textContent).join("  "), item.querySelector("bdi").textContent, element);
}

function say(head, text, beside) {
  const strong = document.createElement("b");
  strong.textContent = head;
  tip().replaceChildren(strong, text);
  said = beside;
  placeTip(said.getBoundingClientRect());
}

function placeTip(at) {
  const box = tip().getBoundingClientRect();
  const left = Math.min(Math.max(4, at.left + at.width / 2 - box.width / 2), innerWidth - box.width - 4);
  const above = at.top - box.height - 8;
  tip().style.left = left + "px";
  tip().style.top = (above > 56 ? above : at.bottom + 8) + "px";
}

function hideTip() {
  lit?.classList.remove("on");
  lit = said = null;
  tip().replaceChildren();
}

function onPictureKey(event) {
  const picture = event.target.closest?.(".pc");
  if (!picture) return;
  const count = eventsOf(picture).length;
  const at = Number(picture.dataset.at ?? -1);
  const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[event.key];
  if (event.key === "Escape") hideTip();
  if (next === undefined || count === 0) return;
  event.preventDefault();
  tell(picture, Math.min(Math.max(next, 0), count - 1));
}

function startPictures() {
  document.addEventListener("keydown", onPictureKey);
  document.addEventListener("pointerover", event => {
    const element = event.target.closest?.(".pc [data-e]");
    if (element) tell(element.closest(".pc"), Number(element.dataset.e));
    else if (lit && !document.activeElement?.matches(".pc")) hideTip();
  });
  document.addEventListener("focusout", event => { if (event.target.matches?.(".pc")) hideTip(); });
  addEventListener("scroll", () => { if (said) placeTip(said.getBoundingClientRect()); }, { passive: true, capture: true });
}
