// Asks now and then whether replies came, and offers them; nothing that is being read moves.
import { added, parse, part, post } from "../tools.js";

const EVERY = 20000;
const UNSEEN = 180000; // while the page is in the background

export function connect(box) {
  const show = part(box, "show");
  const size = Number(box.dataset.size);
  let shown = Number(box.dataset.replies);
  let waiting = 0;
  let etag = "";
  let timer = 0;
  let asked = Date.now();

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, document.hidden ? UNSEEN : EVERY);
  };

  const ask = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(box.dataset.url, {
        // Without the cookie nobody has to be looked up; what only some may read needs it.
        credentials: box.dataset.open ? "omit" : "same-origin",
        cache: "no-store",
        headers: etag ? { "If-None-Match": etag } : {},
      });
      if (answer.status === 404) return;
      if (answer.ok) {
        etag = answer.headers.get("ETag") ?? "";
        offer((await answer.json()).replies - shown);
      }
    } catch { /* offline: ask again later */ }
    plan();
  };

  const lastPage = (replies) => {
    const address = new URL(box.dataset.thread, location.href);
    const page = Math.max(1, Math.ceil(replies / size));
    if (page > 1) address.searchParams.set("page", page);
    return address;
  };

  const offer = (more) => {
    waiting = Math.max(0, more);
    box.hidden = waiting === 0;
    show.textContent = waiting === 1 ? box.dataset.one : box.dataset.some.replace("{n}", waiting);
    show.href = lastPage(shown + waiting);
  };

  // Puts the replies below the others, where this page is the one that they are on.
  const bring = async () => {
    const answer = await fetch(show.href);
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    const found = parse(await answer.text());
    const list = document.getElementById("thread-replies");
    const fresh = [...found.querySelectorAll("#thread-replies > *")].filter((each) => each.id && !document.getElementById(each.id));
    list.append(...fresh);
    fresh.forEach(added);
    shown += waiting;
    offer(0);
    if (fresh[0]) {
      fresh[0].tabIndex = -1;
      fresh[0].focus();
    }
    if (box.dataset.readUrl) post(box.dataset.readUrl, new URLSearchParams({ number: shown + 1 })).catch(() => {});
  };

  show.addEventListener("click", (event) => {
    const onPage = Number(new URLSearchParams(location.search).get("page") ?? 1);
    if (event.ctrlKey || event.metaKey || onPage !== Math.max(1, Math.ceil((shown + waiting) / size))) return;
    event.preventDefault();
    bring().catch(() => location.assign(show.href));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - asked > EVERY) ask();
    else plan();
  });
  plan();
}
