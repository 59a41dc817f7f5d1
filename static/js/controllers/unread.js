// Asks now and then whether there is news, only while the page is looked at.
import { part } from "../tools.js";

const EVERY = 60000;

export function connect(link) {
  const count = part(link, "count");
  let etag = "";
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(link.dataset.url, { headers: etag ? { "If-None-Match": etag } : {} });
      if (!answer.ok) return;
      etag = answer.headers.get("ETag") ?? "";
      show((await answer.json()).unread);
    } catch { /* offline: ask again later */ }
  };
  const show = (unread) => {
    count.hidden = !unread;
    count.textContent = unread > 99 ? "99+" : String(unread);
    link.setAttribute("aria-label", unread ? link.dataset.some.replace("{n}", unread) : link.dataset.none);
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
