// Tells recent moments in words: "5 minutes ago". After a day the server's own words stay.
const DAY = 86400;
const times = new Set();
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

function tell(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds) || Math.abs(seconds) > DAY) return;
  const near = Math.abs(seconds) < 3600;
  time.textContent = words.format(Math.round(seconds / (near ? 60 : 3600)), near ? "minute" : "hour");
}

export function connect(time) {
  times.add(time);
  tell(time);
}

setInterval(() => {
  for (const time of times) {
    if (time.isConnected) tell(time);
    else times.delete(time);
  }
}, 60000);
