// Shows the fields that a space asks for as soon as the space or the kind is chosen. Without it they come with the next page.
import { added, parse } from "../tools.js";

export function connect(box) {
  const form = box.closest("form");
  let request;

  const show = async () => {
    request?.abort();
    request = new AbortController();
    const url = new URL(box.dataset.url, location.href);
    const typed = new FormData(form);
    for (const name of ["space", "kind"]) url.searchParams.set(name, typed.get(name) ?? "");
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const fresh = parse(await answer.text()).getElementById(box.id);
      if (!fresh) return;
      box.replaceChildren(...fresh.childNodes);
      putBack(box, typed);
      added(box);
    } catch { /* another choice, or no network: the fields come with the next page */ }
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "space" || event.target.name === "kind") show();
  });
}

function putBack(box, typed) {
  for (const control of box.querySelectorAll("[name^='field-']")) {
    const before = typed.get(control.name);
    if (before) control.value = before;
  }
}
