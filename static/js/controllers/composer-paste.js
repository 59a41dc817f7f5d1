// Pasted pages and tables become Markdown, where they hold more than plain words. Ctrl+Shift+V pastes as it is.
import { parse } from "../tools.js";
import { put } from "./composer-marks.js";

const WORTH = "a[href], b, strong, em, i, code, pre, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6, s, del";
const AROUND = { B: "**", STRONG: "**", I: "*", EM: "*", S: "~~", DEL: "~~", CODE: "`" };
const SKIPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "HEAD", "META", "LINK", "TITLE", "IMG", "SVG"]);
const BLOCKS = new Set(["P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "FIGURE", "DL", "DT", "DD"]);

export function pasting(text) {
  text.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (event.defaultPrevented || data?.files?.length || data?.types.includes("vscode-editor-data")) return;
    const html = data?.getData("text/html");
    if (!html) return;
    const page = parse(html).body;
    if (!page.querySelector(WORTH)) return;
    const words = toMarkdown(page);
    if (!words) return;
    event.preventDefault();
    put(text, words);
  });
}

export function toMarkdown(root) {
  return children(root).replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}

function children(node) {
  return [...node.childNodes].map(one).join("");
}

function one(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName)) return "";
  const name = node.tagName;
  if (name === "BR") return "\n";
  if (name === "PRE") return `\n\n\`\`\`\n${node.textContent.replace(/\n$/, "")}\n\`\`\`\n\n`;
  if (name === "UL" || name === "OL") return `\n\n${items(node)}\n\n`;
  if (name === "TABLE") return `\n\n${table(node)}\n\n`;
  if (name === "BLOCKQUOTE") return `\n\n${toMarkdown(node).replace(/^/gm, "> ")}\n\n`;
  if (/^H[1-6]$/.test(name)) return `\n\n**${children(node).trim()}**\n\n`;
  if (name === "A") return link(node);
  if (AROUND[name] && !plain(node)) return around(children(node), AROUND[name]);
  return BLOCKS.has(name) ? `\n\n${children(node)}\n\n` : children(node);
}

// Some programs wrap everything they copy in a <b> that is not bold.
function plain(node) {
  return /normal|400/.test(node.style.fontWeight) || node.querySelector("p, div, table, ul, ol");
}

function around(words, sign) {
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words);
  return inner ? before + sign + inner + sign + after : words;
}

function link(node) {
  const words = children(node).trim();
  return words && /^(https?:|mailto:)/.test(node.href) && words !== node.href ? `[${words.replace(/[[\]]/g, "\\$&")}](${node.href})` : words;
}

function items(list) {
  return [...list.children].filter((item) => item.tagName === "LI").map((item, number) => {
    const sign = list.tagName === "OL" ? `${number + 1}. ` : "- ";
    return sign + toMarkdown(item).replace(/\n+/g, `\n${" ".repeat(4)}`);
  }).join("\n");
}

function table(node) {
  const rows = [...node.rows].map((row) => [...row.cells].map((cell) => toMarkdown(cell).replace(/\n+/g, " ").replaceAll("|", "\\|")));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (rows.length < 1 || width < 2) return rows.flat().join("\n");
  const drawn = rows.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
  return [drawn[0], `|${"---|".repeat(width)}`, ...drawn.slice(1)].join("\n");
}
