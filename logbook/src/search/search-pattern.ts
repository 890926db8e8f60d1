/** What to look for in the messages of a log. */
export type SearchPattern =
  | { kind: 'literal'; text: string; ignoreCase: boolean }
  /** A regular expression of ripgrep's default engine: linear time, no look-around, no back-references. */
  | { kind: 'regex'; expression: string; ignoreCase: boolean };

/** The limits at which one search stops, whatever is left to search. */
export interface SearchBudget {
  hits: number;
  /** The size of the lines in stored form. */
  textBytes: number;
  timeMs: number;
}

/**
 * The result of a search. It continues at `nextLine` unless it is `done`: then it has searched every committed line.
 */
export interface SearchResult {
  lineNumbers: number[];
  nextLine: number;
  done: boolean;
  scannedBytes: number;
}
