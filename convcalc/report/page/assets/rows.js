// The page of a sweep's rows: data to panels.

const data = JSON.parse(document.getElementById("data").textContent);
const rows = sweepModel(data);
const put = frame(data.convcalc, "the numbers are those of analyze; none says how accurate a net is");
put([
  el("header", { class: "net" }, el("h1", null, data.title),
    el("p", { class: "settings" }, `${plural(rows.items.length, "row")}; ${rows.varying.map((column) => column.name).join(", ")} vary`)),
  data.objectives.length > 1 ? scatterPanel(rows, data.objectives) : null,
  parallelPanel(rows),
  filtersPanel(rows),
  rowsPanel(rows, data.objectives),
]);
rows.tell();
