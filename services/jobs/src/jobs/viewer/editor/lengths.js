/** Lengths as people type them. */

import { METRES_PER_FOOT } from "../words.js";

const METRES = { m: 1, cm: 0.01, mm: 0.001 };
/** A number without a unit from here on is in millimetres, as plans print them: no line on a plan is a kilometre long. */
const MILLIMETRES_FROM = 1000;
const INCHES_PER_FOOT = 12;
/** What the service takes for the length of a line. */
const SHORTEST_M = 0.01;
const LONGEST_M = 10_000;

const METRIC = /^(\d+(?:[.,]\d+)?|[.,]\d+) ?(m|cm|mm|)$/;
const FEET = /^(?:(\d+(?:\.\d+)?) ?(?:'|ft|feet|foot))?[ -]*/;
const INCHES = /(?:(\d+(?:\.\d+)?)?[ -]*(?:(\d+) ?\/ ?(\d+))? ?(?:"|in|inch|inches)?)?$/;
const FEET_AND_INCHES = new RegExp(FEET.source + INCHES.source);

/** Metres in a text such as `5.2`, `5,2 m`, `5200`, `520 cm`, `17'-8"`, `17' 8 1/2"` or `11 ft 4`; null where it says none. */
export function parseLength(text) {
  const oneLine = text.trim().toLowerCase().replace(/\s+/g, " ");
  const plain = oneLine.replace(/[’′`]/g, "'").replace(/[”″“]|''/g, '"');
  const metres = metric(plain) ?? feet(plain);
  return metres !== null && metres >= SHORTEST_M && metres <= LONGEST_M ? metres : null;
}

function metric(text) {
  const found = METRIC.exec(text);
  if (!found) return null;
  const number = Number(found[1].replace(",", "."));
  return number * METRES[found[2] || (number < MILLIMETRES_FROM ? "m" : "mm")];
}

function feet(text) {
  const found = FEET_AND_INCHES.exec(text);
  if (!found || !/['"a-z]/.test(text)) return null;
  const [whole, inches, part, of] = found.slice(1).map((number) => Number(number ?? 0));
  return (whole + (inches + (of ? part / of : 0)) / INCHES_PER_FOOT) * METRES_PER_FOOT;
}
