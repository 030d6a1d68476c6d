/**
 * Keeps a log at its newest line, for whoever reads that one: also when a bar below takes room, or
 * when buttons and fields get their size after they were added.
 */

const NEAR = 120;

export class End {
  /**
   * @param {HTMLElement} log what scrolls
   * @param {HTMLElement[]} parts of it, which grow
   * @param {() => number} furthest how far down it may be put, in pixels
   */
  constructor(log, parts, furthest = () => Infinity) {
    this.log = log;
    this.furthest = furthest;
    /** Whether the newest line is read, and how far down the log was then. */
    this.here = true;
    this.top = 0;
    log.addEventListener("scroll", () => this.#scrolled());
    const sizes = new ResizeObserver(() => this.follow());
    for (const part of [log, ...parts]) sizes.observe(part);
  }

  go() {
    this.log.scrollTop = Math.min(this.log.scrollHeight, this.furthest());
    this.here = true;
    this.top = this.log.scrollTop;
  }

  /** Go there if it was read until now, or if it is `wanted` anyway. */
  follow(wanted = false) {
    if (this.here || wanted) this.go();
  }

  /** Only who scrolls up leaves the end: what grows before its scrolling is told must not be taken
   * for that. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    this.here = (this.here && scrollTop >= this.top) || scrollHeight - scrollTop - clientHeight < NEAR;
    this.top = scrollTop;
  }
}
