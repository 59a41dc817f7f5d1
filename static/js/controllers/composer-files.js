// Pictures and files by paste, drop or choice: one after the other, each with its progress, its end or what went wrong.
import { part, token } from "../tools.js";
import { put, startsLine } from "./composer-marks.js";

export function files(box, text) {
  const queue = [];
  let busy = false;
  const next = async () => {
    if (busy || !queue.length) return;
    busy = true;
    await queue.shift()();
    busy = false;
    next();
  };
  const take = (list) => {
    for (const file of list) queue.push(line(box, text, file));
    next();
  };
  const caught = (event, data) => {
    if (event.defaultPrevented || !data?.files?.length) return;
    event.preventDefault();
    take([...data.files]);
  };
  text.addEventListener("paste", (event) => caught(event, event.clipboardData));
  text.addEventListener("drop", (event) => {
    box.classList.remove("is-over");
    caught(event, event.dataTransfer);
  });
  text.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  text.addEventListener("dragleave", () => box.classList.remove("is-over"));
  for (const [tool, accept] of [["image", "image/*"], ["file", ""]]) {
    box.querySelector(`[data-tool="${tool}"]`)?.addEventListener("click", () => {
      const chooser = Object.assign(document.createElement("input"), { type: "file", accept, multiple: true });
      chooser.addEventListener("change", () => take([...chooser.files]));
      chooser.click();
    });
  }
  text.form?.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    part(box, "news").textContent = box.dataset.busy;
  }, true);
}

// One file in the list under the text; the answer sends it.
function line(box, text, file) {
  const list = part(box, "files");
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "composer__file", textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", box.dataset.uploading.replace("{name}", file.name));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--quiet btn--s", textContent: box.dataset.cancel });
  item.append(name, bar, button);
  list.append(item);
  list.hidden = false;
  const request = new XMLHttpRequest();
  let unwanted = false;
  const gone = () => {
    item.remove();
    list.hidden = !list.children.length;
    text.focus();
  };
  button.addEventListener("click", () => { unwanted = true; request.abort(); gone(); });
  const failed = (why) => {
    bar.remove();
    name.after(Object.assign(document.createElement("span"), { className: "error", textContent: why || box.dataset.failed }));
    button.textContent = box.dataset.dismiss;
    part(box, "news").textContent = `${file.name}: ${why || box.dataset.failed}`;
  };
  return async () => {
    if (unwanted) return;
    part(box, "news").textContent = box.dataset.uploading.replace("{name}", file.name);
    const said = await send(request, box.dataset.uploadUrl, file, (share) => { bar.value = share; });
    if (unwanted) return;
    if (!said.markdown) {
      failed(said.status === 413 ? box.dataset.tooLarge : said.error);
      return;
    }
    put(text, `${startsLine(text) ? "" : "\n"}${said.markdown}\n`);
    part(box, "news").textContent = box.dataset.uploaded.replace("{name}", file.name);
    gone();
  };
}

function send(request, url, file, progress) {
  const body = new FormData();
  body.set("file", file);
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", token());
  request.setRequestHeader("X-Requested-With", "fetch");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
  return new Promise((done) => {
    request.addEventListener("loadend", () => done({ ...request.response, status: request.status }));
    request.send(body);
  });
}
