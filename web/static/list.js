// Searching and comparing the status list in the browser alone: nothing that is typed here is sent or kept.
(() => {
  "use strict";
  const KEY = "list";
  const leaveForm = document.querySelector("form[data-leave]");
  const tools = document.querySelector("[data-tools]");
  const rows = [...document.querySelectorAll("main tbody tr")];
  const store = {
    read: () => { try { return JSON.parse(localStorage.getItem(KEY) || "null"); } catch { return null; } },
    write: (seen) => { try { localStorage.setItem(KEY, JSON.stringify(seen)); return true; } catch { return false; } },
    forget: () => { try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ } },
  };

  // ── the way out ────────────────────────────────────────────────────────────────────────────────────────────────
  const leave = () => {
    store.forget();
    document.title = "";
    document.body.hidden = true;
    const body = new URLSearchParams(new FormData(leaveForm));
    try { fetch("/sign-out", { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {}); } catch { /* gone all the same */ }
    document.body.replaceChildren();
    location.replace(leaveForm.dataset.leave);
  };
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { pressed = []; return; }
    const now = Date.now();
    pressed = [...pressed.filter((at) => now - at < 2000), now];
    if (pressed.length >= 3) leave();
  });
  leaveForm.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  if (!tools) return;

  // ── searching and comparing ────────────────────────────────────────────────────────────────────────────────────
  const sought = document.getElementById("sought");
  const onlyChanged = document.getElementById("only-changed");
  const keep = document.getElementById("keep");
  const seenButton = document.getElementById("seen");
  const shown = document.getElementById("shown");
  // cyrb53, a check number of 53 bits: it tells that a line changed, and not what it said
  const check = (text) => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  // as a name is typed in a hurry: without accents, apostrophes and hyphens, in any order
  const LETTERS = { ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", ð: "d", þ: "th", ı: "i", ß: "ss" };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[øđłæœðþıß]/g, (letter) => LETTERS[letter]).replace(/['’‘`´]/g, "").replace(/[^\p{L}\p{N};]+/gu, " ").trim();
  // the number and the name also in one word: 26DV0042, Ortizgarcia
  const plainOf = (cells) => `${plain(cells.join(" ").replaceAll(";", " "))} ${cells.slice(0, 2).map((cell) => plain(cell).replaceAll(" ", "")).join(" ")}`;
  const lines = rows.map((row) => {
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    return { row, key: check(`${cells[2]}|${cells[0]}`), sum: check(cells.join("|")), text: plainOf(cells), changed: false };
  });
  const now = () => Object.fromEntries(lines.map((line) => [line.key, line.sum]));
  const mark = (line, changed) => {
    line.changed = changed;
    line.row.querySelector("[data-changed]")?.remove();
    if (!changed) return;
    const tag = document.createElement("span");
    tag.className = "usa-tag";
    tag.dataset.changed = "";
    tag.textContent = "Changed";
    line.row.cells[0].append(" ", tag);
  };
  const show = () => {
    const parts = sought.value.split(";").map(plain).filter(Boolean).map((part) => part.split(" "));
    let count = 0;
    lines.forEach((line) => {
      const fits = (!parts.length || parts.some((words) => words.every((word) => line.text.includes(word)))) && (!onlyChanged.checked || line.changed);
      line.row.hidden = !fits;
      count += fits;
    });
    const changed = keep.checked ? ` ${lines.filter((line) => line.changed).length} changed since you last looked.` : "";
    const next = count || !parts.length ? "" : " Try part of the name or the case number. No line is no proof that there is no case: ask the court.";
    shown.textContent = `${count} of ${lines.length} shown.${changed}${next}`;
  };
  const compare = () => {
    const before = store.read();
    keep.checked = before !== null;
    lines.forEach((line) => mark(line, before !== null && before[line.key] !== line.sum));
    onlyChanged.disabled = before === null;
    if (before === null) onlyChanged.checked = false;
    seenButton.hidden = !lines.some((line) => line.changed);
    show();
  };
  const say = (text) => { shown.textContent = `${text} ${shown.textContent}`; };
  keep.addEventListener("change", () => {
    const done = keep.checked ? store.write(now()) : (store.forget(), true);
    compare();
    if (!done) say("This computer has no room to remember it.");
  });
  seenButton.addEventListener("click", () => { store.write(now()); compare(); keep.focus(); });
  document.getElementById("forget").addEventListener("click", () => {
    store.forget();
    compare();
    say("Nothing of the list is kept on this computer now.");
  });
  sought.addEventListener("input", show);
  onlyChanged.addEventListener("change", show);
  // a paper lies about: it always has the whole list, or it would tell whom she looked for
  window.addEventListener("beforeprint", () => lines.forEach((line) => { line.row.hidden = false; }));
  window.addEventListener("afterprint", show);
  // what was typed does not wait for the next person at this computer
  window.addEventListener("pagehide", () => { sought.value = ""; });
  tools.hidden = false;
  compare();
})();
