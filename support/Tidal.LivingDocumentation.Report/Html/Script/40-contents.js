// The contents are open where there is room for them beside the text, and say where the reader is.
function startContents() {
  const contents = document.getElementById("contents");
  const wide = matchMedia("(min-width:60.01rem)");
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", event => { if (event.target.closest("a") && !wide.matches) contents.open = false; });
  if (!globalThis.IntersectionObserver) return;
  const links = new Map([...contents.querySelectorAll("a")].map(link => [link.hash.slice(1), link]));
  let current = null;
  const watch = new IntersectionObserver(seen => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      current?.removeAttribute("aria-current");
      current = links.get(target.id);
      current?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -80% 0px" });
  for (const part of document.querySelectorAll("main>section,.fe")) watch.observe(part);
}
