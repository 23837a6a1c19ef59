// The grid with letters, arrows and a draft. Without this script each button goes to the server and comes back.
(() => {
  "use strict";
  const form = document.querySelector("form[data-grid]");
  if (!form) return;
  // whose release has ended, or whose case was closed before the class, has nothing to choose
  const rows = [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector("input[type=radio]"));
  const tally = form.querySelector("[data-tally]");
  const other = (row) => row.querySelector("select[name^='other.']");
  const chosen = (row) => row.querySelector("input[type=radio]:checked");
  const word = (row) => {
    const radio = chosen(row);
    if (radio) return radio.parentElement.textContent.trim();
    const select = other(row);
    return select && select.value ? select.selectedOptions[0].textContent.trim() : "";
  };
  const count = () => {
    const found = new Map();
    rows.filter((row) => word(row) || !row.hasAttribute("data-closing")).forEach((row) => { const said = word(row) || "Not marked"; found.set(said, (found.get(said) || 0) + 1); });
    return [...found].map(([said, number]) => `${said} ${number}`).join(" · ");
  };
  const say = (row) => {
    if (!tally) return;
    const name = row ? row.querySelector("legend").textContent.trim() + ": " + (word(row) || "not marked") + ". " : "";
    tally.textContent = name + count();
  };
  let waiting = 0;
  const keep = () => {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };
    const told = new URLSearchParams();
    new FormData(form).forEach((value, name) => {
      if (/^(says|other|late|makes_up|rating|concern|ground)\./.test(name) && value) told.append(name, value);
    });
    fetch(form.dataset.draft, { method: "POST", headers, body: told, keepalive: true }).catch(() => undefined);
  };
  const changed = (row) => { say(row); clearTimeout(waiting); waiting = setTimeout(keep, 800); };
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    // the two ways to say what happened answer one question
    if (event.target.type === "radio" && other(row)) other(row).value = "";
    if (event.target === other(row) && event.target.value && chosen(row)) chosen(row).checked = false;
    changed(row);
  });
  const go = (row, step) => {
    const next = rows[rows.indexOf(row) + step];
    const target = next && (chosen(next) || next.querySelector("input[type=radio]"));
    if (target) target.focus();
  };
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey || !(event.target.type === "radio" || event.target === row)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      go(row, event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    const radio = [...row.querySelectorAll("input[type=radio]")].find((one) => one.dataset.letter === event.key.toUpperCase());
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const rest = form.querySelector("[data-rest]");
  if (rest) rest.addEventListener("click", (event) => {
    event.preventDefault();
    rows.filter((row) => !row.hasAttribute("data-visits") && !row.hasAttribute("data-closing") && !word(row)).forEach((row) => { row.querySelector("input[value=P]").checked = true; });
    changed(null);
    form.querySelector("button[value=save]").focus();
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  say(null);
})();
