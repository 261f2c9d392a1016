import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLength } from "../../../services/jobs/src/jobs/viewer/editor/lengths.js";

const METRES = {
  "5.2": 5.2,
  "5,2 m": 5.2,
  "520 cm": 5.2,
  "5200mm": 5.2,
  "5400": 5.4,
  "999": 999,
  "17'-8\"": 5.3848,
  "17’ 8 1/2”": 5.3975,
  "11 ft 4": 3.4544,
  "11 feet 4 inches": 3.4544,
  "17'": 5.1816,
  '8"': 0.2032,
};
for (const [text, metres] of Object.entries(METRES)) {
  test(`${text} is ${metres} m`, () => assert.ok(Math.abs(parseLength(text) - metres) < 1e-9, `${parseLength(text)}`));
}

for (const text of ["", "long", "-3", "0", "1/2", "17 8", "20000 m", "5 m 3", "1/0\""]) {
  test(`"${text}" is no length`, () => assert.equal(parseLength(text), null));
}
