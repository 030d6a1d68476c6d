/** What somebody is told of, by which way, and the time zone for quiet hours. */

import { el, submit } from "../dom.js";
import { Tick } from "./inputs.js";
import { StepCard } from "./step.js";

const TOPICS = ["status", "waiting", "request", "photo", "confirmation", "card"];
const ZONES = {
  st_johns: "America/St_Johns",
  halifax: "America/Halifax",
  toronto: "America/Toronto",
  winnipeg: "America/Winnipeg",
  regina: "America/Regina",
  edmonton: "America/Edmonton",
  vancouver: "America/Vancouver",
};
// What the select has for "find out from my address": it takes an empty value for none chosen.
const OWN = "own";

export class NoticesCard extends StepCard {
  /** @param {import("../line.js").Line} line @param {import("../view.js").Room} room */
  constructor(line, room) {
    super("notices", line, room);
    const { wanted = [], channels = [], zone = "" } = line.card ?? {};
    this.channels = channels;
    this.hidden = wanted.filter((choice) => !channels.includes(choice.split(".")[1]));
    const before = this.draft.wanted ?? wanted;
    /** @type {Record<string, Tick>} by topic.channel */
    this.ticks = {};
    this.zone = this.#zone(this.draft.zone ?? zone);
    this.element.append(
      el(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        ...this.heading(),
        ...TOPICS.map((topic) => this.#topic(topic, before)),
        this.zone,
        this.refusal,
        el("div", { class: "card__actions" }, submit(this.say("submit")), this.status),
      ),
    );
  }

  keep() {
    this.draft.wanted = this.wanted;
    this.draft.zone = this.chosenZone;
  }

  /** What is ticked; choices over a way that does not reach the person now stay as they are. */
  get wanted() {
    const ticked = Object.keys(this.ticks).filter((choice) => this.ticks[choice].value === "yes");
    return [...ticked, ...this.hidden];
  }

  get chosenZone() {
    const { value } = this.zone;
    return !value || value === OWN ? "" : value;
  }

  /** @param {string} topic @param {string[]} before */
  #topic(topic, before) {
    const ticks = this.channels.map((channel) => {
      const choice = `${topic}.${channel}`;
      const label = this.say(`channel.${channel}`);
      this.ticks[choice] = new Tick(`${this.id}-${topic}-${channel}`, label, before.includes(choice));
      return this.ticks[choice].element;
    });
    return el("fieldset", { class: "who" }, el("legend", {}, this.say(`topic.${topic}`)), ...ticks);
  }

  /** @param {string} value */
  #zone(value) {
    const options = Object.entries(ZONES).map(([name, zone]) =>
      el("option", { value: zone }, this.say(`zones.${name}`)),
    );
    return /** @type {any} */ (
      el(
        "gcds-select",
        {
          id: `${this.id}-zone-field`,
          "select-id": `${this.id}-zone`,
          name: "zone",
          label: this.say("zone"),
          hint: this.say("zone_hint"),
          value: value || OWN,
          "validate-on": "other",
        },
        el("option", { value: OWN }, this.say("zone_own")),
        ...options,
      )
    );
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    this.keep();
    const answer = await this.postOnce("/notices", { wanted: this.wanted, zone: this.chosenZone });
    if (answer?.status === 202) this.finish();
  }
}
