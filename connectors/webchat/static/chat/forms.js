/** Which form of the conversation is live. A newer form of a kind replaces the one before it. */

/**
 * @typedef {object} Form
 * @property {"identify" | "code"} kind
 * @property {HTMLElement} element
 * @property {(why: "old" | "done") => void} retire never to be used again
 * @property {() => void} [fold] to one line, from which it can be opened again
 * @property {() => void} [close] cancelled
 * @property {() => void} [keep] remember what is typed
 * @property {() => void} [reveal] open it and put the focus in it
 */

export class Forms {
  constructor() {
    /** @type {Partial<Record<Form["kind"], Form>>} */
    this.live = {};
    /** What was typed into the details form; in the page's memory only. @type {Record<string, string>} */
    this.details = {};
  }

  /** @param {Form} form @returns {HTMLElement} */
  open(form) {
    this.live[form.kind]?.retire("old");
    this.live[form.kind] = form;
    if (form.kind === "code") this.live.identify?.fold?.();
    return form.element;
  }

  /** The person is known now: no form is needed. */
  finish() {
    for (const form of Object.values(this.live)) form.retire("done");
    this.live = {};
    this.details = {};
  }

  /** Before everything is drawn anew, in the other language. */
  keep() {
    for (const form of Object.values(this.live)) form.keep?.();
    this.live = {};
  }
}
