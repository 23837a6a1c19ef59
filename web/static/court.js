// The court's desk by keyboard. Without this script every field is there and a mouse does the same.
// On the docket: j and k move the keyboard's own focus from case to case, so Enter opens the case that is read out; where
// nothing has the focus yet, Enter opens the next case.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("a[data-row]")];
  if (!rows.length) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    if (event.key === "Enter" && event.target === document.body) {
      document.querySelector("[data-key=n]").click();
      return;
    }
    if (!["j", "k"].includes(event.key) || event.target.closest("input, select, textarea")) return;
    const at = rows.findIndex((row) => row === document.activeElement || row.closest("tr").contains(document.activeElement));
    const next = event.key === "j" ? at + 1 : at < 0 ? rows.length - 1 : at - 1;
    const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  });
})();

(() => {
  "use strict";
  const form = document.querySelector("form[data-result]");
  if (!form) return;
  const radios = [...form.querySelectorAll("input[name=result]")];
  const parts = [...form.querySelectorAll("[data-when]")];
  const chosen = () => (radios.find((radio) => radio.checked) || { value: "" }).value;
  const show = () => parts.forEach((part) => { part.hidden = part.dataset.when !== chosen(); });
  const goOn = () => {
    const part = parts.find((one) => !one.hidden);
    const field = part ? part.querySelector("select") : form.querySelector("#next");
    if (field) field.focus();
  };
  // while somebody types, the case stays theirs: the claim is renewed, at most every other minute
  let renewed = -Infinity;
  form.addEventListener("input", (event) => {
    if (event.timeStamp - renewed < 120000) return;
    renewed = event.timeStamp;
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, what: "take" });
    fetch(`${location.pathname}/claim`, { method: "POST", body, redirect: "manual" }).then((answer) => {
      if (answer.status === 409) document.getElementById("page-alert").textContent = "Somebody else is recording this case now. What you typed is still here.";
    }).catch(() => { renewed = -Infinity; });
  });
  radios.forEach((radio) => radio.addEventListener("change", show));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea");
    if (event.key === "Enter" && event.target.closest("form[data-result] select")) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (typing || event.target.closest("select") || !/^[1-9]$/.test(event.key)) return;
    const radio = radios[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    show();
    goOn();
  });
  show();
})();
