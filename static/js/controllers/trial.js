// While a desk is being entered, asks it who we are. An address and a key are only used once they were left: half an
// address may be somebody else's server, and half a key too often may lock the account.
import { added, parse, post } from "../tools.js";

const PAUSE = 800;
const isWhole = (field) => field.type === "url" || field.type === "password";

export function connect(form) {
  const region = document.querySelector(form.dataset.target);
  if (!region) return;
  let timer;
  let turn = 0;

  const ask = async () => {
    const address = form.elements.url;
    if (!address.value || !address.checkValidity()) return;
    const mine = ++turn;
    try {
      const answer = await post(form.dataset.url, new FormData(form));
      const page = parse(await answer.text());
      if (mine !== turn) return;
      region.replaceChildren(...page.body.childNodes);
      added(region);
    } catch { /* no network, or asked too often: the button is still there */ }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", (event) => { if (!event.isComposing && !isWhole(event.target)) later(); else clearTimeout(timer); });
  form.addEventListener("change", (event) => { if (isWhole(event.target)) later(); });
}
