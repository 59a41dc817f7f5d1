// Suggestions after a sign: @ people, # tags, / articles. The list stands under the text; the text area keeps the focus.
import { part } from "../tools.js";
import { put } from "./composer-marks.js";

const PAUSE = 150;
const LONGEST = 40;
// Who types @ means a person; # and / stand in many a text, so there nothing is chosen until an arrow key says so.
const CHOSEN_AT_ONCE = "@";
let lists = 0;

export function completion(box, text) {
  const kinds = JSON.parse(box.dataset.complete || "{}");
  if (Object.keys(kinds).length) new Completion(box, text, kinds);
}

export class Completion {
  constructor(box, text, kinds, words = box.dataset) {
    Object.assign(this, { box, text, kinds, words, options: [], active: -1 });
    this.list = Object.assign(document.createElement("ul"), { className: "composer__list", id: `suggestions-${++lists}`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.suggestions);
    text.parentElement.after(this.list);
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", this.list.id);
    text.addEventListener("input", (event) => { if (!event.isComposing) this.look(); });
    text.addEventListener("compositionend", () => this.look());
    text.addEventListener("keydown", (event) => this.key(event));
    text.addEventListener("click", () => this.look());
    text.addEventListener("blur", () => setTimeout(() => this.close(), PAUSE));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  // What was typed since the sign; the sign must begin a word, or follow a Chinese character or a bracket.
  typed() {
    if (this.text.selectionStart !== this.text.selectionEnd) return null;
    const before = this.text.value.slice(0, this.text.selectionStart);
    for (const sign of Object.keys(this.kinds)) {
      const from = before.lastIndexOf(sign);
      const words = before.slice(from + 1);
      if (from < 0 || !words || words.length > LONGEST || !/^[\p{L}\p{N}]/u.test(words)) continue;
      if (from > 0 && !/[\s(（「“，。、：；\u3400-\u9fff]/.test(before[from - 1])) continue;
      if (sign === "/" ? /[\n/@#]/.test(words) : /[\s/@#,，。、]/.test(words)) continue;
      return { sign, from, words };
    }
    return null;
  }

  look() {
    clearTimeout(this.timer);
    const typed = this.typed();
    if (!typed) return this.close();
    this.timer = setTimeout(() => this.ask(typed), PAUSE);
    return undefined;
  }

  async ask(typed) {
    const url = new URL(this.kinds[typed.sign], location.origin);
    url.searchParams.set("q", typed.words);
    url.searchParams.set("space", this.text.form?.elements.space?.value || this.box.dataset.space || "");
    const turn = this.turn = Symbol(typed.words);
    let found = [];
    try {
      const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && !answer.redirected) found = (await answer.json()).suggestions;
    } catch { /* no suggestions without a connection */ }
    if (turn === this.turn && document.activeElement === this.text) this.open(typed, found);
  }

  open(typed, found) {
    Object.assign(this, { typedAt: typed, options: found });
    if (!found.length) return this.close();
    this.list.replaceChildren(...found.map((option, number) => this.option(option, number)));
    this.list.hidden = false;
    part(this.box, "news").textContent = this.words.found.replace("{count}", found.length);
    return this.mark(typed.sign === CHOSEN_AT_ONCE ? 0 : -1);
  }

  option(option, number) {
    const item = Object.assign(document.createElement("li"), { id: `${this.list.id}-${number}` });
    item.setAttribute("role", "option");
    item.append(
      Object.assign(document.createElement("span"), { textContent: option.label }),
      Object.assign(document.createElement("small"), { textContent: option.detail }),
    );
    return item;
  }

  mark(number) {
    this.active = number;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === number)));
    const here = this.list.children[number];
    here?.scrollIntoView({ block: "nearest" });
    if (here) this.text.setAttribute("aria-activedescendant", here.id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229 || this.list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    const count = this.options.length;
    if (event.key === "ArrowDown") this.mark((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.mark((Math.max(this.active, 0) - 1 + count) % count);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.active >= 0) this.take(this.active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(number) {
    const { from } = this.typedAt;
    this.text.setSelectionRange(from, this.text.selectionStart);
    const words = this.options[number].text;
    this.close();
    put(this.text, words);
  }

  close() {
    clearTimeout(this.timer);
    this.turn = null;
    this.list.hidden = true;
    this.options = [];
    this.mark(-1);
    this.list.replaceChildren();
  }
}
