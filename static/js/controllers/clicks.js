// Counts at which place the results stand that are opened. Nothing says who opened them.
export function connect(list) {
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || !event.target.closest(".row__title a")) return;
    const url = new URL(list.dataset.url, location.href);
    url.searchParams.set("position", Number(list.dataset.first) + [...list.children].indexOf(row));
    fetch(url, { keepalive: true }).catch(() => {});
  });
}
