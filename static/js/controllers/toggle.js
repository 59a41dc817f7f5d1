// Sends a form in the background and puts the answer's own version of data-swap in place of ours.
// If anything goes wrong the form is sent the plain way, so nothing is lost.
import { added, parse } from "../tools.js";

export function connect(form) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const body = new FormData(form, event.submitter);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      swap(form, parse(await answer.text()));
    } catch {
      form.submit();
    } finally {
      busy = false;
    }
  });
}

function swap(form, page) {
  const selector = form.dataset.swap;
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  if (!fresh || !old) {
    location.reload();
    return;
  }
  const focused = form.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) again(form, fresh)?.focus();
  const news = page.querySelector("#flashes");
  if (news?.children.length) document.querySelector("#flashes")?.replaceChildren(...news.children);
  added(fresh);
}

// What the focus returns to: the same verb, or the closed menu that it is in.
function again(form, fresh) {
  const same = [fresh, ...fresh.querySelectorAll("form")].find((other) => other.getAttribute("action") === form.getAttribute("action"));
  return (same?.closest("details:not([open])")?.querySelector("summary")) ?? (same ?? fresh).querySelector("button[type=submit]");
}
