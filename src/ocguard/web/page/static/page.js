"use strict";
// What the page does beyond links and forms: dropping, pasting, following a look, saying that it is
// open. Everything but folders works without it.
document.documentElement.classList.add("has-script");
const says = document.getElementById("says");

// The server ends some time after its last page said goodbye. Where it ended before, the page says so.
const pageId = crypto.randomUUID();
const gone = document.getElementById("gone");
const lost = () => { gone.hidden = false; };
const beat = () => fetch(`/pages/${pageId}`, { method: "POST" })
  .then((answer) => { gone.hidden = answer.ok; }).catch(lost);
document.body.addEventListener("htmx:sendError", lost);
beat();
setInterval(beat, 30_000);
addEventListener("pagehide", () => navigator.sendBeacon(`/pages/${pageId}/closed`));
addEventListener("pageshow", (event) => { if (event.persisted) beat(); });

// Dropping: the window is the target. One picture goes as the form would send it; of several each is a
// request of its own, so that a large folder shows how far it is. What is refused is told by the page that
// comes then, so no script may follow the redirect there before.
const isPicture = (name, suffixes) => suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));

const filesOf = async (entry) => {
  if (entry.isFile) return [await new Promise((found, failed) => entry.file(found, failed))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {  // a browser gives a hundred at a time
    const part = await new Promise((found, failed) => reader.readEntries(found, failed));
    if (!part.length) return files;
    for (const one of part) files.push(...await filesOf(one));
  }
};

const form = document.querySelector("[data-drop]");
const send = async (files, isFolder) => {
  const suffixes = form.dataset.suffixes.split(" ");
  const sent = isFolder ? files.filter((file) => isPicture(file.name, suffixes)) : files;
  if (sent.length < files.length) {
    says.textContent = form.dataset.left.replace("{count}", files.length - sent.length);
  }
  if (!sent.length) return;
  if (sent.length === 1) {
    const one = new DataTransfer();
    one.items.add(sent[0]);
    form.querySelector("input[type=file]:not([data-folder])").files = one.files;
    form.submit();
    return;
  }
  const bar = form.querySelector("progress");
  bar.hidden = false;
  bar.max = sent.length;
  bar.value = 0;
  for (const file of sent) {
    const body = new FormData();
    body.append("picture", file, file.name || "pasted.png");
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(lost);
    if (!answer) { says.textContent = ""; bar.hidden = true; return; }  // ocguard has ended, and the page says so
    if (answer.type !== "opaqueredirect") { says.textContent = (await answer.json()).detail; return; }
    bar.value += 1;
    says.textContent = form.dataset.sending.replace("{done}", bar.value).replace("{all}", sent.length);
  }
  location.assign(form.action.replace(/\/(pictures|finds)$/, ""));
};

if (form) {
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => send([...input.files], "folder" in input.dataset));
  }
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  });
  addEventListener("drop", async (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.remove("dragging");
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = items.map((item) => item.webkitGetAsEntry());  // gone after the first wait
    const plain = [...event.dataTransfer.files];
    if (!entries.some((entry) => entry?.isDirectory)) { send(plain, false); return; }
    send((await Promise.all(entries.map(filesOf))).flat(), true);
  });
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) { event.preventDefault(); send(files, false); }
  });
}

// Following a look: the picture changes with the form.
const look = document.querySelector("[data-look]");
if (look) {
  const problem = document.getElementById("look-problem");
  const picture = document.querySelector("#look .over");
  let timer = 0;
  let asked = 0;
  let shown = "";
  const follow = async () => {
    if (!look.checkValidity()) return;  // a color that is half written
    const mine = ++asked;
    const choices = new URLSearchParams(new FormData(look));
    choices.delete("picture");
    const answer = await fetch(`${look.dataset.look}?${choices}`).catch(lost);
    if (!answer || mine !== asked) return;  // ocguard has ended, or another change came meanwhile
    problem.hidden = answer.ok;
    picture.hidden = !answer.ok;  // its words would stand over the picture
    if (!answer.ok) { problem.textContent = (await answer.json()).detail; return; }
    const address = URL.createObjectURL(await answer.blob());
    picture.src = address;
    URL.revokeObjectURL(shown);
    shown = address;
  };
  picture.addEventListener("error", () => { if (!shown) follow(); });  // says why
  look.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(follow, 200); });
  const pick = look.querySelector("[data-picks]");
  const picked = look.elements[pick.dataset.picks];
  pick.addEventListener("input", () => { picked.value = pick.value; });
  picked.addEventListener("input", () => { if (picked.checkValidity()) pick.value = picked.value || pick.dataset.auto; });
  for (const range of look.querySelectorAll("input[type=range]")) {
    const output = document.createElement("output");
    const say = () => {
      const text = Number(range.value) ? range.dataset.unit.replace("{}", range.value) : range.dataset.auto;
      output.textContent = text;
      range.setAttribute("aria-valuetext", text);
    };
    range.before(output);
    range.addEventListener("input", say);
    say();
  }
}

// "/" leads to the search, as on many pages with pictures.
const search = document.querySelector("[data-search]");
addEventListener("keydown", (event) => {
  if (!search || event.key !== "/" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  search.focus();
});

// The notice follows the name while nobody wrote another.
const nameField = document.querySelector("[data-name]");
nameField?.addEventListener("input", () => {
  const notice = document.querySelector("[data-notice]");
  notice.placeholder = notice.dataset.notice.replace("{name}", nameField.value);
});
document.getElementById("verdict")?.focus();
