/** A case as a picture: how it stands, the way so far, the parts, what is waited for. */

import { el } from "../dom.js";
import { outside } from "../line.js";
import { paragraphs } from "../text.js";
import { statusIcon } from "./icons.js";

// More steps than this stand below each other.
const MOST_ACROSS = 5;

/** @typedef {import("../view.js").Room} Room */

/** @param {import("../line.js").Line} line @param {Room} room @returns {HTMLElement} */
export function caseCard(line, room) {
  const data = line.card?.case ?? {};
  const id = `case-${line.number}`;
  return el(
    "section",
    {
      class: "card case",
      lang: line.lang,
      "data-text": "inside",
      "aria-labelledby": `${id}-title`,
      "aria-describedby": `${id}-text`,
    },
    heading(data, id, room),
    waiting(data.waiting ?? [], room),
    timeline(data.timeline ?? [], room),
    tiles(data.sections ?? [], room),
    data.next_step ? nextStep(data.next_step, room) : null,
    facts(data, room),
    asText(line, id, room),
  );
}

/** @param {any} data @param {string} id @param {Room} room */
function heading(data, id, room) {
  const { overall = {} } = data;
  const number = data.number ?? data.line_label;
  return el(
    "header",
    { class: "case__header" },
    el(
      "div",
      {},
      el("h2", { id: `${id}-title` }, data.title ?? ""),
      number ? el("p", { class: "case__number" }, number) : null,
    ),
    el(
      "p",
      { class: `case__overall case__overall--${overall.code}` },
      el("span", { class: "hidden" }, `${room.say("cards.case.overall")} `),
      statusIcon(overall.code),
      overall.label ?? "",
    ),
    overall.meaning ? el("p", { class: "case__meaning" }, overall.meaning) : null,
  );
}

/** @param {any[]} items @param {Room} room */
function waiting(items, room) {
  if (!items.length) return null;
  return el(
    "div",
    { class: "case__waiting" },
    el("h3", {}, statusIcon("waiting_on_you"), room.say("cards.case.waiting")),
    el(
      "ul",
      {},
      ...items.map((item) =>
        el(
          "li",
          { class: item.urgent ? "urgent" : "" },
          el("strong", {}, item.label),
          el("span", {}, item.due_label),
          item.urgent ? el("span", { class: "tag" }, room.say("cards.case.urgent")) : null,
        ),
      ),
    ),
  );
}

/** @param {any[]} steps @param {Room} room */
function timeline(steps, room) {
  if (!steps.length) return null;
  const way = steps.length > MOST_ACROSS ? "timeline" : "timeline timeline--across";
  return el(
    "div",
    { class: "case__part" },
    el("h3", {}, room.say("cards.case.timeline")),
    el(
      "ol",
      { class: way },
      ...steps.map((step) =>
        el(
          "li",
          { class: `step step--${step.state}`, "aria-current": step.state === "now" ? "step" : null },
          el("span", { class: "step__mark" }, statusIcon(step.state)),
          el("span", { class: "step__state" }, room.say(`cards.case.${step.state}`)),
          el("span", { class: "step__label" }, step.label),
          el("time", { datetime: step.on }, step.on_label ?? step.on),
        ),
      ),
    ),
  );
}

/** @param {any[]} sections @param {Room} room */
function tiles(sections, room) {
  if (!sections.length) return null;
  return el(
    "div",
    { class: "case__part" },
    el("h3", {}, room.say("cards.case.sections")),
    el("ul", { class: "tiles" }, ...sections.map((section) => tile(section, room))),
  );
}

/** @param {any} section @param {Room} room */
function tile(section, room) {
  return el(
    "li",
    { class: `tile tile--${section.status}` },
    el("h4", {}, section.label),
    el("p", { class: "tile__status" }, statusIcon(section.status), section.status_label),
    section.changed_on
      ? el("p", { class: "tile__since" }, room.say("cards.case.since", { date: section.changed_on }))
      : null,
    section.meaning ? el("p", { class: "tile__meaning" }, section.meaning) : null,
  );
}

/** @param {string} text @param {Room} room */
function nextStep(text, room) {
  return el(
    "div",
    { class: "case__next" },
    el("h3", {}, room.say("cards.case.next_step")),
    ...paragraphs(text),
  );
}

/** @param {any} data @param {Room} room */
function facts(data, room) {
  const published = data.published_label
    ? data.published_url?.startsWith("https://")
      ? el("p", {}, outside(data.published_label, data.published_url, room))
      : el("p", {}, data.published_label)
    : null;
  const rows = [data.updated_label, data.received_label].filter(Boolean);
  return el("div", { class: "case__facts" }, ...rows.map((row) => el("p", {}, row)), published);
}

/** The same in words, for whoever reads rather than looks.
 * @param {import("../line.js").Line} line @param {string} id @param {Room} room
 */
function asText(line, id, room) {
  return el(
    "details",
    { class: "case__text" },
    el("summary", {}, room.say("cards.case.as_text")),
    el("div", { id: `${id}-text` }, ...paragraphs(line.text)),
  );
}
