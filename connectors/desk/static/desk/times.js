/** How long something lasts, and how long is left, in few words. */

/** @typedef {import("../chat/texts.js").Say} Say */

/** @param {number} seconds @param {Say} say */
export function span(seconds, say) {
  if (seconds < 60) return say("desk.seconds", { count: Math.max(0, Math.floor(seconds)) });
  if (seconds < 5_400) return say("desk.minutes", { count: Math.floor(seconds / 60) });
  return say("desk.hours", { count: Math.floor(seconds / 3_600) });
}

/** @param {string} since @param {Say} say */
export function ago(since, say) {
  return span((Date.now() - Date.parse(since)) / 1_000, say);
}

/** @param {string | null} due @param {Say} say */
export function left(due, say) {
  if (!due) return say("desk.no_target");
  const seconds = (Date.parse(due) - Date.now()) / 1_000;
  return seconds < 0 ? say("desk.late", { time: span(-seconds, say) }) : span(seconds, say);
}

/** @param {string | null} due @returns {boolean} its time has come */
export function isLate(due) {
  return due !== null && Date.parse(due) < Date.now();
}

/** @param {string} at @param {string} language */
export function clock(at, language) {
  return new Date(at).toLocaleTimeString(`${language}-CA`, { timeStyle: "short" });
}
