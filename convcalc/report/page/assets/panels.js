// What is said in numbers and words: totals, several nets side by side, counts, findings.

function headPanel(net) {
  const { totals, memory, settings } = net;
  const last = net.layers.filter((layer) => layer.field.length).pop();
  const training = memory && memory.runs.find((run) => run.name !== "inference");
  const inference = memory && memory.runs.find((run) => run.name === "inference");
  const cards = [
    ["parameters", count(totals.params), exact(totals.params)],
    ["MACs an image", count(totals.macs), exact(totals.macs)],
    ["activations an image", count(totals.activations), exact(totals.activations)],
    ["training, at its peak", training ? size(training.peak) : "?", training ? training.at : ""],
    ["inference, at its peak", inference ? size(inference.peak) : "?", inference ? inference.at : ""],
    ["layers", exact(totals.layers), last ? `receptive field ${fieldText(last.field)}` : ""],
  ];
  const words = `input ${net.input}, batch ${exact(settings.batch)}, ${settings.precision}, ${settings.optimizer}${net.also.map((text) => `, ${text}`).join("")}`;
  return el("header", { class: "net" },
    el("h1", null, net.title),
    el("p", { class: "settings" }, words),
    net.origin ? el("p", { class: "origin" }, net.origin) : null,
    el("dl", { class: "cards" }, cards.map(([term, value, exactly]) =>
      el("div", null, el("dt", null, term), el("dd", null, el("b", null, value), el("small", null, breakable(exactly)))))),
    net.sentences.length ? el("ul", { class: "sentences" }, net.sentences.map((text) => el("li", null, text))) : null);
}

// One row a net, a bar a number.
function comparePanel(nets, geometry, shown, show) {
  const peak = (net, name) => {
    const run = net.memory && net.memory.runs.find((one) => (one.name === "inference") === (name === "inference"));
    return run ? run.peak : null;
  };
  const columns = [
    ["layers", (net) => net.totals.layers, exact],
    ["parameters", (net) => net.totals.params, count],
    ["MACs", (net) => net.totals.macs, count],
    ["activations", (net) => net.totals.activations, count],
    ["training peak", (net) => peak(net, "training"), size],
    ["inference peak", (net) => peak(net, "inference"), size],
  ];
  const rows = nets.map((net, place) => el("tr", { class: place === shown ? "chosen" : null },
    el("th", { scope: "row" }, el("button", { type: "button", class: "link", "aria-pressed": String(place === shown),
      on: { click: () => show(place) } }, net.title)),
    columns.map(([, of, written]) => {
      const most = Math.max(...nets.map((one) => Number(of(one) || 0)));
      const value = of(net);
      return el("td", { class: "number" }, value === null ? "?" : written(value), value === null || !most ? null
        : el("span", { class: "bar", "aria-hidden": "true", style: { width: `${((100 * Number(value)) / most).toFixed(1)}%` } }));
    })));
  return panel("compare", "Side by side",
    el("p", { class: "hint" }, "Choose a net to see its graph and layers below."),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "table of nets" }, el("table", null,
      el("caption", { class: "unseen" }, "totals of the nets"),
      el("thead", null, el("tr", null, ["net", ...columns.map((one) => one[0])].map((text, place) =>
        el("th", { scope: "col", class: place ? "number" : null }, text)))),
      el("tbody", null, rows))),
    el("div", { class: "gallery" }, nets.map((net, place) => el("figure", null,
      el("figcaption", null, net.title), picture(net, geometry, () => show(place))))));
}

// The graph of a net as a picture that cannot be opened.
function picture(net, geometry, action) {
  const { root } = drawn(net, layout(net, geometry), geometry, { toggle: action, choose: () => {} });
  root.setAttribute("role", "img");
  for (const part of root.querySelectorAll("[role=button]")) {
    for (const name of ["role", "aria-label", "aria-expanded", "tabindex"]) part.removeAttribute(name);
  }
  return el("div", {
    class: "scroll graph small", tabindex: "0", role: "region", "aria-label": `picture of ${net.title}`,
    on: { click: action },
  }, root);
}

function countsPanel(net) {
  const { counts } = net;
  if (!counts) return null;
  const notes = counts.notes.map((note) => el("li", null, el("b", null, note.names.join(", ")), `: ${note.text}`,
    note.layers.length ? ` (${note.layers.slice(0, 4).join(", ")}${note.layers.length > 4 ? ", ..." : ""})` : ""));
  return panel("counts", "As other tools count",
    el("p", { class: "hint" }, `M = ${exact(net.totals.macs)} multiply-accumulates of ${counts.of}; ${counts.style}.`),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "table of counts" }, el("table", null,
      el("caption", { class: "unseen" }, "operations by convention"),
      el("thead", null, el("tr", null, ["prints", "tool", "operations", "made of"].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", null, counts.lines.map((line) => el("tr", null,
        el("th", { scope: "row" }, line.printed), el("td", null, line.names.join(", ")),
        el("td", { class: "number" }, exact(line.operations)), el("td", { class: "wide" }, line.made_of)))))),
    counts.params.length || counts.memory.length || notes.length ? el("details", null, el("summary", null, "parameters, bytes and notes"),
      el("ul", null, counts.params.map((figure) => el("li", null, `${figure.text} parameters: ${figure.names.join(", ")}`,
        figure.remark ? `, ${figure.remark}` : "")),
      counts.memory.map((figure) => el("li", null, `${figure.text}: ${figure.names.join(", ")}, ${figure.remark}`)), notes)) : null);
}

function findingsPanel(net, chosen) {
  const { shown, more } = net.findings;
  const items = shown.map((finding) => {
    const layer = net.layers.find((one) => one.name === finding.layer);
    return el("li", { class: `finding ${finding.severity}` },
      el("h3", null, el("span", { class: "badge" }, finding.severity), ` ${finding.message} `,
        el("code", null, `${finding.code} ${finding.name}`)),
      layer ? el("button", { type: "button", class: "link", on: { click: () => {
        chosen.choose(layer.index);
        document.getElementById("graph").scrollIntoView();
      } } }, layer.name) : null,
      finding.text ? el("details", { open: finding.severity !== "note" }, el("summary", null, "where and what to do"),
        el("pre", { tabindex: "0", role: "region", "aria-label": `where ${finding.code} is` }, finding.text)) : null);
  });
  return panel("findings", "Findings",
    items.length ? el("ol", { class: "findings" }, items) : el("p", null, "No errors, warnings or advice."),
    more ? el("p", { class: "hint" }, `and ${exact(more)} more: convcalc check shows them`) : null);
}
