// The pages work without this file. It keeps scroll positions while forms are sent, adds keys, and copies text.
"use strict";
(() => {
  const open = () => [...document.querySelectorAll("main .part.open")];
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");

  async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    document.body.setAttribute("aria-busy", "true");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.body.classList.contains("panes") || !document.body.classList.contains("panes")) {
      document.body.replaceChildren(...page.body.childNodes); // a question or a conflict: the whole page changes
      document.body.className = page.body.className;
      document.title = page.title;
      history.pushState(null, "", answer.url);
      addEventListener("popstate", () => location.reload(), { once: true });
      window.scrollTo(0, 0);
      ready();
      return;
    }
    const kept = [...document.querySelectorAll("details.edit textarea, form.answer [name=text]")]
      .filter((at) => at.id && at.value !== at.defaultValue && !form.contains(at))
      .map((at) => [at.id, at.value]);
    for (const part of ["header.top", "nav.outline", "main", "aside"]) {
      const old = document.querySelector(part);
      const fresh = page.querySelector(part);
      if (old.innerHTML === fresh.innerHTML) continue; // evidence that did not change keeps its highlighted lines
      const top = old.scrollTop;
      old.replaceWith(fresh);
      fresh.scrollTop = top;
    }
    for (const [id, value] of kept) {
      const at = document.getElementById(id);
      if (at) {
        at.value = value;
        const around = at.closest("details");
        if (around) around.open = true;
      }
    }
    ready();
    const url = new URL(answer.url);
    for (const name of ["done", "aim"]) url.searchParams.delete(name);
    history.replaceState(null, "", url.pathname + url.search);
    const next = document.getElementById("trouble") || document.getElementById(aim(page)) || document.querySelector("main");
    if (next.matches("main")) {
      next.scrollTop = 0; // nothing is open any more: what is said of that stands at the top
      window.scrollTo(0, 0);
    } else {
      next.scrollIntoView({ block: "nearest" });
    }
    focus(next);
  }

  function unreachable(form) {
    document.body.removeAttribute("aria-busy");
    const said = document.createElement("p");
    said.className = "notice bad unreachable";
    said.setAttribute("role", "alert");
    said.textContent = "Nothing was saved: the program that serves this page does not answer. Start it again; what you typed stays here meanwhile.";
    form.querySelector(".unreachable")?.remove();
    form.prepend(said);
  }

  // fetch() does not tell the fragment that the server redirected to: the page names it
  const aim = (page) => (page.querySelector("main") || { dataset: {} }).dataset.aim || "";

  function focus(part) {
    if (part.id === "trouble") part = part.closest("form") || part;
    const at = part.matches("form") ? part.querySelector("textarea, input[type=text]") : part.querySelector(".answer [name=text], [data-key=c]");
    (at || document.querySelector("main")).focus({ preventScroll: true });
  }

  function step(by) {
    const parts = open();
    if (!parts.length) return;
    const here = parts.findIndex((part) => part.contains(document.activeElement));
    const next = parts[here < 0 ? (by > 0 ? 0 : parts.length - 1) : Math.min(Math.max(here + by, 0), parts.length - 1)];
    next.scrollIntoView({ block: "start" });
    focus(next);
  }

  function press(event) {
    if (event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      const form = event.key === "Enter" && event.target.form;
      if (form && form.method === "post") form.requestSubmit(form.querySelector("button.main"));
      return;
    }
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (typing(event.target)) return;
    const part = event.target.closest(".part") || open()[0];
    const does = {
      j: () => step(1),
      k: () => step(-1),
      c: () => part && part.querySelector("[data-key=c]")?.click(),
      a: () => part && part.querySelector(".answer [name=text]")?.focus(),
      e: () => {
        const edit = part && part.querySelector("details.edit");
        if (edit) {
          edit.open = true;
          edit.querySelector("textarea").focus();
        }
      },
    }[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  }

  async function copy(button) {
    const from = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.value);
      document.getElementById("copied").textContent = "Copied.";
    } catch {
      from.select();
      document.getElementById("copied").textContent = "Selected; copy it with Ctrl+C.";
    }
  }

  function ready() {
    document.getElementById("keys")?.classList.remove("hidden");
    for (const button of document.querySelectorAll("[data-copy]")) button.classList.remove("hidden");
    document.body.removeAttribute("aria-busy");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.enctype !== "application/x-www-form-urlencoded") return;
    event.preventDefault();
    send(form, event.submitter).catch(() => unreachable(form));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  document.addEventListener("keydown", press);
  ready();
})();
