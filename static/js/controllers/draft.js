// Keeps what stands in a form: at once in this browser, and after a pause on the server, from where any browser has it.
import { kept, markSent, part, token } from "../tools.js";

const PAUSE = 1500;
const AGAIN = 20000;
const SILENT = new Set(["file", "submit", "button", "reset", "image"]);
const UNTOUCHED = new Set(["csrf_token", "draft_for", "draft_id", "draft_version", "draft_writer", "opened"]);

export function connect(form) {
  new Draft(form);
}

class Draft {
  constructor(form) {
    this.form = form;
    this.texts = part(form, "draft-texts").dataset;
    this.key = `isthmus:draft:${this.texts.owner}:${form.elements.draft_for.value}`;
    this.said = Object.assign(document.createElement("p"), { className: "draft-state" });
    this.said.setAttribute("role", "status");
    form.append(this.said);
    form.elements.draft_writer.value = Math.random().toString(36).slice(2, 14);
    this.given = words(form, true);
    this.stored = form.querySelector('[aria-invalid="true"]') ? "" : this.given;
    this.safe = true;
    // Going back shows a text again that was published: it is no draft until it is changed.
    if (sent(this.key) === this.words()) this.stored = this.words();
    this.putBack();
    if (this.words() !== this.stored) this.note();
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(true); });
    addEventListener("beforeunload", (event) => { if (!this.sent && !this.safe) event.preventDefault(); });
    addEventListener("online", () => this.save());
    addEventListener("pageshow", (event) => {
      if (!event.persisted || !this.sent) return;
      this.sent = false;
      this.number(0, 0);
      this.stored = this.words();
    });
  }

  words() {
    return words(this.form, false);
  }

  // Nothing typed by somebody else is overwritten: the newer text is shown, the older stays one click away.
  putBack() {
    const local = read(this.key);
    if (!local || local.words === this.given) return;
    const at = Date.parse(this.texts.at) || 0;
    const newer = local.at > at && this.words() === this.given;
    if (newer) this.fill(local.words);
    this.offer(newer ? this.given : local.words, newer);
  }

  offer(other, newer) {
    const box = document.createElement("div");
    box.className = "notice notice--info draft-note";
    const line = Object.assign(document.createElement("p"), { textContent: newer ? this.texts.newer : this.texts.other });
    const swap = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: this.texts.swap });
    swap.addEventListener("click", () => {
      const here = this.words();
      this.fill(other);
      other = here;
      this.note();
    });
    box.append(line, swap);
    this.form.before(box);
  }

  fill(words) {
    const values = new Map();
    for (const [name, value] of JSON.parse(words)) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || UNTOUCHED.has(field.name) || !values.has(field.name)) continue;
      const wanted = values.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field.type !== "file") field.value = wanted[0];
    }
    this.note();
  }

  changed(event) {
    if (event.isComposing || !event.target.name || event.target.name.startsWith("draft_")) return;
    this.note();
  }

  note() {
    const words = this.words();
    this.safe = words === this.stored || write(this.key, words);
    if (!this.safe) this.say("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // One saving at a time; what was typed meanwhile is saved after it.
  async save(leaving = false) {
    clearTimeout(this.timer);
    const words = this.words();
    if (this.sent || this.flight || words === this.stored) return;
    this.flight = this.send(words, leaving);
    await this.flight;
    this.flight = null;
    if (this.words() !== words) this.note();
  }

  async send(words, leaving) {
    let answer;
    try {
      answer = await fetch(this.texts.keepUrl, {
        method: "POST",
        body: new FormData(this.form),
        keepalive: leaving && words.length < 60000,
        redirect: "error",
        headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" },
      });
    } catch { /* no connection, or signed out */ }
    const said = await answer?.json().catch(() => null);
    if (answer?.ok && said) return this.taken(words, said);
    const gone = answer?.status === 410;
    if (gone) this.number(0, 0);
    else this.say(this.safe ? "hereOnly" : "unsaved", said?.error);
    this.timer = setTimeout(() => this.save(), gone ? PAUSE : AGAIN);
  }

  taken(words, said) {
    this.number(said.id, said.version);
    this.stored = words;
    if (this.words() === words) {
      this.safe = true;
      kept.set(this.key, "");
    }
    this.say(said.apart ? "apart" : said.id ? "saved" : "");
  }

  number(id, version) {
    this.form.elements.draft_id.value = id || "";
    this.form.elements.draft_version.value = version || "";
  }

  say(what, more = "") {
    const words = [this.texts[what] ?? "", more].filter(Boolean).join(" ");
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("late", what === "unsaved");
  }

  // A saving under way would arrive after the text was published, so it is waited for.
  submitted(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    if (this.flight) {
      const { submitter } = event;
      event.preventDefault();
      this.flight.finally(() => this.form.requestSubmit(submitter));
      return;
    }
    this.sent = true;
    sent(this.key, this.words());
    markSent(this.key, JSON.stringify({ at: Date.now(), words: this.words() }));
  }
}

// What stands in the form, or what the server put there: somebody may have typed before this script came.
function words(form, initial) {
  const found = [];
  for (const field of form.elements) {
    if (!field.name || field.disabled || UNTOUCHED.has(field.name) || SILENT.has(field.type)) continue;
    if (field.options) {
      const marked = [...field.options].filter((option) => (initial ? option.defaultSelected : option.selected));
      const chosen = marked.length || field.multiple ? marked : [...field.options].slice(0, 1);
      found.push(...chosen.map((option) => [field.name, option.value]));
    } else if (field.type === "checkbox" || field.type === "radio") {
      if (initial ? field.defaultChecked : field.checked) found.push([field.name, field.value]);
    } else found.push([field.name, initial ? field.defaultValue : field.value]);
  }
  return JSON.stringify(found);
}

// The text that this window sent last.
function sent(key, words) {
  try {
    if (words !== undefined) sessionStorage.setItem(`${key}:sent`, words);
    return sessionStorage.getItem(`${key}:sent`);
  } catch {
    return null;
  }
}

function read(key) {
  try { return JSON.parse(kept.get(key)); } catch { return null; }
}

function write(key, words) {
  const value = JSON.stringify({ at: Date.now(), words });
  kept.set(key, value);
  return kept.get(key) === value;
}
