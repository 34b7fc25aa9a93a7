// The filters as fields, for the keyboard and for exact numbers; and the rows that pass them.

function filtersPanel(model) {
  const status = el("p", { class: "figure", role: "status" });
  const fields = model.varying.map((column) => (column.isNumber ? numberField(model, column) : textField(model, column)));
  const clear = el("button", { type: "button", on: { click: () => {
    model.filters.clear();
    model.tell();
  } } }, "Clear all filters");
  model.listen((shown) => {
    status.replaceChildren(el("strong", null, exact(shown.length)), ` of ${plural(model.items.length, "row")}`);
    fields.forEach((field) => field.update());
  });
  return panel("filters", "Filters", status, el("div", { class: "fields" }, fields.map((field) => field.root)), clear);
}

function numberField(model, column) {
  const ends = ["from", "to"].map((word) => el("input", { type: "text", inputmode: "decimal", "aria-label": `${column.name} ${word}`,
    placeholder: word === "from" ? column.written(column.low) : column.written(column.high), on: { change: () => changed() } }));

  function changed() {
    const [from, to] = ends.map((one) => amount(one.value));
    ends.forEach((one) => one.setAttribute("aria-invalid", String(one.value.trim() !== "" && amount(one.value) === null)));
    if (ends.some((one) => one.getAttribute("aria-invalid") === "true")) return;
    model.filter(column.name, from === null && to === null ? null : [from ?? column.low, to ?? column.high]);
    model.tell();
  }

  const update = () => {
    const range = model.filters.get(column.name);
    ends.forEach((one, at) => { one.value = range ? column.written(range[at]) : ""; });
  };
  return { root: el("fieldset", null, el("legend", null, column.name), ends[0], " to ", ends[1]), update };
}

function textField(model, column) {
  const select = el("select", { "aria-label": column.name, on: { change: () => {
    const place = Number(select.value);
    model.filter(column.name, select.value === "" ? null : [place, place]);
    model.tell();
  } } }, el("option", { value: "" }, "all"), column.values.map((value, place) => el("option", { value: place }, String(value))));
  const update = () => {
    const range = model.filters.get(column.name);
    select.value = range && range[0] === range[1] ? String(range[0]) : "";
  };
  return { root: el("fieldset", null, el("legend", null, column.name), select), update };
}

function rowsPanel(model, objectives) {
  const columns = [
    { key: "#", text: "row", value: (item) => item.number },
    ...model.columns.filter((column) => column.values.length).map((column) => ({
      key: column.name, text: column.name, number: column.isNumber, bar: column.isNumber && column.low >= 0 && column.values.length > 1,
      value: (item) => item.cells[column.index], show: column.show,
    })),
  ];
  let front = new Set();
  const table = sortable({
    columns, caption: "rows of the sweep", label: "table of rows", sort: "#", largest: largestOf(columns, model.items),
    firstCell: (item) => el("button", { type: "button", class: "link", on: { click: () => model.choose(item) } },
      String(item.number + 1), front.has(item) ? el("span", { class: "star" }, " \u2605", el("span", { class: "unseen" }, " on the front")) : ""),
    ofRow: (item) => ({ class: model.chosen === item ? "chosen" : null }),
  });
  model.listen((shown) => {
    front = objectives.length ? frontOf(shown, objectives.map(([name, isLargest]) => [model.column(name), isLargest])) : new Set();
    table.show(shown);
  });
  return panel("rows", "Rows", el("p", { class: "hint" }, table.status, objectives.length
    ? `, \u2605 on the front of ${objectives.map(([name, isLargest]) => `${isLargest ? "large" : "small"} ${name}`).join(", ")}` : ""), table.root);
}
