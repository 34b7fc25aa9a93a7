// The page: data to panels.

const data = JSON.parse(document.getElementById("data").textContent);
const nets = data.nets.map(model);

for (const [look, colour] of Object.entries(data.colours)) {
  document.documentElement.style.setProperty(`--${look}`, colour);
}

function themeButton() {
  const button = el("button", { type: "button", class: "theme", on: { click: () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === "dark"
      || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = isDark ? "light" : "dark";
  } } }, "light / dark");
  return button;
}

const main = el("main");

function show(place) {
  const net = nets[place];
  const chosen = chooser();
  const several = nets.length > 1;
  const panels = [
    several ? comparePanel(nets, data.geometry, place, show) : null,
    headPanel(net),
    graphPanel(net, data.geometry, chosen),
    memoryPanel(net, chosen),
    el("div", { class: "pair" }, treemapPanel(net, chosen), fieldPanel(net, chosen)),
    tablePanel(net, chosen),
    countsPanel(net),
    findingsPanel(net, chosen),
  ].filter(Boolean);
  main.replaceChildren(...panels);
  const sections = [...main.querySelectorAll("section.panel")];
  links.replaceChildren(...sections.map((section) => el("a", { href: `#${section.id}` }, section.querySelector("h2").textContent)));
}

const links = el("nav", { "aria-label": "sections" });
document.body.append(
  el("a", { class: "skip", href: "#graph" }, "skip to the graph"),
  el("div", { class: "bar-top" }, el("span", { class: "brand" }, "convcalc"), links, themeButton()),
  main,
  el("footer", null, `made by convcalc ${data.convcalc}; all numbers are worked out, none is measured`));
show(0);
