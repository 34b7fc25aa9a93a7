// The graph: boxes that open and close, a layer chosen by click or key, its numbers below.

const LEGEND = [
  ["block", "block"], ["conv", "convolution"], ["fc", "fully connected"], ["pool", "pool"],
  ["norm", "norm"], ["act", "activation"], ["merge", "merge"], ["move", "rearrangement"],
];

function graphPanel(net, geometry, chosen) {
  const holder = el("div", { class: "scroll graph" });
  const detail = el("div", { class: "detail", id: "detail", "aria-live": "polite" });
  let found = null;
  let groups = [];

  function draw(focus) {
    found = layout(net, geometry);
    const drawing = drawn(net, found, geometry, { toggle, choose: chosen.choose });
    groups = drawing.groups;
    holder.replaceChildren(drawing.root);
    roving(groups);
    mark();
    const target = focus && groups.find((group) => group.getAttribute("data-name") === focus);
    if (target) target.focus();
  }

  function toggle(node) {
    node.open = !node.open;
    const first = node.open ? node.parts[0] : node;
    draw(typeof first === "number" ? net.layers[first].name : first.name);
  }

  function setAll(open) {
    for (const node of callsOf(net.tree)) node.open = open || node.parts.some((one) => typeof one !== "number");
    draw();
  }

  function mark(layer = chosen.layer, name = "chosen") {
    const shown = new Set(found.shown.filter((one) => layersOf(one.node).includes(layer)).map((one) => one.name));
    for (const group of groups) group.classList.toggle(name, shown.has(group.getAttribute("data-name")));
  }

  chosen.onPoint((layer) => mark(layer, "pointed"));
  chosen.listen((layer) => {
    mark();
    detail.replaceChildren(...details(net, layer));
  });
  draw();
  detail.replaceChildren(el("p", { class: "hint" },
    "Click a block to open it, its frame to close it, a layer for its numbers; arrow keys go along."));
  const looks = new Set(net.layers.map((layer) => layer.look).concat(callsOf(net.tree).length ? "block" : []));
  return panel("graph", "Graph",
    el("div", { class: "tools" },
      callsOf(net.tree).length ? [
        el("button", { type: "button", on: { click: () => setAll(true) } }, "Open all"),
        el("button", { type: "button", on: { click: () => setAll(false) } }, "Close all"),
      ] : null,
      el("ul", { class: "legend" }, LEGEND.filter(([look]) => looks.has(look)).map(([look, text]) =>
        el("li", null, el("span", { class: `swatch is-${look}` }), text)))),
    holder, detail);
}

function drawn(net, found, geometry, act) {
  const groups = [];
  const root = svg("svg", {
    viewBox: `0 0 ${found.width} ${found.height}`, width: found.width, height: found.height,
    role: "group", "aria-label": `graph of ${net.title}: ${plural(found.shown.length, "box", "boxes")}`,
    style: { "--natural": `${found.width}px` },
  });
  for (const band of found.bands) root.append(bandGroup(found, band, geometry, act, groups));
  for (const arc of found.arcs) {
    root.append(svg("path", { class: arc.level ? "arc" : "edge", d: arcPath(found, arc, geometry) }));
  }
  const below = found.height - geometry.foot + 16;
  for (const one of found.shown) {
    const group = nodeGroup(net, found, one, below, geometry, act);
    groups.push(group);
    root.append(group);
  }
  groups.sort((a, b) => Number(a.getAttribute("data-x")) - Number(b.getAttribute("data-x")));
  return { root, groups };
}

// The frame of an open call, with the button that closes it.
function bandGroup(found, band, { edge, head }, act, groups) {
  const top = edge + band.depth * head;
  const close = () => act.toggle(band.node);
  const group = svg("g", {
    role: "button", class: "band-head", "data-name": `${band.name} frame`, "data-x": band.start,
    "aria-label": `close ${band.name}`, "aria-expanded": "true", on: pressed(close),
  },
  svg("rect", { class: "hit", x: band.start + 2, y: top, width: band.end - band.start - 4, height: head, rx: 6 }),
  svg("text", { x: band.start + 9, y: top + 14 }, `\u2212 ${band.label}`));
  groups.push(group);
  return svg("g", null, svg("rect", {
    class: "band", x: band.start + 2, y: top, width: band.end - band.start - 4,
    height: found.height - top - 4, rx: 8,
  }), group);
}

const pressed = (action) => ({
  click: action,
  keydown: (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action();
  },
});

function nodeGroup(net, found, one, below, { back }, act) {
  const layer = net.layers[one.layer];
  const isCall = typeof one.node !== "number";
  const members = isCall ? layersOf(one.node) : [];
  const what = isCall ? `block of ${plural(members.length, "layer")}` : layer.what;
  const action = () => {
    act.choose(one.layer);
    if (isCall) act.toggle(one.node);
  };
  const label = `${one.name}, ${what}, ${layer.output || "size unknown"}`;
  return svg("g", {
    role: "button", class: `node is-${one.look}`, "data-name": one.name, "data-x": one.x,
    "aria-label": label, "aria-expanded": isCall ? "false" : null, on: pressed(action),
  },
  svg("title", null, label),
  svg("rect", { class: "hit", x: one.x - 22, y: found.middle - 90, width: 44, height: 110 + below - found.middle }),
  svg("g", { transform: `translate(${one.x},${found.middle})` }, volume(one.box, back),
    one.skips ? svg("path", { class: "arc", d: skipPath(one.box, depthOf(one.box, back)) }) : null),
  svg("g", { class: "label", transform: `translate(${one.x - 4},${below}) rotate(38)` },
    svg("text", null, isCall ? `${one.label} +` : one.label),
    svg("text", { y: 12, class: "shape" }, layer.output || "?")));
}

// How far a box goes back.
const depthOf = ([, h], back) => Math.min(back, Math.max(Math.floor(h / 4), 2));

// The front of a volume, its top and its side.
function volume([w, h], back) {
  const [left, top, right] = [-Math.floor(w / 2), -Math.floor(h / 2), w - Math.floor(w / 2)];
  const deep = depthOf([w, h], back);
  const upper = `${left},${top} ${left + deep},${top - deep} ${right + deep},${top - deep} ${right},${top}`;
  const side = `${right},${top} ${right + deep},${top - deep} ${right + deep},${top + h - deep} ${right},${top + h}`;
  return [
    svg("polygon", { class: "upper", points: upper }),
    svg("polygon", { class: "side", points: side }),
    svg("rect", { class: "front", x: left, y: top, width: w, height: h }),
  ];
}

// What there is to say about one layer.
function details(net, index) {
  const layer = net.layers[index];
  const inputs = layer.inputs.map((source) => `${net.layers[source].name} ${net.layers[source].output}`);
  const learned = layer.params ? `${exact(layer.params)} (${exact(layer.weights)} weights + ${exact(layer.biases)} biases${
    total([layer.weights, layer.biases]) === layer.params ? "" : " + others"})` : exact(layer.params);
  const facts = [
    ["reads", inputs.join(", ")],
    ["output", layer.output || "unknown"],
    ["arithmetic", layer.sizing],
    ["activations", `${exact(layer.activations)}${layer.isNew ? "" : " (in place)"}`],
    ["parameters", layer.shares === null ? learned : `those of ${net.layers[layer.shares].name}`],
    ["MACs", exact(layer.macs)],
    ["of the backward pass", layer.backward ? exact(layer.backward) : ""],
    ["time of one NumPy pass", net.measured && layer.kind !== "input" ? milliseconds(layer.time) : ""],
    ["receptive field", layer.field.length ? fieldText(layer.field) : ""],
    ["line", layer.line === null ? "" : String(layer.line)],
  ].filter(([, value]) => value !== "");
  return [
    el("h3", null, breakable(layer.name), " ", el("span", { class: "what" }, layer.what)),
    el("dl", null, facts.map(([term, value]) => el("div", null, el("dt", null, term), el("dd", null, value)))),
  ];
}
