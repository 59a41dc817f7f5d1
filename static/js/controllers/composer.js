// Writing: formatting, preview, length, and what is sent, suggested and pasted; texts without a draft are kept in this browser.
import { kept, markSent, parse, part, post } from "../tools.js";
import { completion } from "./composer-complete.js";
import { files } from "./composer-files.js";
import { apply, toolOf } from "./composer-marks.js";
import { pasting } from "./composer-paste.js";

const PAUSE = 500;
const CHARACTER = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;
const LETTERS_A_CHARACTER = 2.5;

export function connect(box) {
  const text = part(box, "text");
  part(box, "bar").hidden = false;
  if (!text.form?.matches('[data-controller~="draft"]')) keepDraft(box, text);
  formatting(box, text);
  counting(box, text);
  if (box.dataset.previewUrl) preview(box, text);
  if (box.dataset.uploadUrl) files(box, text);
  pasting(text);
  completion(box, text);
}

function formatting(box, text) {
  box.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool) apply(text, tool);
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const tool = toolOf(event);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      text.form?.requestSubmit();
    } else if (tool) {
      event.preventDefault();
      apply(text, tool);
    }
  });
}

// Shown only near a limit: until there is enough, and when a tenth is left.
function counting(box, text) {
  const count = part(box, "count");
  const least = Number(text.dataset.least ?? 0);
  const most = Number(text.dataset.most ?? Infinity);
  const show = () => {
    const words = text.value.trim().replace(/\s+/g, " ");
    const dense = words.match(CHARACTER)?.length ?? 0;
    const missing = least - (words.length - dense + dense * LETTERS_A_CHARACTER);
    const left = most - text.value.length;
    const said = words && missing > 0 ? box.dataset.more.replace("{count}", Math.ceil(dense ? missing / LETTERS_A_CHARACTER : missing))
      : left < 0 ? box.dataset.over.replace("{count}", -left)
        : left < most / 10 ? box.dataset.left.replace("{count}", left) : "";
    count.textContent = said;
    count.hidden = !said;
    count.classList.toggle("late", left < 0);
  };
  text.addEventListener("input", show);
  show();
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

// On wide screens the preview stands beside the text, on narrow ones in its place (composer.css).
function preview(box, text) {
  const pane = part(box, "preview");
  const buttons = [...box.querySelectorAll("[data-show]")];
  let timer;
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    if (!text.value.trim()) {
      pane.textContent = box.dataset.empty;
      return;
    }
    const body = new FormData();
    body.set("text", text.value);
    try {
      const html = await (await post(box.dataset.previewUrl, body)).text();
      if (mine === turn) pane.replaceChildren(...parse(html).body.childNodes);
    } catch {
      if (mine === turn) pane.textContent = box.dataset.failed;
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const view = button.dataset.show;
      box.dataset.view = view;
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
      pane.hidden = view !== "preview";
      if (pane.hidden) return text.focus();
      if (!pane.childNodes.length) pane.textContent = box.dataset.loading;
      return show();
    });
  }
  text.addEventListener("input", (event) => {
    if (pane.hidden || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
}
