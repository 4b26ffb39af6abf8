"use strict";
// Slider and blink of the overlay. Without this script the page shows both pictures half and half.
for (const box of document.querySelectorAll("[data-overlay]")) {
  const picture = box.querySelector(".overlay");
  const range = box.querySelector("input");
  const blink = box.querySelector("button");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;
  const show = () => {
    picture.style.setProperty("--cut", `${range.value}%`);
    range.setAttribute("aria-valuetext", range.dataset.text.replace("{}", range.value));
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    picture.classList.remove("whole", "hidden");
    blink.setAttribute("aria-pressed", "false");
  };
  const turn = () => {
    const isWhole = picture.classList.toggle("whole");
    picture.classList.toggle("hidden", !isWhole);
  };
  range.addEventListener("input", () => { stop(); show(); });
  blink.addEventListener("click", () => {
    if (still.matches) { turn(); return; }  // one step for each press
    if (timer) { stop(); return; }
    turn();
    timer = setInterval(turn, 500);  // once to and fro in a second
    blink.setAttribute("aria-pressed", "true");
  });
  window.addEventListener("beforeprint", stop);
  show();
}
