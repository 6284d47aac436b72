// Comfort only: every page does its work without this file.
"use strict";

(() => {
  const KEYS = "madoguchi-keys";
  const SHOWN_FOR_MS = 4000;

  const main = document.getElementById("main");
  const refused = document.querySelector("[data-focus]");
  if (refused) refused.focus();

  // Browsers leave the focus alone now and then, such as when a form led here.
  const first = main.querySelector("[autofocus]");
  if (first && document.activeElement === document.body) first.focus();

  // A form is sent once; what takes longer than a second says so.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter || form.querySelector("button");
    if (button) button.setAttribute("aria-disabled", "true");
    const words = form.querySelector("[data-status]");
    if (!words) return;
    const began = Date.now();
    const tell = () => {
      const seconds = Math.round((Date.now() - began) / 1000);
      words.textContent = `${form.dataset.working}…（${seconds}秒）`;
    };
    tell();
    setInterval(tell, 5000);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });

  // What has changed by itself shows it for a few seconds; the words beside it are read out.
  document.addEventListener("htmx:afterSwap", (event) => {
    const changed = event.detail.target;
    changed.classList.add("changed");
    setTimeout(() => changed.classList.remove("changed"), SHOWN_FOR_MS);
  });

  // An open part of the menu closes by Escape, or when the hand goes elsewhere.
  const opened = () => document.querySelector(".menu[open]");
  const close = (menu) => { if (menu) menu.open = false; };
  document.addEventListener("click", (event) => { if (!event.target.closest(".menu")) close(opened()); });
  document.addEventListener("focusin", (event) => { if (!event.target.closest(".menu")) close(opened()); });
  document.addEventListener("keydown", (event) => {
    const menu = opened();
    if (event.key !== "Escape" || !menu) return;
    close(menu);
    menu.querySelector("summary").focus();
  });

  // A text that is made for elsewhere is taken along by one key.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      const told = button.parentElement.querySelector("[data-copied]");
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
        told.textContent = "写し取りました。";
      } catch {
        told.textContent = "選んであります。Ctrl+C で写し取ってください。";
      }
    });
  }

  // Keys: only where nothing is typed, and only for those who want them.
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const opener = document.querySelector("[data-keys]");
  const choice = dialog.querySelector("[data-keys-on]");
  const read = () => { try { return localStorage.getItem(KEYS) !== "off"; } catch { return true; } };
  choice.checked = read();
  choice.addEventListener("change", () => {
    try { localStorage.setItem(KEYS, choice.checked ? "on" : "off"); } catch { /* private window */ }
  });
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());

  const rows = () => [...main.querySelectorAll("[data-rows] tbody tr")];
  let here = -1;
  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    if (here >= 0 && all[here]) all[here].classList.remove("row-here");
    here = Math.min(all.length - 1, Math.max(0, here + step));
    all[here].classList.add("row-here");
    const link = all[here].querySelector("a");
    if (link) link.focus();
    all[here].scrollIntoView({ block: "nearest" });
  };
  const acts = {
    "/": () => { const field = document.querySelector("[data-search]"); if (field) { field.focus(); field.select(); } },
    "?": () => dialog.showModal(),
    j: () => go(1),
    k: () => go(-1),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !choice.checked) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
