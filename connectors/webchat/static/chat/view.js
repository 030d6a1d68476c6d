/** What the chat looks like in one language. It is made anew to change language. */

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Notices } from "./notices.js";
import { PersonBar } from "./person.js";
import { Sessions } from "./sessions.js";
import { Toolbar } from "./toolbar.js";

/** @typedef {import("./line.js").Line} Line */

/**
 * What the parts of the chat may use.
 * @typedef {object} Room
 * @property {string} language
 * @property {import("./texts.js").Say} say
 * @property {import("./api.js").Api} api
 * @property {import("./forms.js").Forms} forms
 * @property {(text: string, choice?: string) => void} send
 * @property {(message: import("./outbox.js").Outgoing) => void} again
 * @property {(path: string, body: object) => Promise<import("./api.js").Answer | null>} post
 * @property {(path: string, query: Record<string, unknown>, file: Blob) => Promise<import("./api.js").Answer | null>} upload
 * @property {(path: string) => Promise<import("./api.js").Answer | null>} get
 * @property {(key: string) => void} announce
 * @property {() => void} toComposer
 * @property {() => void} end
 * @property {() => void} stay
 */

export class View {
  /** @param {Room} room @param {string} draft what is typed already */
  constructor(room, draft) {
    this.room = room;
    this.sessions = new Sessions(room);
    this.toolbar = new Toolbar(room, () => this.sessions.open());
    this.log = new Log(room);
    this.notices = new Notices(room);
    this.person = new PersonBar(room);
    this.composer = new Composer(room, draft);
    this.announcer = new Announcer();
    const { toolbar, log, person, notices, composer, announcer, sessions } = this;
    const parts = [toolbar, log, person, notices, composer, announcer, sessions];
    this.parts = parts.map((part) => part.element);
  }

  /** @param {Line} line */
  add(line) {
    this.log.add(line);
    if (line.author === "user" && line.text === this.room.say("cards.identify.cancel_message")) {
      this.room.forms.live.identify?.close?.();
    }
  }

  /** @param {import("./stream.js").Flags} flags @param {boolean} connected */
  show(flags, connected) {
    this.log.showTyping(flags.waiting && connected);
    this.toolbar.show(flags.verified, flags.person);
    this.person.show(flags.person);
    this.composer.tells = flags.person?.state === "active";
    this.notices.show(flags.delayed, connected);
    if (flags.verified) this.room.forms.finish();
  }

  /** Tell of a line that has just come. @param {Line} line */
  announce(line) {
    this.announcer.say(line.text, line.lang ?? this.room.language);
    const form = this.room.forms.live[line.card?.kind ?? ""];
    if (form) this.#lead(form);
  }

  /** A new form takes the focus, unless the person is busy elsewhere or in the middle of writing.
   * @param {import("./forms.js").Form} form
   */
  #lead(form) {
    const { activeElement, body } = document;
    const here = activeElement === body || this.parts.some((part) => part.contains(activeElement));
    if (here && !this.composer.draft) form.reveal?.();
    else this.room.announce("page.chat.form_below");
  }
}
