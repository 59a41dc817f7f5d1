// Offers what goes on as the last word of a line does: tags, or people by their handle. Nothing is chosen until an arrow key says so.
import { Completion } from "./composer-complete.js";

const BETWEEN = /[\s,，、;；]/;

export function connect(input) {
  const news = Object.assign(document.createElement("span"), { className: "vh" });
  news.setAttribute("role", "status");
  news.dataset.part = "news";
  const box = input.parentElement;
  box.append(news);
  new Words(box, input);
}

class Words extends Completion {
  constructor(box, input) {
    super(box, input, { "": input.dataset.url }, input.dataset);
    this.list.classList.add("suggest");
    input.after(this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
  }

  typed() {
    if (this.text.selectionStart !== this.text.selectionEnd) return null;
    const before = this.text.value.slice(0, this.text.selectionStart);
    let from = before.length;
    while (from > 0 && !BETWEEN.test(before[from - 1])) from -= 1;
    const words = before.slice(from).replace(/^[@#]/, "");
    return words ? { sign: "", from, words } : null;
  }

  take(number) {
    const { from } = this.typedAt;
    const { text, label } = this.options[number];
    const word = (text.startsWith("@") ? text : label).replace(/^[@#]/, "").trim();
    this.text.setRangeText(this.text.dataset.one ? word : `${word} `, from, this.text.selectionStart, "end");
    this.close();
    this.text.dispatchEvent(new Event("change", { bubbles: true }));
  }

  open(typed, found) {
    super.open(typed, found);
    this.text.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    super.close();
    this.text.setAttribute("aria-expanded", "false");
  }
}
