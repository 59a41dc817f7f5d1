// Letters decide the case that has the focus, or the first one; its words are asked for where they are needed.
import { isTyping, kept } from "../tools.js";

const OFF = "isthmus:keys-off";

export function connect(list) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") || kept.get(OFF)) return;
    const cases = [...list.querySelectorAll(".case")];
    const here = cases.find((one) => one.contains(document.activeElement)) ?? cases[0];
    const button = here?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    press(button);
  });
  list.addEventListener("focusin", (event) => mark(list, event.target.closest(".case")));
  const all = list.closest("form, section")?.querySelector('[data-part="all"]');
  all?.addEventListener("change", () => {
    for (const box of document.querySelectorAll('input[name="case"]')) box.checked = all.checked;
  });
}

function mark(list, here) {
  for (const one of list.querySelectorAll(".case")) one.classList.toggle("is-here", one === here);
}

// A link is followed; a button that needs words asks for them first.
function press(button) {
  if (button.href) {
    location.assign(button.href);
    return;
  }
  const words = button.form?.elements.namedItem("words");
  if (button.hasAttribute("data-asks") && words && !words.value.trim()) {
    words.closest("details")?.setAttribute("open", "");
    words.focus();
    return;
  }
  button.form.requestSubmit(button);
}
