// What every page has around its panels: the bar at the top with its links and the theme, the end.

function themeButton() {
  const root = document.documentElement;
  return el("button", { type: "button", class: "theme", on: { click: () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    document.dispatchEvent(new Event("theme"));
  } } }, "light / dark");
}

// The frame of a page; panels are put into it again and again.
function frame(version, words) {
  const main = el("main");
  const links = el("nav", { "aria-label": "sections" });
  document.body.append(
    el("a", { class: "skip", href: "#main" }, "skip to the content"),
    el("div", { class: "bar-top" }, el("span", { class: "brand" }, "convcalc"), links, themeButton()),
    main,
    el("footer", null, `made by convcalc ${version}; ${words}`));
  main.id = "main";
  return (panels) => {
    main.replaceChildren(...panels.filter(Boolean));
    links.replaceChildren(...[...main.querySelectorAll("section.panel")].map((section) =>
      el("a", { href: `#${section.id}` }, section.querySelector("h2").textContent)));
  };
}
