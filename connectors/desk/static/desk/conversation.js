/** <desk-conversation>: one conversation, live by the same cursor as the applicant's page. */

import { Announcer } from "../chat/announcer.js";
import { el } from "../chat/dom.js";
import { Outbox } from "../chat/outbox.js";
import { Stream } from "../chat/stream.js";
import { Answer } from "./answer.js";
import { action, second } from "./controls.js";
import { askOutcome, askTransfer } from "./dialogs.js";
import { Facts, Notes } from "./facts.js";
import { FilePanel } from "./file_panel.js";
import { Ready } from "./ready.js";
import { askMove, askWord } from "./supervise.js";
import { Transcript } from "./transcript.js";

export class Conversation {
  /** @param {HTMLElement} place @param {import("./main.js").Room} room */
  constructor(place, room) {
    this.place = place;
    this.room = room;
    this.api = room.api.of(place.dataset.id ?? "");
    this.outcomes = (place.dataset.outcomes ?? "").split(" ");
    /** @type {any} */
    this.view = null;
    this.version = 0;
    this.proven = false;
    this.history = Infinity;
    /** The last note that is a supervisor's word, of those that this page has shown. */
    this.word = 0;
    this.cursor = 0;
    this.outbox = new Outbox(this.api, {
      changed: () => this.transcript.showOutgoing(this.outbox.messages),
      over: () => this.room.presence.end(),
    });
    this.transcript = new Transcript(room, (message) => this.outbox.again(message));
    this.answer = new Answer(room, (text) => this.outbox.send(text), () => this.#post("/typing", {}));
    this.facts = new Facts(room);
    this.notes = new Notes(room, (text) => this.#act("/note", { text }));
    this.file = new FilePanel(room, this.api, (place.dataset.why ?? "").split(" "));
    this.ready = new Ready(room, this.api, (text) => this.answer.insert(text));
    this.bar = el("div", { class: "talk__bar" });
    this.state = el("p", { class: "talk__state", role: "status" });
    this.lost = el("p", { class: "lost", role: "status" });
    this.announcer = new Announcer();
  }

  async start() {
    this.#frame();
    this.#keys();
    if (!(await this.#refresh())) return;
    this.ready.start();
    this.stream = new Stream(this.api, {
      line: (line) => this.#line(line),
      flags: (flags) => this.#flags(flags),
      connection: (up) => this.#connection(up),
      over: () => this.room.presence.end(),
    });
    window.addEventListener("online", () => this.stream?.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#seen());
    this.stream.run();
  }

  #frame() {
    this.place.replaceChildren(
      el(
        "section",
        { class: "talk__main", "aria-label": this.room.say("desk.talk.transcript") },
        this.state,
        this.bar,
        this.lost,
        this.transcript.element,
        this.answer.element,
        this.announcer.element,
      ),
      el(
        "aside",
        { class: "talk__side", "aria-label": this.room.say("desk.talk.facts") },
        this.facts.element,
        this.file.element,
        this.notes.element,
        this.ready.element,
        this.ready.suggested,
      ),
    );
  }

  #keys() {
    const { say, commands } = this.room;
    const mine = () => Boolean(this.view?.mine);
    /** @type {[string, string, () => void, () => boolean][]} */
    const keys = [
      ["take", "t", () => this.#act("/claim", {}), () => Boolean(this.view?.can_take)],
      ["reply", "r", () => this.answer.focus(), mine],
      ["note", "n", () => this.notes.focus(), () => true],
      ["canned", "c", () => this.ready.focus(), mine],
      ["identity", "i", () => this.#identity(), () => mine() && this.#mayAsk()],
      ["transfer", "p", () => this.#transfer(), mine],
      ["return", "b", () => this.#act("/return", {}), mine],
      ["close", "e", () => this.#close(), mine],
    ];
    commands.add(
      ...keys.map(([id, key, run, ready]) => ({ id, key, run, ready, label: say(`desk.keys.${id}`) })),
    );
  }

  /** Everything beside the lines, anew. @returns {Promise<boolean>} */
  async #refresh() {
    const answer = await this.api.get("").catch(() => null);
    if (answer?.status === 200) return this.#show(answer.body);
    if (answer?.status === 401) this.room.presence.end();
    else this.lost.textContent = answer?.body?.error ?? this.room.say("desk.lost");
    return false;
  }

  /** @param {any} view */
  #show(view) {
    const before = this.view;
    this.view = view;
    this.version = Math.max(this.version, view.version);
    this.proven = view.proven;
    this.facts.show(view);
    this.notes.show(view.notes);
    this.#wordCame(view.notes);
    this.file.show(view);
    this.transcript.showDelivery(view.delivery);
    this.answer.speak(view.talking);
    this.ready.speak(view.talking);
    this.answer.element.hidden = !view.mine;
    this.#drawBar();
    const state = this.#stateText();
    if (this.state.textContent !== state) this.state.textContent = state;
    if (view.mine && !before?.mine) this.answer.focus();
    return true;
  }

  #stateText() {
    const { say } = this.room;
    const { mine, owner, state, state_label } = this.view;
    if (mine) return this.notes.unread.size ? say("desk.board.word_came") : "";
    if (state === "active") return say("desk.talk.watching", { name: owner ?? "–" });
    return ["requested", "queued"].includes(state)
      ? say("desk.talk.free")
      : `${say("desk.talk.over")} (${state_label})`;
  }

  #drawBar() {
    const { say } = this.room;
    const { mine, can_take } = this.view;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.act;
    const acts = mine
      ? [
          this.#mayAsk() ? second(say("desk.talk.identity"), () => this.#identity(), { "data-act": "identity" }) : null,
          second(say("desk.talk.transfer"), () => this.#transfer(), { "data-act": "transfer" }),
          second(say("desk.talk.return"), () => this.#act("/return", {}), { "data-act": "return" }),
          second(say("desk.talk.close"), () => this.#close(), { "data-act": "close" }),
        ]
      : [
          can_take ? action(say("desk.take"), () => this.#act("/claim", {}), { "data-act": "take" }) : null,
          ...(this.view.supervised ? this.#supervisor() : []),
        ];
    this.bar.replaceChildren(...acts.filter((one) => one !== null));
    if (focused) /** @type {HTMLElement | null} */ (this.bar.querySelector(`[data-act="${focused}"]`))?.focus();
  }

  #supervisor() {
    const { say } = this.room;
    return [
      second(say("desk.board.word"), () => askWord(this.room, (text) => this.#supervise("/word", { text })), {
        "data-act": "word",
      }),
      second(
        say("desk.board.move"),
        () => askMove(this.room, this.view.colleagues, (to) => this.#supervise("/reassign", { to })),
        { "data-act": "move" },
      ),
    ];
  }

  /** @param {string} path @param {object} body */
  async #supervise(path, body) {
    const answer = await this.#post(path, body);
    const done = answer?.status === 200;
    const text = done ? this.room.say("desk.board.done") : (answer?.body?.error ?? this.room.say("desk.lost"));
    this.room.announce(text);
    await this.#refresh();
    this.lost.textContent = done ? "" : text;
  }

  /** A supervisor's word is for the agent who has the conversation, also when they were away as it
   * came. @param {any[]} notes
   */
  #wordCame(notes) {
    const last = Math.max(this.word, ...notes.filter((one) => one.unread).map((one) => one.id));
    if (last === this.word || !this.view.mine) return;
    this.word = last;
    this.notes.open();
    this.room.attention.call();
    this.room.announce(this.room.say("desk.board.word_came"));
    this.#seen();
  }

  #mayAsk() {
    return this.view.channel === "web" && !this.view.proven;
  }

  /** @param {import("./transcript.js").DeskLine} line */
  #line(line) {
    this.cursor = line.number;
    this.transcript.add(line);
    if (line.client_id) {
      this.outbox.arrived(line.client_id);
      this.transcript.showOutgoing(this.outbox.messages);
    }
    if (line.number > this.history && line.author === "user") {
      this.announcer.say(line.text, line.lang ?? this.view.talking);
      if (this.view.mine) this.room.attention.call();
    }
    clearTimeout(this.seenSoon);
    this.seenSoon = setTimeout(() => this.#seen(), 300);
  }

  #seen() {
    if (!document.hidden && this.view?.mine) this.#post("/seen", { line: this.cursor, word: this.word });
  }

  /** @param {any} flags */
  #flags(flags) {
    // The first flags come after the lines that were there already.
    if (this.history === Infinity) this.history = this.cursor;
    this.transcript.showTyping(Boolean(flags.typing));
    if (flags.version > this.version || flags.proven !== this.proven) {
      this.version = Math.max(this.version, flags.version ?? 0);
      this.proven = flags.proven;
      this.#refresh();
    }
  }

  /** @param {boolean} up */
  #connection(up) {
    this.lost.textContent = up ? "" : this.room.say("desk.lost");
    if (up) this.outbox.retryUnreachable();
  }

  /** Do something that changes the conversation, and show what it is then.
   * @param {string} path @param {object} body @returns {Promise<boolean>}
   */
  async #act(path, body) {
    const answer = await this.#post(path, body);
    if (answer?.status !== 200) {
      this.room.announce(answer?.body?.error ?? this.room.say("desk.lost"));
      this.lost.textContent = answer?.body?.error ?? this.room.say("desk.lost");
      await this.#refresh();
      return false;
    }
    this.lost.textContent = "";
    this.#show(answer.body);
    this.room.announce(this.room.say("desk.talk.moved"));
    return true;
  }

  async #identity() {
    const answer = await this.#post("/identity", {});
    const done = answer?.status === 200;
    const text = done ? this.room.say("desk.talk.identity_done") : answer?.body?.error;
    this.room.announce(text ?? this.room.say("desk.lost"));
    this.lost.textContent = done ? "" : (text ?? this.room.say("desk.lost"));
    this.stream?.hurry();
  }

  #transfer() {
    askTransfer(this.room, this.view.colleagues, (to, text) => this.#act("/transfer", { to, text }));
  }

  #close() {
    askOutcome(this.room, this.outcomes, (outcome) => this.#act("/close", { outcome }));
  }

  /** @param {string} path @param {object} body */
  async #post(path, body) {
    const answer = await this.api.post(path, body).catch(() => null);
    if (answer?.status === 401) this.room.presence.end();
    return answer;
  }
}
