// The panel beside a form that chooses a time, fetched anew when the time changes. No time is computed here, and
// without this file the form's own button does the same.
for (const panel of document.querySelectorAll("[data-panel]")) {
  const form = panel.closest("form");
  const names = panel.dataset.fields.split(" ");
  const words = panel.querySelector(".panel-words");
  const stale = panel.querySelector(".panel-stale");
  let waiting = 0;
  let running = null;
  let asked = "";

  const isAsked = (name) => names.some((one) => (one.endsWith("-") ? name.startsWith(one) : name === one));

  const address = () => {
    const url = new URL(panel.dataset.panel, location.href);
    for (const [name, value] of new FormData(form)) {
      if (isAsked(name) && typeof value === "string") url.searchParams.append(name, value);
    }
    return url.href;
  };

  // The element with the words stays, so that a screen reader hears what is new in it.
  const show = (fresh) => {
    words.replaceChildren(...fresh.querySelector(".panel-words").childNodes);
    panel.querySelectorAll(".dayband").forEach((one) => one.remove());
    words.after(...fresh.querySelectorAll(".dayband"));
    stale.hidden = true;
  };

  const refresh = async () => {
    const wanted = address();
    if (wanted === asked) return;
    asked = wanted;
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(wanted, { signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      show(page.querySelector("[data-panel]"));
    } catch {
      if (!signal.aborted) {
        asked = "";
        stale.hidden = false;
      }
    }
    if (!signal.aborted) panel.removeAttribute("aria-busy");
  };

  // While words are typed they mean nothing yet, unless they are one of those that the field proposes.
  const isUnfinished = ({ type, target }) =>
    type === "input" && target.list && ![...target.list.options].some((one) => one.value === target.value);

  const later = (after) => (event) => {
    if (!isAsked(event.target.name || "") || isUnfinished(event)) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, after);
  };

  form.addEventListener("input", later(500));
  form.addEventListener("change", later(50));
}
