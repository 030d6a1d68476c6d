/** How long the session still lives: warn in time, prolong on request. */

const CHECK_EVERY = 20_000;
const WARN_BELOW = 130;

export class SessionClock {
  /**
   * @param {import("./api.js").Api} api
   * @param {{warn: (seconds: number) => void, calm: () => void, over: () => void}} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
    this.end = 0;
    this.timer = 0;
  }

  /** @param {number} secondsLeft as the server says */
  start(secondsLeft) {
    this.stop();
    this.end = Date.now() + secondsLeft * 1000;
    this.timer = setInterval(() => this.check(), CHECK_EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  /** Near the end of what we know, ask: another tab may have prolonged it. */
  async check() {
    if ((this.end - Date.now()) / 1000 > WARN_BELOW) return;
    const answer = await this.api.get("/conversation").catch(() => null);
    if (answer?.status === 401) return this.listener.over();
    if (answer?.status !== 200) return;
    const left = answer.body.seconds_left;
    this.end = Date.now() + left * 1000;
    if (left < WARN_BELOW) this.listener.warn(left);
    else this.listener.calm();
  }
}
