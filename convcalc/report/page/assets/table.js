// A table that is sorted by a click on a heading. A column has a key, a text, the value that it is
// sorted by and what it shows; `bar` draws its share of the largest, `number` sets it to the right.

const FIRST_ROWS = 1000;

function sortable({ columns, caption, label, sort, isDown = false, firstCell, ofRow, tail, largest }) {
  const state = { sort, down: isDown, most: FIRST_ROWS, items: [] };
  const body = el("tbody");
  const foot = el("tfoot");
  const status = el("span", { role: "status" });
  const heads = columns.map((column) => el("th", { scope: "col", class: column.bar || column.number ? "number" : null },
    el("button", { type: "button", on: { click: () => sortBy(column) } }, column.text)));

  function sortBy(column) {
    state.down = state.sort === column.key ? !state.down : Boolean(column.bar || column.number);
    state.sort = column.key;
    fill();
  }

  function fill() {
    const column = columns.find((one) => one.key === state.sort);
    const found = [...state.items].sort((a, b) => compared(column.value(a), column.value(b)) * (state.down ? -1 : 1));
    heads.forEach((head, place) => head.setAttribute("aria-sort",
      columns[place] !== column ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...found.slice(0, state.most).map(row));
    foot.replaceChildren(tail ? tail(found) : "");
    const hidden = found.length - state.most;
    status.replaceChildren(plural(found.length, "row"), hidden > 0
      ? el("button", { type: "button", on: { click: () => { state.most = Infinity; fill(); } } }, `show ${exact(hidden)} more`) : "");
  }

  function row(item) {
    const cells = columns.map((column, place) => {
      if (!place) return el("th", { scope: "row" }, firstCell(item));
      const share = column.bar && largest[column.key] ? Number(column.value(item) || 0) / largest[column.key] : 0;
      return el("td", { class: column.bar || column.number ? "number" : null }, column.show(item),
        share > 0 ? el("span", { class: "bar", "aria-hidden": "true", style: { width: `${(100 * share).toFixed(1)}%` } }) : null);
    });
    return el("tr", ofRow(item), cells);
  }

  const root = el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": label },
    el("table", null, el("caption", { class: "unseen" }, caption), el("thead", null, el("tr", null, heads)), body, foot));
  const show = (items) => {
    state.items = items;
    fill();
  };
  return { root, status, body, show };
}

// The largest value of each column with bars.
function largestOf(columns, items) {
  return Object.fromEntries(columns.filter((column) => column.bar).map((column) =>
    [column.key, items.reduce((most, item) => Math.max(most, Number(column.value(item) || 0)), 0)]));
}

// Unknown numbers come before all others; strings of digits are numbers.
function compared(a, b) {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (isWhole(a) && isWhole(b)) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

const isWhole = (value) => (typeof value === "number" ? Number.isInteger(value) : /^-?\d+$/.test(value));
