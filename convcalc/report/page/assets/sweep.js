// The rows of a sweep: columns with their ranges, filters, and the front.

function sweepModel(data) {
  const columns = data.names.map((name, index) => sweepColumn(name, index, data));
  const rejected = new Set(data.rejected);
  const items = data.rows.map((cells, number) => ({ number, cells, isRejected: rejected.has(number) }));
  const filters = new Map();
  const listeners = [];
  const self = {
    columns,
    items,
    filters,
    chosen: null,
    listen: (listener) => listeners.push(listener),
    tell: () => listeners.forEach((listener) => listener(self.shown())),
    column: (name) => columns.find((column) => column.name === name),
    varying: columns.filter((column) => column.name !== "findings" && column.places.length > 1),
    shown: () => items.filter((item) => [...filters].every(([name, range]) => {
      const place = self.column(name).place(item);
      return place !== null && range[0] <= place && place <= range[1];
    })),
    // A range of a column; null takes its filter away.
    filter: (name, range) => {
      if (range === null) filters.delete(name);
      else filters.set(name, [Math.min(...range), Math.max(...range)]);
    },
    choose: (item) => {
      self.chosen = self.chosen === item ? null : item;
      self.tell();
    },
  };
  return self;
}

// A column: numbers are placed by their value, texts by their rank in the order of numbers in them.
function sweepColumn(name, index, data) {
  const isNumber = data.numbers[index];
  const values = [...new Set(data.rows.map((cells) => cells[index]).filter((value) => value !== null))].sort(compared);
  const rank = new Map(values.map((value, place) => [value, place]));
  const place = (item) => {
    const value = item.cells[index];
    if (value === null) return null;
    return isNumber ? Number(value) : rank.get(value);
  };
  const places = isNumber ? values.map(Number) : values.map((value) => rank.get(value));
  const low = places.length ? places[0] : 0;
  const high = places.length ? places[places.length - 1] : 1;
  const isBytes = name.endsWith("_memory");
  const isLog = isNumber && low > 0 && high / low > 30;
  const written = (at) => {
    if (!isNumber) return String(values[Math.round(at)] ?? "");
    if (isBytes) return size(Math.round(at));
    return Number.isInteger(at) && Math.abs(at) < 10000 ? String(at) : at < 1000 ? String(Number(at.toPrecision(3))) : count(at);
  };
  const show = (item) => {
    const value = item.cells[index];
    if (value === null) return "";
    return isNumber && isWhole(value) ? (isBytes ? size(value) : exact(value)) : String(value);
  };
  // From 0 at the lowest to 1 at the highest.
  const along = (at) => {
    if (high === low) return 0.5;
    return isLog ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low);
  };
  const back = (part) => (isLog ? low * (high / low) ** part : low + part * (high - low));
  return { name, index, isNumber, isLog, isBytes, values, places, low, high, place, written, show, along, back };
}

// The rows that no other row beats in all objectives; equal rows are all on it, incomplete ones and
// those with errors never.
// An objective is a column and whether the largest is best.
function frontOf(items, objectives) {
  const costed = [];
  for (const item of items) {
    if (item.isRejected) continue;
    const places = objectives.map(([column]) => column.place(item));
    if (!places.includes(null)) costed.push({ item, costs: places.map((place, at) => (objectives[at][1] ? -place : place)) });
  }
  costed.sort((a, b) => {
    const at = a.costs.findIndex((cost, place) => cost !== b.costs[place]);
    return at < 0 ? 0 : a.costs[at] - b.costs[at];
  });
  const front = [];
  if (objectives.length === 2) { // sorted by the first, a row is on it that is better in the second
    let kept = null;
    for (const one of costed) {
      const [a, b] = one.costs;
      if (kept && !(b < kept[1] || (a === kept[0] && b === kept[1]))) continue;
      kept = one.costs;
      front.push(one);
    }
    return new Set(front.map((one) => one.item));
  }
  for (const one of costed) {
    const isWorse = front.some((other) => other.costs.every((cost, at) => cost <= one.costs[at])
      && other.costs.some((cost, at) => cost < one.costs[at]));
    if (!isWorse) front.push(one);
  }
  return new Set(front.map((one) => one.item));
}

// Round numbers along a column, at most about so many.
function ticks(column, most) {
  if (!column.isNumber) {
    const step = Math.ceil(column.values.length / most);
    return column.places.filter((place) => place % step === 0);
  }
  if (column.isBytes) return byteTicks(column, most);
  if (column.isLog) {
    const found = [];
    for (let power = Math.floor(Math.log10(column.low)); 10 ** power <= column.high; power += 1) {
      for (const digit of [1, 2, 5]) if (digit * 10 ** power >= column.low && digit * 10 ** power <= column.high) found.push(digit * 10 ** power);
    }
    const step = Math.ceil(found.length / most);
    return found.filter((_, at) => at % step === 0);
  }
  const rough = (column.high - column.low) / most;
  if (!rough) return [column.low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const found = [];
  for (let at = Math.ceil(column.low / step) * step; at <= column.high + step / 1e6; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

// The same for bytes: powers of two, or multiples of one.
function byteTicks(column, most) {
  const found = [];
  if (column.isLog) {
    for (let at = 2 ** Math.ceil(Math.log2(column.low)); at <= column.high; at *= 2) found.push(at);
    const step = Math.ceil(found.length / most);
    return found.filter((_, place) => place % step === 0);
  }
  const step = 2 ** Math.ceil(Math.log2((column.high - column.low) / most || 1));
  for (let at = Math.ceil(column.low / step) * step; at <= column.high; at += step) found.push(at);
  return found;
}

// What people write for a number: "2.5 M", "8GiB", "300"; null for anything else.
function amount(text) {
  const found = /^\s*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?:([KMGTPE])(i?B)?|B)?\s*$/i.exec(text);
  if (!found) return null;
  const power = found[2] ? "KMGTPE".indexOf(found[2].toUpperCase()) + 1 : 0;
  return Number(found[1]) * (found[3] && found[3].length === 2 ? 1024 : 1000) ** power;
}
