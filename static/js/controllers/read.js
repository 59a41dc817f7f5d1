// Says which posts were shown, once the page is looked at. Without script the server finds out by itself, a little later.
import { post } from "../tools.js";

export function connect(box) {
  const tell = () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", tell);
    post(box.dataset.readUrl, new URLSearchParams({ number: box.dataset.number })).catch(() => {});
  };
  document.addEventListener("visibilitychange", tell);
  tell();
}
