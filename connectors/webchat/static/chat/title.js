/** The number of unread lines in the tab's title while the page is out of sight. */

export class Title {
  constructor() {
    this.count = 0;
    document.addEventListener("visibilitychange", () => document.hidden || this.#set(0));
  }

  /** A new line came. */
  add() {
    if (document.hidden) this.#set(this.count + 1);
  }

  /** @param {number} count */
  #set(count) {
    const plain = document.title.replace(/^\(\d+\) /, "");
    this.count = count;
    document.title = count ? `(${count}) ${plain}` : plain;
  }
}
