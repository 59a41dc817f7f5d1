// Attaches small controllers to elements that ask for one: <div data-controller="menu">. Each is optional and loaded when first needed.
import { settleSent } from "./tools.js";

const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) {
    loaded.set(name, import(new URL(`./controllers/${name}.js`, import.meta.url).href));
  }
  return loaded.get(name);
}

async function attach(element) {
  for (const name of element.dataset.controller.split(/\s+/)) {
    if (!/^[a-z-]+$/.test(name)) continue;
    const module = await load(name);
    element.attached ??= new Set();
    if (element.attached.has(name)) continue;
    element.attached.add(name);
    module.connect(element);
  }
}

// Called again for every piece of page that arrives later.
export function attachAll(root) {
  const elements = [...root.querySelectorAll("[data-controller]")];
  if (root.matches?.("[data-controller]")) elements.unshift(root);
  reach(root);
  return Promise.all(elements.map(attach));
}

// What scrolls sideways must be reachable with the keyboard.
function reach(root) {
  for (const box of root.querySelectorAll(".prose :is(pre, table)")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

// A double click sends a form once; later it may be sent again, for an answer may be a file, or never come.
const APART = 1000;
const sentAt = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.timeStamp - (sentAt.get(event.target) ?? -Infinity) < APART) event.preventDefault();
  else sentAt.set(event.target, event.timeStamp);
});

settleSent();
// A page is shown before its controllers are there: whoever drives it from outside can wait for this mark.
attachAll(document).finally(() => document.documentElement.setAttribute("data-attached", ""));
document.addEventListener("page:added", (event) => attachAll(event.target));
