// Says below a line how many characters are left: for those who look always, for those who listen near the end.
const NEAR = 20;

export function connect(input) {
  const most = input.maxLength;
  if (most < 1) return;
  const shown = Object.assign(document.createElement("p"), { className: "hint counter" });
  shown.setAttribute("aria-hidden", "true");
  const said = Object.assign(document.createElement("span"), { className: "vh" });
  said.setAttribute("role", "status");
  input.after(shown, said);
  const count = () => {
    const left = most - input.value.length;
    const words = input.dataset.left.replace("{count}", left);
    shown.textContent = words;
    shown.classList.toggle("soon", left < NEAR);
    said.textContent = left < NEAR ? words : "";
  };
  input.addEventListener("input", count);
  count();
}
