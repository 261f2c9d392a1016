/**
 * Dragging by mouse, pen or finger, without moving the plan.
 *
 *   draggable(element, {start(event), move(event), end(event, moved), cancel(), hold(event)})
 *     → {cancel(), isDragged()}
 *
 * `end` hears whether the pointer went farther than a click does; `hold` is a finger that rests on the element.
 * `cancel()` ends a drag as Escape does, and says whether there was one.
 */

const CLICK_PX = 4;
const HOLD_MS = 600;

export function draggable(element, { start, move, end, cancel, hold }) {
  let drag = null;

  function begin(event) {
    if (event.button !== 0 || drag) return;
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    drag = { id: event.pointerId, from: [event.clientX, event.clientY], moved: false, timer: null };
    if (hold && event.pointerType === "touch") drag.timer = setTimeout(() => breakOff() && hold(event), HOLD_MS);
    start?.(event);
  }

  function follow(event) {
    if (event.pointerId !== drag?.id) return;
    const [x, y] = drag.from;
    drag.moved ||= Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PX;
    if (!drag.moved) return;
    clearTimeout(drag.timer);
    move(event);
  }

  function finish(event) {
    if (event.pointerId !== drag?.id) return;
    const { moved } = drag;
    stop();
    end(event, moved);
  }

  /** Whether there was a drag. */
  function stop() {
    if (!drag) return false;
    const { id, timer } = drag;
    drag = null;
    clearTimeout(timer);
    if (element.hasPointerCapture(id)) element.releasePointerCapture(id);
    return true;
  }

  function breakOff() {
    const wasDragged = stop();
    if (wasDragged) ignoreClick();
    return wasDragged;
  }

  function cancelled() {
    const wasDragged = breakOff();
    if (wasDragged) cancel?.();
    return wasDragged;
  }

  element.addEventListener("pointerdown", begin);
  element.addEventListener("pointermove", follow);
  element.addEventListener("pointerup", finish);
  element.addEventListener("pointercancel", cancelled);
  for (const type of ["mousedown", "touchstart", "click", "dblclick"]) {
    element.addEventListener(type, (event) => event.stopPropagation());
  }
  return { cancel: cancelled, isDragged: () => drag !== null };
}

/** The pointer that is still down would click on what lies under it when it is lifted. */
function ignoreClick() {
  const ignore = (event) => event.stopPropagation();
  window.addEventListener("click", ignore, { capture: true });
  const listenAgain = () => setTimeout(() => window.removeEventListener("click", ignore, { capture: true }));
  window.addEventListener("pointerup", listenAgain, { capture: true, once: true });
}

const CURSORS = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"];

/** The cursor that says that a line in this direction is moved parallel to itself. */
export function cursorAcross([x, y]) {
  const eighths = Math.round((Math.atan2(y, x) / Math.PI) * 4);
  return CURSORS[(eighths + 6) % 4];
}
