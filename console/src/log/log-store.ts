import type { Line, LogPage } from '../api/build.ts';
import { beginStyles, extendStyles, type PageStyles } from './line-styles.ts';
import { PLAIN, type Style } from './sgr.ts';

/** How the store reads a log. */
export interface LogSource {
  page(offset: number, limit: number, signal: AbortSignal): Promise<LogPage>;
}

/** Lines that were read together, and the styles that they begin with. */
interface Page {
  lines: Line[];
  /** Known once they were asked for. */
  styles?: PageStyles;
  /** Whether the styles take the lines before this page into account. */
  follows?: boolean;
}

const PAGE_LINES = 200;
/** How many pages are kept: about ten thousand lines, for a log of any size. */
const PAGES_KEPT = 50;
const FETCHES_AT_ONCE = 3;
const RETRY_MS = 1000;
/** Nobody can read lines that change more often, and the page stays fast while a build writes thousands a second. */
const TELL_EVERY_MS = 50;

/**
 * The lines of a log near the view, and the log's number of lines. Reads pages on request, takes new lines from the
 * stream, and drops the lines that were not viewed for longest.
 */
export class LogStore {
  readonly #source: LogSource;
  readonly #listeners = new Set<() => void>();
  /** By page number, least recently used first. */
  readonly #pages = new Map<number, Page>();
  readonly #fetching = new Map<number, AbortController>();
  #wanted: number[] = [];
  #lineCount = 0;
  #version = 0;
  #failure: unknown;
  #closed = false;
  #scheduled = false;
  #toldMs = 0;

  constructor(source: LogSource) {
    this.#source = source;
  }

  get lineCount(): number {
    return this.#lineCount;
  }

  /** Why lines could not be read; undefined once they are. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Increases with every change. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A line, or undefined if it is not loaded yet. */
  line(lineNumber: number): Line | undefined {
    const index = lineNumber - 1;
    return this.#pages.get(Math.floor(index / PAGE_LINES))?.lines[index % PAGE_LINES];
  }

  /** The style that a line begins with, as far as the lines before it are loaded. */
  style(lineNumber: number): Style {
    const index = lineNumber - 1;
    return this.#stylesOf(Math.floor(index / PAGE_LINES))?.styles[index % PAGE_LINES] ?? PLAIN;
  }

  /** Requests lines; only the latest request is still fetched. */
  want(lineNumbers: readonly number[]): void {
    const pages = new Set(lineNumbers.map((line) => Math.floor((line - 1) / PAGE_LINES)));
    // The page before has the colours that go on, and is what a reader who scrolls up wants next.
    const [first = 0] = pages;
    if (first > 0) pages.add(first - 1);
    for (const page of pages) this.#touch(page);
    this.#wanted = [...pages].filter((page) => this.#lacks(page));
    for (const [page, abort] of this.#fetching) if (!pages.has(page)) abort.abort();
    this.#fetchNext();
  }

  /** Sets the number of lines. */
  grow(lineCount: number): void {
    if (lineCount <= this.#lineCount) return;
    this.#lineCount = lineCount;
    this.#changed();
  }

  /** Takes new lines. Keeps those that continue a loaded page, or start a page. */
  append(lines: readonly Line[]): void {
    for (const line of lines) {
      const index = line.LineNumber - 1;
      const number = Math.floor(index / PAGE_LINES);
      const at = index % PAGE_LINES;
      const page = this.#pages.get(number);
      if (page?.lines.length === at) page.lines.push(line);
      else if (at === 0) this.#keep(number, { lines: [line] });
    }
    this.grow(lines.at(-1)?.LineNumber ?? 0);
  }

  /** Reads again after `close`. */
  open(): void {
    this.#closed = false;
  }

  /** Stops reading; loaded lines stay. */
  close(): void {
    this.#closed = true;
    for (const abort of this.#fetching.values()) abort.abort();
  }

  #lacks(number: number): boolean {
    const expected = Math.min(PAGE_LINES, this.#lineCount - number * PAGE_LINES);
    return expected > (this.#pages.get(number)?.lines.length ?? 0);
  }

  #stylesOf(number: number): PageStyles | undefined {
    const page = this.#pages.get(number);
    if (page === undefined) return undefined;
    if (!page.styles || !page.follows) {
      const isBeforeWhole = this.#pages.get(number - 1)?.lines.length === PAGE_LINES;
      const before = isBeforeWhole ? this.#stylesOf(number - 1) : undefined;
      if (!page.styles || before) page.styles = beginStyles(before);
      page.follows = number === 0 || before !== undefined;
    }
    extendStyles(page.styles, page.lines);
    return page.styles;
  }

  #fetchNext(): void {
    for (const number of this.#wanted) {
      if (this.#closed || this.#fetching.size >= FETCHES_AT_ONCE) return;
      if (!this.#fetching.has(number) && this.#lacks(number)) void this.#fetch(number);
    }
  }

  async #fetch(number: number): Promise<void> {
    const abort = new AbortController();
    this.#fetching.set(number, abort);
    try {
      const page = await this.#source.page(number * PAGE_LINES, PAGE_LINES, abort.signal);
      if (page.Lines.length > (this.#pages.get(number)?.lines.length ?? 0))
        this.#keep(number, { lines: [...page.Lines] });
      this.#failure = undefined;
      this.grow(page.TotalCount);
      this.#changed();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#failure = error;
      this.#changed();
      setTimeout(() => this.#fetchNext(), RETRY_MS);
      return;
    } finally {
      this.#fetching.delete(number);
    }
    this.#fetchNext();
  }

  #keep(number: number, page: Page): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) return;
      this.#pages.delete(oldest);
    }
  }

  #touch(number: number): void {
    const page = this.#pages.get(number);
    if (page) this.#keep(number, page);
  }

  /**
   * Notifies listeners at most every 50 ms, and between frames, so that their rendering and the layout are separate
   * tasks.
   */
  #changed(): void {
    this.#version++;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(
      () => {
        this.#scheduled = false;
        this.#toldMs = performance.now();
        for (const listener of this.#listeners) listener();
      },
      Math.max(0, this.#toldMs + TELL_EVERY_MS - performance.now()),
    );
  }
}
