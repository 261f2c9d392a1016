/* The plans among what was chosen or dropped, folders searched to their ends.
 *
 *   chosenPlans(files)          → {plans, unread}   of an input of files, or of a folder
 *   droppedPlans(dataTransfer)  → Promise of the same
 *
 * plans: [{file, folder}] in the order of a person's file browser; folder: where it lies in what was given, or "".
 * Left out are files of other kinds and what is hidden, such as the `._plan.pdf` that macOS writes beside a plan.
 * unread: how many files and folders could not be read; others: the names of files of other kinds that are not hidden.
 */

const NAMES = /\.(png|jpe?g|pdf)$/i;
const HIDDEN = /(^|\/)(\.|__MACOSX\/)/;
const BY_NAME = new Intl.Collator(undefined, { numeric: true });

export function chosenPlans(files) {
  return plansAmong([...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
}

export async function droppedPlans(dataTransfer) {
  const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return chosenPlans(dataTransfer.files);
  return plansAmong((await Promise.all(entries.map(filesBelow))).flat());
}

function plansAmong(found) {
  const seen = found.filter(({ file, path }) => file && !HIDDEN.test(path));
  const plans = seen
    .filter(({ path }) => NAMES.test(path))
    .sort((one, other) => BY_NAME.compare(one.path, other.path))
    .map(({ file, path }) => ({ file, folder: path.slice(0, -file.name.length).replace(/\/$/, "") }));
  const others = seen.filter(({ path }) => !NAMES.test(path)).map(({ file }) => file.name);
  return { plans, others, unread: found.filter(({ file }) => file === null).length };
}

/** Every file below an entry of a drop; `file` is null where it cannot be read. */
async function filesBelow(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (HIDDEN.test(path)) return [];
  try {
    if (entry.isFile) return [{ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path }];
    return (await Promise.all((await childrenOf(entry)).map(filesBelow))).flat();
  } catch {
    return [{ file: null, path }];
  }
}

/** A browser tells some hundred at a time, and at the end none. */
async function childrenOf(folder) {
  const reader = folder.createReader();
  const children = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}
