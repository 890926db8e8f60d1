import MiniSearch from 'minisearch';
import { SEARCH_OPTIONS, type SearchEntry } from '../src/docs/search-options.ts';
import type { SitePage } from './page-frame.ts';

const EXCERPT_LENGTH = 180;

/** The index of the search as JSON: an entry for each section, and one for each operation of the vendor's API. */
export function searchIndex(pages: readonly SitePage[]): string {
  const index = new MiniSearch<SearchEntry & { text: string }>(SEARCH_OPTIONS);
  for (const { address, title, sections, entries, file } of pages) {
    const isOperation = file.startsWith('docs/api/') && !file.endsWith('coverage.md');
    const [, first] = sections;
    if (isOperation) {
      const text = sections.map((section) => section.text).join('\n');
      const words = [...new Set(text.match(/\w{3,}/g))].join(' ');
      index.add({ id: address, page: title, title, excerpt: excerpt(first?.text ?? ''), text: words });
      continue;
    }
    for (const { id, title: heading, text, level } of sections)
      if (text !== '')
        add({ id: level === 1 ? address : `${address}#${id}`, page: title, title: heading || title, text });
    for (const { name, text } of entries) add({ id: `${address}#${name}`, page: title, title: name, text });
  }

  /** The text before the first heading of a page is rare, and the page's first section has the same address. */
  function add(entry: { id: string; page: string; title: string; text: string }): void {
    if (!index.has(entry.id)) index.add({ ...entry, excerpt: excerpt(entry.text) });
  }
  return JSON.stringify(index);
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= EXCERPT_LENGTH) return line;
  return `${line.slice(0, line.lastIndexOf(' ', EXCERPT_LENGTH))} …`;
}
