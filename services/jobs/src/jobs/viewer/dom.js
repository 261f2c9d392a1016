/* Small tools for the page. Text always enters as text, never as HTML.
 *
 *   el(tag, properties, ...children)  an element; children are elements or strings, null is left out
 *   announce(text)                    say it to everybody: a line at the foot of the page, read by screen readers
 *   hush()                            take back what was announced
 *   speak(text)                       say to screen readers alone what others see anyway
 *   whenPressed(action)               the listener of a button: once at a time, with what goes wrong said in words
 *   ask({title, text, yes, no})       a confirming dialog; resolves to whether the person agreed
 */

import { errorWords } from "./words.js";

const SHOWN_MS = 6000;

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

let hiding;

export function announce(text) {
  if (!text) return;
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove("shown"), SHOWN_MS);
}

/** What was announced has no longer a cause. */
export function hush() {
  document.getElementById("toast").classList.remove("shown");
}

export function speak(text) {
  document.getElementById("spoken").textContent = text;
}

export function whenPressed(action) {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    await action().catch((error) => error.name === "AbortError" || announce(errorWords(error)));
    running = false;
  };
}

export function ask({ title, text, yes, no = "Keep it" }) {
  const dialog = document.getElementById("question");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text;
  dialog.querySelector(".danger").textContent = yes;
  dialog.querySelector("[value=no]").textContent = no;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
