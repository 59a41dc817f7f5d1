// Markdown around the selection. insertText keeps the browser's own undo working.
const AROUND = { bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"], lock: ["[private]", "[/private]"] };
const BEFORE = { quote: "> ", list: "- " };

export function apply(text, name) {
  text.focus();
  if (BEFORE[name]) before(text, BEFORE[name]);
  else around(text, ...(name === "code" ? fence(text) : AROUND[name]));
}

function fence(text) {
  const several = chosen(text).includes("\n");
  return several ? ["```\n", "\n```"] : ["`", "`"];
}

function chosen(text) {
  return text.value.slice(text.selectionStart, text.selectionEnd);
}

function put(text, words) {
  if (document.execCommand("insertText", false, words)) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function around(text, open, close) {
  const from = text.selectionStart;
  const words = chosen(text);
  put(text, open + words + close);
  text.setSelectionRange(from + open.length, from + open.length + words.length);
}

function before(text, sign) {
  const from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  text.setSelectionRange(from, text.selectionEnd);
  put(text, chosen(text).split("\n").map((line) => sign + line).join("\n"));
}
