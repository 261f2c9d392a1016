/**
 * What a key does while correcting, as a function, or null. `tools` has `undo()`, `redo()`, `cancel()` (whether there
 * was anything to cancel) and `remove()` (null where no room is selected).
 */

export function actionOf(event, tools) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return { z: event.shiftKey ? tools.redo : tools.undo, y: tools.redo }[key] ?? null;
  if (key === "escape" && tools.cancel()) return () => {};
  const isOnHandle = event.target.closest(".handle, .drawing-surface");
  const isOnField = event.target.closest("input, select");
  const isOnRooms = event.target.closest(".rooms, .plan") && !isOnHandle && !isOnField;
  return key === "delete" && isOnRooms ? tools.remove : null;
}
