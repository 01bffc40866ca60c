// A list that comes page by page: only the pages around what is in view are held, each found again by
// the key it began behind.

export type Asked<T> = {
  rows: T[];
  next: string | null;
  total: { count: number; is_more: boolean };
  meant: string | null;
  holds: string;
};
type Problem = { code: string; arguments: { name: string; value: string }[] };
type Held<T> = { after: string | null; count: number; rows: T[] | null };
type Ask<T> = (input: { query: string; after: string | null }) => Promise<Asked<T>>;

/** Pages held on each side of what is in view. */
const KEPT = 1;
/** So near the end the next page is asked for. */
const AHEAD = 20;

export class PagedRows<T extends { id: string }> {
  query = $state('');
  /** The newest page read, for its total and its words. */
  answer: Omit<Asked<T>, 'rows' | 'next'> | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Row the keyboard is on. */
  focused = $state(-1);
  #pages: Held<T>[] = $state.raw([]);
  #next: string | null = null;
  #view = { first: 0, last: 0 };
  #asked = 0;
  #isReading = false;
  readonly length = $derived(this.#pages.reduce((sum, page) => sum + page.count, 0));

  constructor(
    private readonly ask: Ask<T>,
    private readonly problemOf: (thrown: unknown) => Problem,
  ) {}

  /** Begins the list anew, whole or with what matches. */
  begin = async (query: string = this.query) => {
    this.query = query;
    this.focused = -1;
    this.#view = { first: 0, last: 0 };
    await this.#restart();
  };

  /** Reads again what is in view, because something changed. */
  refresh = async () => {
    if (this.answer === null) return this.#restart();
    this.#pages = this.#pages.map((page) => ({ ...page, rows: this.#isInView(page) ? page.rows : null }));
    for (const page of this.#pages.filter((one) => this.#isInView(one))) await this.#read(page.after);
  };

  async #restart() {
    this.#asked += 1;
    this.#isReading = false;
    this.#next = null;
    this.#pages = [];
    this.answer = null;
    await this.#read(null);
  }

  rowAt = (index: number): T | null => {
    let before = 0;
    for (const page of this.#pages) {
      if (index < before + page.count) return page.rows?.[index - before] ?? null;
      before += page.count;
    }
    return null;
  };

  move = (by: number) => {
    this.focused = Math.max(0, Math.min(this.length - 1, this.focused + by));
  };

  /** Says which rows are in view: they are read, and what is far from them is let go. */
  look = async (first: number, last: number) => {
    this.#view = { first, last };
    if (this.#isReading || this.answer === null) return;
    const missing = this.#pages.find((page) => page.rows === null && this.#isInView(page));
    if (missing) await this.#read(missing.after);
    else if (this.#next !== null && last > this.length - AHEAD) await this.#read(this.#next);
    else return;
    await this.look(this.#view.first, this.#view.last);
  };

  #isInView(page: Held<T>): boolean {
    const place = this.#pages.indexOf(page);
    const before = this.#pages.slice(0, place).reduce((sum, one) => sum + one.count, 0);
    return before <= this.#view.last && before + page.count >= this.#view.first;
  }

  async #read(after: string | null) {
    const asked = this.#asked;
    this.#isReading = true;
    try {
      const page = await this.ask({ query: this.query.trim(), after });
      if (asked !== this.#asked) return;
      this.#take(after, page);
      this.problem = null;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = this.problemOf(thrown);
    } finally {
      if (asked === this.#asked) this.#isReading = false;
    }
  }

  #take(after: string | null, { rows, next, ...answer }: Asked<T>) {
    const held = { after, count: rows.length, rows };
    const place = this.#pages.findIndex((page) => page.after === after);
    const pages = place < 0 ? [...this.#pages, held] : this.#pages.with(place, held);
    if (place < 0 || place === pages.length - 1) this.#next = next;
    this.#pages = pages;
    const near = pages.flatMap((page, at) => (this.#isInView(page) ? [at] : []));
    const [from, to] = [(near[0] ?? 0) - KEPT, (near.at(-1) ?? 0) + KEPT];
    this.#pages = pages.map((page, at) =>
      (at >= from && at <= to) || page === held ? page : { ...page, rows: null },
    );
    this.answer = answer;
  }
}
