"use strict";
// Thousands of works on one wall, and little memory. Works come in batches: one far from the screen
// leaves an empty place of its height. Pictures are drawn on canvases and wiped again, since a browser
// keeps a thousand decoded images, however long ago they left the page.
const wall = document.querySelector("[data-wall]");
if (wall) {
  const asked = new WeakSet();  // canvases whose pictures were asked for
  const draw = async (canvas) => {
    asked.add(canvas);
    const longSide = Math.ceil(Math.max(canvas.clientWidth, canvas.clientHeight) * devicePixelRatio);
    const answer = await fetch(`${canvas.dataset.picture}?px=${longSide}`);
    if (!answer.ok) return;
    const picture = await createImageBitmap(await answer.blob());
    if (!canvas.isConnected) { picture.close(); return; }  // wiped meanwhile
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(picture);
  };
  const wipe = (canvas) => {
    const blank = canvas.cloneNode();
    canvas.replaceWith(blank);
    canvas.width = 0;  // frees the memory now
    near.unobserve(canvas);
    near.observe(blank);
  };
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) draw(target);
      else if (asked.has(target)) wipe(target);
    }
  }, { rootMargin: "40% 0px" });

  const takenDown = new WeakMap();  // batches far from the screen, as text
  const takeDown = (batch) => {
    if (takenDown.has(batch) || batch.contains(document.activeElement)) return;
    batch.style.height = `${batch.offsetHeight}px`;
    takenDown.set(batch, batch.innerHTML);
    batch.replaceChildren();
  };
  const hang = (batch) => {
    if (takenDown.has(batch)) {
      batch.innerHTML = takenDown.get(batch);
      takenDown.delete(batch);
      batch.style.height = "";
    }
    for (const canvas of batch.querySelectorAll("canvas")) near.observe(canvas);
  };
  const hung = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) (isIntersecting ? hang : takeDown)(target);
  }, { rootMargin: "100% 0px" });

  // What does not fill the last row of a batch begins the next one: no gap shows where one ends.
  const join = (former, batch) => {
    const bottom = (work) => work.offsetTop + work.offsetHeight;
    const works = [...(former?.children ?? [])];
    batch.prepend(...works.filter((one) => bottom(one) === bottom(works.at(-1))));
  };
  const watch = (nodes) => {
    for (const batch of nodes) {
      if (!batch.matches?.(".works")) continue;
      join(batch.previousElementSibling, batch);
      hung.observe(batch);
    }
  };
  watch(wall.children);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) watch(addedNodes);
  }).observe(wall, { childList: true });
}
