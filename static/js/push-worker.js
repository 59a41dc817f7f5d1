// Shows news while no page of ours is open, and opens the page that they are about.
self.addEventListener("push", (event) => {
  event.waitUntil(show(read(event.data)));
});

function read(data) {
  try { return data.json(); } catch { return {}; }
}

function show(told) {
  return self.registration.showNotification(told.title || self.location.hostname, {
    body: told.body || "",
    tag: told.tag || "news",
    data: { url: told.url || "/notifications" },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.url, self.location.origin)));
});

async function open(url) {
  if (url.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => page.url === url.href);
  if (there) await there.focus();
  else await self.clients.openWindow(url.href);
}
