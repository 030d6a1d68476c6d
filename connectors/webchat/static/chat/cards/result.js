/** What the check found: the photo with its marks, and each thing in plain words. */

import { el } from "../dom.js";
import { legend, marks } from "./marks.js";
import { toShow } from "./pixels.js";

/** @typedef {import("../view.js").Room} Room */
/** @typedef {import("./photo.js").Chosen} Chosen */

/** @param {Chosen} chosen @param {string} id @param {Room} room @returns {HTMLElement} */
export function result(chosen, id, room) {
  const { found, smaller } = chosen;
  const report = found?.report ?? {};
  const drawn = report.width ? { ...report, face: found.photo ? null : report.face } : null;
  return el(
    "div",
    { class: "photo" },
    picture(chosen, drawn, id, room),
    el(
      "div",
      { class: "photo__words" },
      found ? el("h3", { tabindex: "-1" }, room.say(`cards.photo.${found.photo ? "good" : "wrong"}`)) : null,
      list(report.problems, "photo__problems", chosen.language),
      report.warnings?.length ? el("h4", {}, room.say("cards.photo.look")) : null,
      list(report.warnings, "photo__warnings", chosen.language),
      smaller ? el("p", { class: "card__hint" }, room.say("cards.photo.smaller")) : null,
    ),
  );
}

/** The photo, with the marks over it.
 * @param {Chosen} chosen @param {any} drawn what to mark @param {string} id @param {Room} room
 */
function picture(chosen, drawn, id, room) {
  const shown = chosen.found?.photo ? checked(chosen, room) : local(chosen, room);
  if (!shown) return null;
  return el(
    "div",
    {},
    el("div", { class: "photo__picture" }, shown, drawn ? marks(drawn, id) : null),
    drawn ? legend(drawn, id, room.say) : null,
  );
}

/** The photo as it would be sent, from the server; ours until it is here.
 * @param {Chosen} chosen @param {Room} room
 */
function checked({ found, bitmap, crop }, room) {
  const src = room.api.url(`/photo/${encodeURIComponent(found.photo)}`);
  const { width, height } = found.report;
  const alt = room.say("cards.photo.picture_final");
  const image = el("img", { src, alt, width: width || null, height: height || null });
  image.addEventListener("error", () => {
    const ours = local({ bitmap, crop }, room);
    if (ours) image.replaceWith(ours);
  });
  return image;
}

/** @param {Pick<Chosen, "bitmap" | "crop">} chosen @param {Room} room */
function local({ bitmap, crop }, room) {
  if (!bitmap) return null;
  const canvas = toShow(bitmap, crop);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", room.say("cards.photo.picture"));
  return canvas;
}

/** @param {any[] | undefined} items @param {string} look @param {string} [language] */
function list(items, look, language) {
  if (!items?.length) return null;
  return el(
    "ul",
    { class: look, lang: language },
    ...items.map((item) =>
      el("li", {}, item.label ? el("strong", {}, item.label) : null, el("span", {}, item.text ?? "")),
    ),
  );
}
