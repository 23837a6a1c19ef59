// Conceals the page after 30 minutes without work, also when the server cannot be reached, also after sleep or "back".
(() => {
  "use strict";
  const after = Number(document.body.dataset.lockAfter) * 1000;
  if (!after) return;
  const KEY = "seen";
  const warnBefore = 120000;
  const now = () => Date.now();
  const seen = () => Number(localStorage.getItem(KEY)) || 0;
  const touch = () => localStorage.setItem(KEY, String(now()));
  const opened = now();
  let warned = false;
  const conceal = () => {
    const panel = document.createElement("main");
    panel.className = "grid-container locked";
    const heading = document.createElement("h1");
    heading.textContent = "Locked";
    const words = document.createElement("p");
    words.textContent = "This screen locks after 30 minutes without work. What was open is no longer here.";
    const link = document.createElement("a");
    link.className = "usa-button";
    link.href = "/unlock?next=" + encodeURIComponent(location.pathname);
    link.textContent = "Unlock";
    panel.append(heading, words, link);
    document.title = "Locked | Accountability Monitor";
    document.body.replaceChildren(panel);
    clearInterval(timer);
  };
  const stay = async () => {
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    const answer = await fetch("/session/stay", { method: "POST", headers });
    if (answer.ok && !answer.redirected) { touch(); warned = false; say([]); }
  };
  const say = (parts) => { const box = document.getElementById("page-alert"); if (box) box.replaceChildren(...parts); };
  const warn = () => {
    warned = true;
    const words = document.createElement("p");
    words.textContent = "This screen locks in two minutes, and what you have not saved is lost.";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button";
    button.textContent = "Go on working";
    button.addEventListener("click", stay);
    say([words, button]);
  };
  const look = () => {
    const idle = now() - Math.max(seen(), opened);
    if (idle >= after) conceal();
    else if (idle >= after - warnBefore && !warned) warn();
  };
  // every page that the server gave counts as work, and so does what htmx fetches; other windows hear of it
  touch();
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) touch(); });
  const timer = setInterval(look, 5000);
  ["visibilitychange", "focus", "online"].forEach((name) => window.addEventListener(name, look));
  // a page that comes back from the browser's own cache was locked or signed out meanwhile, for all it knows
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("pagehide", () => { if (now() - Math.max(seen(), opened) >= after) conceal(); });
})();
