// Lets the present browser be told of news. What it cannot do is said; without this script nothing is offered.
import { part, post } from "../tools.js";

export function connect(section) {
  section.hidden = false;
  const button = part(section, "begin");
  if (!button) return;
  const say = (key) => {
    const word = part(section, "word");
    word.textContent = section.dataset[key];
    word.hidden = false;
  };
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return say("unable");
  if (Notification.permission === "denied") return say("denied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if (await Notification.requestPermission() !== "granted") say("denied");
      else await begin(section.dataset);
    } catch {
      say("failed");
    }
    button.disabled = false;
  });
}

async function begin({ worker, key, url }) {
  await navigator.serviceWorker.register(worker);
  const registration = await navigator.serviceWorker.ready;
  // One that was made for somebody else, or with other keys, is of no use.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  await post(url, new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }));
  location.hash = "push";
  location.reload();
}
