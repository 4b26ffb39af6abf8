"use strict";
// Two pictures, one over the other: the line between them, the magnifier, and blinking. Both lie on
// one sheet that is enlarged as a whole. Without this script both are shown half and half.
const LARGEST = 2;  // a small picture is not blown up beyond this to fit
for (const box of document.querySelectorAll("[data-compare]")) {
  const stage = box.querySelector(".stage");
  const sheet = box.querySelector(".sheet");
  const [under, over] = sheet.querySelectorAll("img");
  const range = box.querySelector("input[type=range]");
  const blink = box.querySelector("[data-blink]");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let zoom = "fit";
  let timer = 0;

  const show = (percent) => {
    range.value = percent;
    box.dataset.shown = percent;
    sheet.style.setProperty("--cut", `${percent}%`);
    range.setAttribute("aria-valuetext", range.dataset.text.replace("{}", percent));
    for (const one of box.querySelectorAll("[data-show]")) {
      one.setAttribute("aria-pressed", String(Number(one.dataset.show) === Number(percent)));
    }
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    blink?.setAttribute("aria-pressed", "false");
  };
  const natural = () => [under.naturalWidth || 1, under.naturalHeight || 1];
  const lay = () => {
    const [width, height] = natural();
    const fit = Math.min(stage.clientWidth / width, stage.clientHeight / height, LARGEST);
    const scale = zoom === "fit" ? fit : Number(zoom) / window.devicePixelRatio;
    sheet.style.width = under.style.width = over.style.width = `${Math.max(1, Math.round(width * scale))}px`;
    box.classList.toggle("sharp", zoom !== "fit");  // by then a finger moves the picture, else the line
    for (const one of box.querySelectorAll("[data-zoom]")) {
      one.setAttribute("aria-pressed", String(one.dataset.zoom === zoom));
    }
  };
  // A place of the picture, as shares of its sides, stays in the middle of the stage.
  const magnify = (next, place = [0.5, 0.5]) => {
    zoom = next;
    lay();
    stage.scrollLeft = place[0] * sheet.offsetWidth - stage.clientWidth / 2;
    stage.scrollTop = place[1] * sheet.offsetHeight - stage.clientHeight / 2;
  };
  const middle = () => [
    (stage.scrollLeft + stage.clientWidth / 2) / Math.max(sheet.offsetWidth, stage.clientWidth),
    (stage.scrollTop + stage.clientHeight / 2) / Math.max(sheet.offsetHeight, stage.clientHeight),
  ];

  range.addEventListener("input", () => { stop(); show(range.value); });
  for (const one of box.querySelectorAll("[data-show]")) {
    one.addEventListener("click", () => { stop(); show(one.dataset.show); });
  }
  for (const one of box.querySelectorAll("[data-zoom]")) {
    one.addEventListener("click", () => magnify(one.dataset.zoom, middle()));
  }
  stage.addEventListener("dblclick", (event) => {
    const on = sheet.getBoundingClientRect();
    const place = [(event.clientX - on.left) / on.width, (event.clientY - on.top) / on.height];
    magnify(zoom === "fit" ? "1" : "fit", place);
  });
  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.pointerType !== "mouse" && zoom !== "fit")) return;
    if (!under.naturalWidth) return;  // it is still being fetched: the sheet has no width to draw on
    held = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop };
    if (zoom === "fit") {
      held.move = (x) => {
        const on = sheet.getBoundingClientRect();
        stop();
        show(Math.round(Math.min(100, Math.max(0, (x - on.left) / on.width * 100))));
      };
    }
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    stage.focus({ preventScroll: true });
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (held.move) { held.move(event.clientX); return; }
    stage.scrollLeft = held.left + held.x - event.clientX;
    stage.scrollTop = held.top + held.y - event.clientY;
  });
  stage.addEventListener("pointerup", () => { held = null; });
  stage.addEventListener("pointercancel", () => { held = null; });
  blink?.addEventListener("click", () => {
    const turn = () => show(Number(range.value) === 0 ? 100 : 0);
    if (still.matches) { turn(); return; }  // one step for each press
    if (timer) { stop(); return; }
    turn();
    timer = setInterval(turn, 500);  // once to and fro in a second
    blink.setAttribute("aria-pressed", "true");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=range]), select, textarea")) return;
    const shown = { 1: 100, 2: 50, 3: 0 }[event.key];
    if (shown !== undefined) { stop(); show(shown); }
    const key = event.key.toLowerCase();  // with the capitals locked too
    if (key === "z") magnify({ fit: "1", 1: "4", 4: "fit" }[zoom], middle());
    if (key === "b") { stop(); show(Number(range.value) === 0 ? 100 : 0); }
  });
  for (const one of [under, over]) one.addEventListener("load", lay);
  window.addEventListener("resize", lay);
  lay();
  show(range.value);
}
