// While somebody types, shows what may already answer them.
import { added, parse } from "../tools.js";

const PAUSE = 300;
const LEAST = 3;

export function connect(input) {
  const region = document.querySelector(input.dataset.target);
  if (!region) return;
  let timer;
  let request;
  let last = input.value.trim();

  const look = async () => {
    const words = input.value.trim();
    if (words === last) return;
    last = words;
    request?.abort();
    if (words.length < LEAST && !/[\u3400-\u9fff]{2}/.test(words)) {
      region.replaceChildren();
      return;
    }
    request = new AbortController();
    try {
      const answer = await fetch(address(input, words), { signal: request.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      region.replaceChildren(...parse(await answer.text()).body.childNodes);
      added(region);
    } catch { /* a newer question, or no network: keep what is shown */ }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
  input.addEventListener("compositionend", later);
}

function address(input, words) {
  const url = new URL(input.dataset.url, location.href);
  url.searchParams.set("q", words);
  for (const name of (input.dataset.with ?? "").split(/\s+/).filter(Boolean)) {
    const value = input.form?.elements[name]?.value;
    if (value) url.searchParams.set(name, value);
  }
  return url;
}
