// Single keys for people who like them; they can be switched off in the list that ? opens.
import { isTyping, kept } from "../tools.js";

const OFF = "isthmus:keys-off";

export function connect(body) {
  let dialog;
  const acts = {
    "/": () => search(),
    c: () => document.querySelector(".composer textarea") ?? go(body.dataset.ask),
    j: () => step(1),
    k: () => step(-1),
    "?": () => show(),
  };
  const show = () => { dialog ??= build(); dialog.showModal(); };
  // The way to the list, and back to the keys, for whoever has switched them off.
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", show);
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = acts[event.key];
    // A page may give a letter a meaning of its own, as the inbox does.
    if (!act || kept.get(OFF) || document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)) return;
    event.preventDefault();
    act()?.focus();
  });
}

function go(url) {
  location.assign(url);
}

// The first search that is to be seen; on a small screen it has a page of its own.
function search() {
  const fields = [...document.querySelectorAll('[role="search"] input[name="q"]')];
  return fields.find((field) => field.checkVisibility()) ?? go(fields[0].form.action);
}

// The next or previous row's own link, counted from the one that has the focus.
function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return null;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next].scrollIntoView({ block: "nearest" });
  return rows[next].querySelector("a[href]");
}

function build() {
  const dialog = document.querySelector("#keys").content.firstElementChild.cloneNode(true);
  const control = dialog.querySelector('[data-part="switch"]');
  control.checked = !kept.get(OFF);
  control.addEventListener("change", () => kept.set(OFF, control.checked ? "" : "1"));
  document.body.append(dialog);
  return dialog;
}
