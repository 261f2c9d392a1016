/** Which of the files that were chosen or dropped are plans. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenPlans, droppedPlans } from "../../../services/jobs/src/jobs/viewer/plan_files.js";

const A_BROWSERS_BATCH = 100;

const fileAt = (path) => ({ name: path.split("/").at(-1), webkitRelativePath: path });
const namesOf = ({ plans }) => plans.map(({ file }) => file.name);

test("of a chosen folder the plans are taken, in the order of their numbers, and where they lay", () => {
  const chosen = chosenPlans(["set/notes.txt", "set/level 10/plan.PDF", "set/level 9/plan.jpg"].map(fileAt));
  assert.deepEqual(
    chosen.plans.map(({ file, folder }) => [folder, file.name]),
    [["set/level 9", "plan.jpg"], ["set/level 10", "plan.PDF"]],
  );
});

test("what is hidden is left out", () => {
  const hidden = ["set/._plan.pdf", "set/.git/plan.pdf", "set/__MACOSX/plan.pdf", "set/.DS_Store"];
  assert.deepEqual(namesOf(chosenPlans([...hidden, "set/plan.pdf"].map(fileAt))), ["plan.pdf"]);
});

test("files of other kinds are named, for a person may have taken them for plans", () => {
  const { others } = chosenPlans(["set/photo.heic", "set/.DS_Store", "set/plan.pdf"].map(fileAt));
  assert.deepEqual(others, ["photo.heic"]);
});

test("a file that was chosen by itself has no folder", () => {
  const { plans } = chosenPlans([{ name: "plan.png", webkitRelativePath: "" }]);
  assert.deepEqual(plans.map(({ folder }) => folder), [""]);
});

const fileEntry = (path) => ({ isFile: true, fullPath: path, file: (resolve) => resolve({ name: path.split("/").at(-1) }) });
const lostEntry = (path) => ({ isFile: true, fullPath: path, file: (_, reject) => reject(new Error("gone")) });

function folderEntry(path, children) {
  return {
    isFile: false,
    fullPath: path,
    createReader() {
      const left = [...children];
      return { readEntries: (resolve) => resolve(left.splice(0, A_BROWSERS_BATCH)) };
    },
  };
}

const dropped = (...entries) => droppedPlans({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] });

test("a dropped folder is searched to its end, and those in it", async () => {
  const many = Array.from({ length: 250 }, (_, index) => fileEntry(`/set/plan ${index}.png`));
  const { plans } = await dropped(folderEntry("/set", [...many, folderEntry("/set/deep", [fileEntry("/set/deep/last.pdf")])]));
  assert.equal(plans.length, 251);
  assert.ok(plans.some(({ folder, file }) => folder === "set/deep" && file.name === "last.pdf"));
});

test("what cannot be read is counted, and the others are taken", async () => {
  const found = await dropped(folderEntry("/set", [lostEntry("/set/lost.pdf"), fileEntry("/set/plan.pdf")]));
  assert.deepEqual([namesOf(found), found.unread], [["plan.pdf"], 1]);
});

test("files that a browser gives without entries are taken as they are", async () => {
  const found = await droppedPlans({ items: [{}], files: [{ name: "plan.png" }, { name: "notes.txt" }] });
  assert.deepEqual(namesOf(found), ["plan.png"]);
});
