/** What is looked for in the messages of a log. */
export type SearchPattern =
  | { kind: 'literal'; text: string; ignoreCase: boolean }
  /** A regular expression of ripgrep's default engine: linear time, no look-around, no back-references. */
  | { kind: 'regex'; expression: string; ignoreCase: boolean };

/** Where one search stops, whatever is left to look at. */
export interface SearchBudget {
  hits: number;
  /** Of the lines as they are stored. */
  textBytes: number;
  timeMs: number;
}

/** What a search found. It goes on at `nextLine` unless it is `done`: it has seen every committed line. */
export interface SearchResult {
  lineNumbers: number[];
  nextLine: number;
  done: boolean;
  scannedBytes: number;
}
