/* What the page says: states, scales, confidences and errors in a person's words. Pure functions. */

const STATUS = {
  pending: "In the queue",
  processing: "At work",
  queued: "In the queue",
  completed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

const DEGRADED = {
  textract_unavailable: "The text on the plan could not be read, so names are missing.",
  deadline_reached: "There was not enough time, so rooms may be missing.",
  analysis_not_stored: "The recognised text could not be stored.",
  preview_not_stored: "The result could not be stored.",
  state_not_saved: "The state of the plan could not be saved.",
};

const SOURCE = {
  given: "given by you",
  dimensions: "from sizes printed in rooms",
  areas: "from areas printed in rooms",
  note: "from the scale note on the sheet",
};

const DISAGREES = {
  dimensions: "the sizes printed in rooms say",
  areas: "the areas printed in rooms say",
  note: "the scale note on the sheet says",
};

const ERROR = {
  NETWORK: "The service cannot be reached. Check the connection, then try again.",
  UNAUTHORIZED: "This key is not known, or has expired. Enter another one.",
  FORBIDDEN: "This key may not do that. Use a key with the right to it.",
  JOB_NOT_FOUND: "There is no such plan. It may have been erased, have expired, or belong to somebody else.",
  PREVIEW_NOT_FOUND: "The rooms of this page have not been looked for yet.",
  RATE_LIMIT_EXCEEDED: "Too many requests. Wait a moment, then try again.",
  SERVICE_UNAVAILABLE: "The service is busy or away just now. Try again in a moment.",
  FILE_TOO_LARGE: "The file is larger than 50 MB. Save it smaller, or send its pages one by one.",
  FILE_EMPTY: "The file is empty. Save the plan again, then send it.",
  FILE_CHANGED: "The file has changed or is gone. Choose it again.",
  UPLOAD_REFUSED: "The storage refused the file. Send it again.",
};

const TURNING = /[\u202a-\u202e\u2066-\u2069]/g; // characters that show `gnp.exe` as `exe.png`
const SEEN = /[^\p{C}\p{Z}]/u;
export const METRES_PER_FOOT = 0.3048;
const DECIMALS = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

export const statusWord = (status) => STATUS[status] ?? status;
export const degradedWords = (codes) => codes.map((code) => DEGRADED[code] ?? code).join(" ");
export const errorWords = (error) => ERROR[error.code] ?? error.message ?? "Something went wrong. Try again.";

export function typeWord(type) {
  return type ? type.replaceAll("_", " ") : "";
}

export const squareFeet = (squareMetres) => squareMetres / METRES_PER_FOOT ** 2;

export function areaWords(squareMetres) {
  return squareMetres === null || squareMetres === undefined ? "" : `${decimal(squareMetres, 1)} m²`;
}

/** Feet and whole inches, such as 17'-8". */
export function feetWords(metres) {
  const inches = Math.round((metres / METRES_PER_FOOT) * 12);
  return `${Math.floor(inches / 12)}'-${inches % 12}"`;
}

export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** With at most two digits behind the point. */
export const decimal = (number, digits) => DECIMALS[digits].format(number);

/** What a room is called: its name, else its number, else its type, else null. */
export function roomTitle(room) {
  const name = SEEN.test(room.name_hint ?? "") ? room.name_hint : null;
  return name ?? room.room_number ?? (room.room_type ? typeWord(room.room_type) : null);
}

export function scaleWords(scale) {
  if (!scale) return "No scale is known, so there are no areas. Press Correct, then Set scale, and draw a known length.";
  const said = scale.text ? ` (${scale.text})` : "";
  const others = scale.conflicts.map((source) => DISAGREES[source] ?? "another source says").join(", and ");
  const doubt = others ? ` But ${others} something else.` : "";
  return `Scale ${SOURCE[scale.source] ?? scale.source}${said}, ${percent(scale.confidence)} sure.${doubt}`;
}

/** How many regions were left out for each reason, the most frequent first. */
export function reasonWords(withheld) {
  const counts = new Map();
  for (const { message } of withheld) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([message, count]) => `${count} × ${message}`);
}

export function dayWords(iso) {
  return new Date(iso).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
}

export function momentWords(iso) {
  return new Date(iso).toLocaleString(undefined, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
}

export function sizeWords(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${decimal(bytes / 1e6, 1)} MB`;
}

/** A plan's name without the folder that it was sent from. */
export const fileName = (job) => pathOf(job).at(-1) || `Plan without a name (${job.blueprint_format})`;

export const folderName = (job) => pathOf(job).slice(0, -1).join("/");

const pathOf = (job) => (job.blueprint_filename ?? "").replace(TURNING, "").split("/");
