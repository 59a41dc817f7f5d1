// Markdown around the selection. insertText keeps the browser's own undo working.
const AROUND = { bold: ["**", "**"], italic: ["*", "*"], strike: ["~~", "~~"], link: ["[", "](https://)"], lock: ["[private]", "[/private]"] };
const BEFORE = { quote: () => "> ", list: () => "- ", numbered: (line) => `${line + 1}. `, task: () => "- [ ] " };
const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };
const SHIFTED = { KeyX: "strike", Digit7: "numbered", Digit8: "list", Digit9: "quote" };
const TABLE = "|   |   |\n|---|---|\n|   |   |\n";

export function toolOf(event) {
  return event.shiftKey ? SHIFTED[event.code] : KEYS[event.key.toLowerCase()];
}

export function apply(text, name) {
  if (BEFORE[name]) before(text, BEFORE[name]);
  else if (name === "table") put(text, (startsLine(text) ? "" : "\n\n") + TABLE);
  else if (name === "code") around(text, ...fence(text));
  else if (AROUND[name]) around(text, ...AROUND[name]);
}

export function put(text, words) {
  text.focus();
  if (document.execCommand("insertText", false, words)) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

export function startsLine(text) {
  return text.selectionStart === 0 || text.value[text.selectionStart - 1] === "\n";
}

function fence(text) {
  const several = chosen(text).includes("\n");
  return several ? ["```\n", "\n```"] : ["`", "`"];
}

function chosen(text) {
  return text.value.slice(text.selectionStart, text.selectionEnd);
}

function around(text, open, close) {
  text.focus();
  const from = text.selectionStart;
  const words = chosen(text);
  put(text, open + words + close);
  text.setSelectionRange(from + open.length, from + open.length + words.length);
}

function before(text, sign) {
  text.focus();
  const from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  text.setSelectionRange(from, text.selectionEnd);
  put(text, chosen(text).split("\n").map((line, number) => sign(number) + line).join("\n"));
}
