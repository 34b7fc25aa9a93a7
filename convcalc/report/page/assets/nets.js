// The page of one net or several: data to panels.

const data = JSON.parse(document.getElementById("data").textContent);
const nets = data.nets.map(model);
const put = frame(data.convcalc, nets.some((net) => net.measured)
  ? "times are measured, all other numbers are worked out" : "all numbers are worked out, none is measured");

for (const [look, colour] of Object.entries(data.colours)) {
  document.documentElement.style.setProperty(`--${look}`, colour);
}

function show(place) {
  const net = nets[place];
  const chosen = chooser();
  put([
    nets.length > 1 ? comparePanel(nets, data.geometry, place, show) : null,
    headPanel(net),
    graphPanel(net, data.geometry, chosen),
    memoryPanel(net, chosen),
    el("div", { class: "pair" }, treemapPanel(net, chosen), fieldPanel(net, chosen)),
    tablePanel(net, chosen),
    countsPanel(net),
    findingsPanel(net, chosen),
  ]);
}

show(0);
