// Shows itself only where copying works.
import { part } from "../tools.js";

export function connect(button) {
  if (!navigator.clipboard) return;
  const word = part(button, "word");
  const before = word.textContent;
  button.hidden = false;
  word.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(new URL(button.dataset.url, location.href).href);
    } catch {
      return;
    }
    word.textContent = button.dataset.done;
    setTimeout(() => { word.textContent = before; }, 2000);
  });
}
