import type MiniSearch from 'minisearch';
import type { Options } from 'minisearch';

/** What the search shows of a section. */
export interface SearchEntry {
  /** Its address. */
  id: string;
  page: string;
  title: string;
  excerpt: string;
}

/** The same where the index is made and where it is read. */
export const SEARCH_OPTIONS: Options<SearchEntry & { text: string }> = {
  fields: ['title', 'page', 'text'],
  storeFields: ['page', 'title', 'excerpt'],
  searchOptions: {
    combineWith: 'AND',
    prefix: true,
    fuzzy: (term) => (term.length > 5 ? 0.15 : false),
    boost: { title: 4, page: 2 },
    // A reader with a question wants the page that explains it, before what changed, was decided or was measured, and
    // before rows of tables that happen to have the word in a name.
    boostDocument: (id) => (/^\/docs\/(project|decisions|benchmarks)|#(--|[A-Z])/.test(id) ? 0.2 : 1),
  },
};

/** The sections for some words, best first; those whose name begins with the words come before all others. */
export function findSections(index: MiniSearch, words: string): SearchEntry[] {
  const found = index.search(words) as unknown as SearchEntry[];
  const isNamed = ({ title }: SearchEntry) => title.toLowerCase().startsWith(words.toLowerCase());
  return [...found.filter(isNamed), ...found.filter((entry) => !isNamed(entry))];
}
