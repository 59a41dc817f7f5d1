// Quotes what is selected in a post into the reply: a button appears beside the selection, and in the order of the keys.
import { toMarkdown } from "./composer-paste.js";
import { put } from "./composer-marks.js";

const PAUSE = 200;

export function connect(section) {
  const text = section.querySelector("textarea");
  if (!text) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s quote-here", hidden: true, textContent: section.dataset.quote });
  let timer;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(button), PAUSE);
  });
  show(button);
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = selected();
    if (!found) return;
    const words = toMarkdown(found.range.cloneContents());
    const name = found.post.querySelector(".who")?.textContent.trim() ?? "";
    const head = `[${name.replace(/[[\]\\*_`]/g, "\\$&")}](/posts/${found.post.id.replace("post-", "")}):`;
    const lines = [head, "", ...words.split("\n")].map((line) => `> ${line}`.trimEnd());
    button.hidden = true;
    getSelection().removeAllRanges();
    text.setSelectionRange(text.value.length, text.value.length);
    put(text, `${text.value.trim() ? "\n\n" : ""}${lines.join("\n")}\n\n`);
    text.scrollIntoView({ block: "center" });
  });
}

// The selection, where it lies within the words of one post.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  const prose = (within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement)?.closest(".post .prose");
  const post = prose?.closest("article[id^='post-']");
  return post && range.toString().trim() ? { range, prose, post } : null;
}

function show(button) {
  const found = selected();
  if (!found) {
    if (document.activeElement !== button) button.hidden = true;
    return;
  }
  const place = found.range.getBoundingClientRect();
  const box = found.prose.getBoundingClientRect();
  found.prose.after(button);
  button.hidden = false;
  const parent = button.offsetParent?.getBoundingClientRect() ?? { top: -scrollY, left: -scrollX };
  button.style.insetBlockStart = `${place.bottom - parent.top + 6}px`;
  button.style.insetInlineStart = `${Math.max(box.left, Math.min(place.left, box.right - button.offsetWidth)) - parent.left}px`;
}
