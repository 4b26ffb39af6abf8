"use strict";
// Thousands of works on one wall, and little memory: works come in batches, and a batch far from the
// screen leaves an empty place of its height. Without this script the works come as pages.
const wall = document.querySelector("[data-wall]");
if (wall) {
  const takenDown = new WeakMap();  // batches far from the screen, as text

  const takeDown = (batch) => {
    if (takenDown.has(batch) || batch.contains(document.activeElement)) return;
    batch.style.height = `${batch.offsetHeight}px`;
    takenDown.set(batch, batch.innerHTML);
    batch.replaceChildren();
  };
  const hang = (batch) => {
    if (!takenDown.has(batch)) return;
    batch.innerHTML = takenDown.get(batch);
    takenDown.delete(batch);
    batch.style.height = "";
  };
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) (isIntersecting ? hang : takeDown)(target);
  }, { rootMargin: "100% 0px" });

  // What does not fill the last row of a batch begins the next one: no gap tells that they are batches.
  const join = (former, batch) => {
    const bottom = (work) => work.offsetTop + work.offsetHeight;
    const works = [...(former?.children ?? [])];
    batch.prepend(...works.filter((one) => bottom(one) === bottom(works.at(-1))));
  };
  const watch = (nodes) => {
    for (const batch of nodes) {
      if (!batch.matches?.(".works")) continue;
      join(batch.previousElementSibling, batch);
      near.observe(batch);
    }
  };
  watch(wall.children);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) watch(addedNodes);
  }).observe(wall, { childList: true });
}
