/** A drawing for each status and state; the word always stands beside it. */

import { icon } from "../dom.js";

const OUTLINES = {
  completed: "M9.2 16.6 4.9 12.3l1.5-1.5 2.8 2.8 8.4-8.4 1.5 1.5z",
  exempted: "M5 11h14v2.2H5z",
  in_progress: "M12 4a8 8 0 1 0 8 8h-2.2A5.8 5.8 0 1 1 12 6.2z",
  waiting_on_you: "M10.8 4h2.4v10h-2.4zM10.8 17h2.4v2.6h-2.4z",
  not_started: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 2.2a5.8 5.8 0 1 1 0 11.6 5.8 5.8 0 0 1 0-11.6z",
};
const LIKE = {
  done: "completed",
  now: "in_progress",
  next: "not_started",
  stopped: "waiting_on_you",
  closed: "completed",
  received: "completed",
};

/** @param {string} status */
export function statusIcon(status) {
  const outline = OUTLINES[LIKE[status] ?? status] ?? OUTLINES.not_started;
  const drawn = icon(outline);
  drawn.classList.add(`icon--${LIKE[status] ?? status}`);
  return drawn;
}
