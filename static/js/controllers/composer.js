// Writing: formatting, preview, drafts kept in this browser, pictures by paste, drop or choice.
import { kept, markSent, parse, part, post } from "../tools.js";
import { apply } from "./composer-marks.js";

const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };
const PAUSE = 500;

export function connect(box) {
  const text = part(box, "text");
  part(box, "bar").hidden = false;
  keepDraft(box, text);
  formatting(box, text);
  if (box.dataset.previewUrl) preview(box, text);
  if (box.dataset.uploadUrl) pictures(box, text);
}

function formatting(box, text) {
  box.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool && tool !== "image") apply(text, tool);
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      text.form?.requestSubmit();
    } else if (KEYS[event.key]) {
      event.preventDefault();
      apply(text, KEYS[event.key]);
    }
  });
}

// What the server put into the text wins over an older draft only when the person starts empty.
function keepDraft(box, text) {
  const key = `isthmus:draft:${location.pathname}:${text.form?.id ?? ""}:${text.name}`;
  const given = text.defaultValue;
  const draft = kept.get(key);
  const note = part(box, "draft");
  if (draft && draft.trim() !== given.trim()) {
    text.value = draft;
    note.hidden = false;
  }
  let timer;
  const save = () => kept.set(key, text.value.trim() === given.trim() ? "" : text.value);
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  part(box, "drop").addEventListener("click", () => {
    text.value = given;
    save();
    note.hidden = true;
    text.focus();
  });
  let sent = false;
  addEventListener("pagehide", () => { if (!sent) save(); });
  text.form?.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.defaultPrevented) return;
    sent = true;
    markSent(key, text.value);
  });
}

function preview(box, text) {
  const button = part(box, "look");
  const pane = part(box, "preview");
  let timer;
  const show = async () => {
    if (!text.value.trim()) {
      pane.textContent = box.dataset.empty;
      return;
    }
    const body = new FormData();
    body.set("text", text.value);
    try {
      const answer = await post(box.dataset.previewUrl, body);
      pane.replaceChildren(...parse(await answer.text()).body.childNodes);
    } catch {
      pane.textContent = box.dataset.failed;
    }
  };
  button.addEventListener("click", () => {
    pane.hidden = !pane.hidden;
    button.setAttribute("aria-expanded", String(!pane.hidden));
    if (pane.hidden) return;
    pane.textContent = box.dataset.loading;
    show();
  });
  text.addEventListener("input", (event) => {
    if (pane.hidden || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}

function pictures(box, text) {
  const take = (event, data) => {
    const files = [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) send(box, text, file);
  };
  text.addEventListener("paste", (event) => take(event, event.clipboardData));
  text.addEventListener("drop", (event) => {
    box.classList.remove("is-over");
    take(event, event.dataTransfer);
  });
  text.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  text.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.querySelector('[data-tool="image"]')?.addEventListener("click", () => {
    const chooser = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", multiple: true });
    chooser.addEventListener("change", () => { for (const file of chooser.files) send(box, text, file); });
    chooser.click();
  });
}

async function send(box, text, file) {
  const news = part(box, "news");
  const body = new FormData();
  body.set("file", file);
  news.textContent = box.dataset.uploading;
  try {
    const { markdown } = await (await post(box.dataset.uploadUrl, body)).json();
    text.setRangeText(`${markdown}\n`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    news.textContent = "";
  } catch {
    news.textContent = box.dataset.failed;
  }
}
