/** A landing as a picture: the steps of the way, where the person stands, their family. */

import { el } from "../dom.js";
import { paragraphs } from "../text.js";
import { statusIcon } from "./icons.js";

/** @typedef {import("../view.js").Room} Room */

/** @param {import("../line.js").Line} line @param {Room} room @returns {HTMLElement} */
export function landingCard(line, room) {
  const data = line.card?.landing ?? {};
  const id = `landing-${line.number}`;
  return el(
    // Not a section: it comes again with each step, and landmarks of one name are of no use.
    "article",
    {
      class: "card case landing",
      lang: line.lang,
      "data-text": "inside",
      "aria-labelledby": `${id}-title`,
      "aria-describedby": `${id}-now`,
    },
    el(
      "header",
      { class: "case__header" },
      el("h2", { id: `${id}-title` }, data.title ?? ""),
      el("p", { id: `${id}-now`, class: "case__meaning" }, data.now ?? ""),
      ...(data.notes ?? []).map((note) => el("p", { class: "landing__note" }, note)),
    ),
    steps(data.steps ?? [], room),
    family(data.family ?? [], room),
    el(
      "details",
      { class: "case__text" },
      el("summary", {}, room.say("cards.case.as_text")),
      el("div", {}, ...paragraphs(line.text)),
    ),
  );
}

/** @param {any[]} items @param {Room} room */
function steps(items, room) {
  if (!items.length) return null;
  return el(
    "div",
    { class: "case__part" },
    el("h3", {}, room.say("cards.landing.steps")),
    el("ol", { class: "timeline timeline--landing" }, ...items.map(step)),
  );
}

/** @param {any} item */
function step(item) {
  const here = item.state === "now" || item.state === "stopped";
  return el(
    "li",
    { class: `step step--${item.state}`, "aria-current": here ? "step" : null },
    el("span", { class: "step__mark" }, statusIcon(item.state)),
    el("span", { class: "step__label" }, item.label),
    el("span", { class: "step__state" }, item.state_label),
  );
}

/** @param {any[]} members @param {Room} room */
function family(members, room) {
  if (!members.length) return null;
  return el(
    "div",
    { class: "case__part" },
    el("h3", {}, room.say("cards.landing.family")),
    el(
      "ul",
      { class: "family" },
      ...members.map(({ name, step }) => el("li", {}, el("strong", {}, name), el("span", {}, step))),
    ),
  );
}
