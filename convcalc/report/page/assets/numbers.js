// Numbers for people. Integers that a double would round come as strings of digits, and stay exact.

const COUNT_UNITS = ["", "K", "M", "G", "T", "P", "E"];
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

// All digits, in groups of three: 25557032 -> "25,557,032".
function exact(value) {
  if (value === null || value === undefined) return "?";
  return BigInt(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function scaled(value, base, units) {
  if (value === null || value === undefined) return "?";
  let number = Number(value);
  let unit = 0;
  while (number >= 999.5 && unit < units.length - 1) {
    number /= base;
    unit += 1;
  }
  if (!unit) return `${number} ${units[0]}`.trimEnd();
  return `${number.toFixed(number < 9.995 ? 2 : number < 99.95 ? 1 : 0)} ${units[unit]}`;
}

// Three significant digits with a decimal unit: 25557032 -> "25.6 M".
const count = (value) => scaled(value, 1000, COUNT_UNITS);

// Bytes with a binary unit: 102228128 -> "97.5 MiB".
const size = (value) => scaled(value, 1024, BYTE_UNITS);

// Nanoseconds in milliseconds: 1234567 -> "1.23 ms".
function milliseconds(value) {
  if (value === null || value === undefined) return "?";
  const number = Number(value) / 1e6;
  if (number >= 99.95) return `${exact(Math.round(number))} ms`;
  return `${number.toFixed(number < 9.995 ? 2 : 1)} ms`;
}

// A share as "75 %", with one decimal below 10.
function percent(part, whole) {
  if (!Number(whole) || !Number(part)) return "0 %";
  const share = (100 * Number(part)) / Number(whole);
  if (share < 0.05) return "under 0.1 %";
  return share >= 9.95 ? `${share.toFixed(0)} %` : `${share.toFixed(1)} %`;
}

// An exact sum; null where a part is unknown.
function total(values) {
  let sum = 0n;
  for (const value of values) {
    if (value === null || value === undefined) return null;
    sum += BigInt(value);
  }
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum.toString();
}

// One thing or several: plural(1, "layer") -> "1 layer".
const plural = (number, word, words = `${word}s`) => `${exact(number)} ${Number(number) === 1 ? word : words}`;
