// The layers as a table: sorted by a click on a heading, narrowed by words and by kind.

const FIRST_ROWS = 1000;

const COLUMNS = [
  { key: "name", text: "layer", value: (layer) => layer.index, show: (layer) => layer.name },
  { key: "what", text: "what it is", value: (layer) => layer.what, show: (layer) => layer.what },
  { key: "output", text: "output", value: (layer) => layer.output, show: (layer) => layer.output || "?" },
  { key: "activations", text: "activations", bar: true, value: (layer) => (layer.isNew ? layer.activations : 0),
    show: (layer) => (layer.isNew || layer.activations === null ? exact(layer.activations) : "in place") },
  { key: "params", text: "parameters", bar: true, value: (layer) => layer.params, show: (layer) => exact(layer.params) },
  { key: "macs", text: "MACs", bar: true, value: (layer) => layer.macs, show: (layer) => exact(layer.macs) },
  { key: "field", text: "field", number: true, value: (layer) => (layer.field.length ? layer.field[0][0] : null),
    show: (layer) => (layer.field.length ? fieldText(layer.field) : "") },
  { key: "bytes", text: "bytes", number: true, value: (layer) => layer.bytes, show: (layer) => (layer.bytes ? size(layer.bytes) : "") },
];

function tablePanel(net, chosen) {
  const state = { sort: "name", down: false, words: "", kind: "", most: FIRST_ROWS };
  const largest = Object.fromEntries(COLUMNS.filter((column) => column.bar).map((column) =>
    [column.key, net.layers.reduce((most, layer) => Math.max(most, Number(column.value(layer) || 0)), 0)]));
  const body = el("tbody");
  const foot = el("tfoot");
  const told = el("p", { class: "hint", role: "status" });
  const heads = COLUMNS.map((column) => el("th", { scope: "col", class: column.bar || column.number ? "number" : null },
    el("button", { type: "button", on: { click: () => sortBy(column) } }, column.text)));

  function sortBy(column) {
    const isNumber = column.bar || column.number;
    state.down = state.sort === column.key ? !state.down : Boolean(isNumber);
    state.sort = column.key;
    fill();
  }

  function wanted() {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    return net.layers.filter((layer) => {
      if (state.kind && layer.kind !== state.kind) return false;
      const text = `${layer.name} ${layer.kind} ${layer.what} ${layer.output}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  function fill() {
    const column = COLUMNS.find((one) => one.key === state.sort);
    const found = wanted().sort((a, b) => compared(column.value(a), column.value(b)) * (state.down ? -1 : 1));
    heads.forEach((head, place) => head.setAttribute("aria-sort",
      COLUMNS[place] !== column ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...found.slice(0, state.most).map((layer) => tableRow(net, layer, largest, chosen)));
    foot.replaceChildren(sums(found));
    const hidden = found.length - state.most;
    told.replaceChildren(`${plural(found.length, "row")} of ${exact(net.layers.length)}`,
      hidden > 0 ? el("button", { type: "button", on: { click: () => { state.most = Infinity; fill(); } } },
        `show ${exact(hidden)} more`) : "");
  }

  chosen.listen(() => {
    for (const row of body.rows) row.classList.toggle("chosen", Number(row.dataset.layer) === chosen.layer);
  });
  const kinds = [...new Set(net.layers.map((layer) => layer.kind))];
  fill();
  return panel("layers", "Layers",
    el("div", { class: "tools" },
      el("label", null, "Filter ", el("input", { type: "search", placeholder: "conv4 3x3", on: {
        input: (event) => { state.words = event.target.value; fill(); } } })),
      el("label", null, "Kind ", el("select", { on: { change: (event) => { state.kind = event.target.value; fill(); } } },
        el("option", { value: "" }, "all"), kinds.map((kind) => el("option", { value: kind }, kind)))),
      told),
    el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "table of layers" },
      el("table", null, el("caption", { class: "unseen" }, `layers of ${net.title}`),
        el("thead", null, el("tr", null, heads)), body, foot)));
}

// Unknown numbers come last; digits in strings are numbers.
function compared(a, b) {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === "string" && typeof b === "string" && !/^\d+$/.test(a + b)) return a.localeCompare(b, "en", { numeric: true });
  return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
}

function tableRow(net, layer, largest, chosen) {
  const cells = COLUMNS.map((column, place) => {
    if (!place) {
      return el("th", { scope: "row" }, el("button", { type: "button", class: "link", on: {
        click: () => chosen.choose(layer.index) } }, el("span", { class: `swatch is-${layer.look}` }), layer.name));
    }
    const share = column.bar && largest[column.key] ? Number(column.value(layer) || 0) / largest[column.key] : 0;
    return el("td", { class: column.bar || column.number ? "number" : null }, column.show(layer),
      share ? el("span", { class: "bar", "aria-hidden": "true", style: { width: `${(100 * share).toFixed(1)}%` } }) : null);
  });
  const own = chosen.layer === layer.index;
  return el("tr", { "data-layer": layer.index, class: own ? "chosen" : null }, cells);
}

// The sums of the rows that are shown.
function sums(found) {
  const rest = found.filter((layer) => layer.kind !== "input");
  const cells = COLUMNS.map((column) => {
    if (column.key === "name") return el("th", { scope: "row" }, "sum");
    if (!column.bar) return el("td", null, column.key === "what" ? plural(rest.length, "layer") : "");
    const sum = total(found.map((layer) => column.value(layer)));
    return el("td", { class: "number" }, sum === null ? "?" : exact(sum));
  });
  return el("tr", null, cells);
}
