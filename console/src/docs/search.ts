import MiniSearch from 'minisearch';
import { findSections, SEARCH_OPTIONS, type SearchEntry } from './search-options.ts';

const MOST_RESULTS = 12;

/** The search in the page's head. Its index is fetched when someone starts to search. */
export function startSearch(): void {
  const place = document.querySelector<HTMLElement>('#search');
  const input = place?.querySelector('input');
  const results = place?.querySelector<HTMLElement>('.results');
  const status = results?.querySelector('p');
  const list = results?.querySelector('ol');
  if (!(place && input && results && status && list)) throw new Error('docs.html has no search');
  let loading: Promise<MiniSearch> | undefined;
  place.hidden = false;

  input.addEventListener('focus', () => void load());
  input.addEventListener('input', () => void show());
  place.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === 'ArrowDown') links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') (links[at - 1] ?? input).focus();
    else if (event.key === 'Enter' && event.target === input) links[0]?.click();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  place.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== null && !place.contains(relatedTarget as Node)) results.hidden = true;
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!place.contains(target as Node)) results.hidden = true;
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });

  function load(): Promise<MiniSearch> {
    loading ??= fetchIndex(place?.dataset.index ?? '');
    // The next key tries again.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  }

  async function show(): Promise<void> {
    const asked = input?.value.trim() ?? '';
    if (!(results && status && list)) return;
    results.hidden = asked === '';
    if (asked === '') return;
    let found: readonly SearchEntry[];
    try {
      found = findSections(await load(), asked);
    } catch (error) {
      status.textContent = `The search could not be loaded: ${(error as Error).message}`;
      return;
    }
    if (asked !== input?.value.trim()) return;
    const count = found.length === 1 ? '1 section' : `${found.length} sections`;
    status.textContent = found.length === 0 ? `Nothing contains “${asked}”` : count;
    list.replaceChildren(...found.slice(0, MOST_RESULTS).map(entryElement));
  }

  function close(): void {
    if (results) results.hidden = true;
    input?.focus();
  }
}

async function fetchIndex(address: string): Promise<MiniSearch> {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  return MiniSearch.loadJS(await reply.json(), SEARCH_OPTIONS as never);
}

function entryElement({ id, page, title, excerpt }: SearchEntry): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = id;
  const head = document.createElement('strong');
  head.textContent = title === page ? page : `${page}: ${title}`;
  const text = document.createElement('span');
  text.textContent = excerpt;
  link.append(head, text);
  item.append(link);
  return item;
}
