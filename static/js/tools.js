// Shared by the controllers.

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

// POST to our own origin with the token; throws when the answer is not a good one.
export async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
  });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return answer;
}

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// Tells the application that new elements are on the page.
export function added(element) {
  element.dispatchEvent(new CustomEvent("page:added", { bubbles: true }));
}

// Storage may be forbidden or full: then things are not kept, and nothing else breaks.
export const kept = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch { /* nothing to do */ }
  },
};

const SENT = "isthmus:sent";

// A sent text stays in the browser until a page of ours shows that it arrived.
export function markSent(key, words) {
  kept.set(key, words);
  kept.set(SENT, key);
}

export function settleSent() {
  const key = kept.get(SENT);
  if (!key) return;
  kept.set(SENT, "");
  const [visit] = performance.getEntriesByType("navigation");
  if (visit?.type === "back_forward" || document.querySelector("[data-error]")) return;
  kept.set(key, "");
}

export function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
