// The court's desk by keyboard. Without this script every field is there and a mouse does the same.
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
