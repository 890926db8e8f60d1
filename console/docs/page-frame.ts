import { escapeHtml } from './escape-html.ts';
import type { RenderedPage } from './markdown.ts';
import { LISTED, NAV } from './nav.ts';

/** A page before it gets its frame. */
export interface SitePage extends RenderedPage {
  readonly file: string;
  readonly address: string;
}

interface Frame {
  readonly pages: ReadonlyMap<string, SitePage>;
  /** The address of the search's index. */
  readonly index: string;
}

/** Puts a page into the template: `docs.html`, with `{{…}}` where the page's own parts belong. */
export function fillTemplate(template: string, page: SitePage, { pages, index }: Frame): string {
  const entry = LISTED.find(([folder]) => page.file.startsWith(folder))?.[1] ?? page.file;
  const parts: Readonly<Record<string, string>> = {
    title: escapeHtml(page.title),
    index,
    navigation: navigation(entry, page.file, pages),
    article: page.html,
    neighbours: neighbours(page.file, pages),
    contents: contents(page),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
}

function navigation(entry: string, file: string, pages: Frame['pages']): string {
  return NAV.map(({ title, pages: own }) => {
    const links = own.flatMap(([target, label]) => {
      const found = pages.get(target);
      if (found === undefined) return [];
      const current = target === file ? ' aria-current="page"' : target === entry ? ' aria-current="true"' : '';
      return [`<li><a href="${found.address}"${current}>${escapeHtml(label ?? found.title)}</a></li>`];
    });
    return `<h2>${escapeHtml(title)}</h2>\n<ul>${links.join('\n')}</ul>`;
  }).join('\n');
}

/** Links to the page before and the page after, in the order of the navigation. */
function neighbours(file: string, pages: Frame['pages']): string {
  const order = NAV.flatMap(({ pages: own }) => own.map(([target]) => target));
  const at = order.indexOf(file);
  if (at < 0) return '';
  const link = (target: string | undefined, rel: string, word: string) => {
    const page = target === undefined ? undefined : pages.get(target);
    return page === undefined
      ? '<span></span>'
      : `<a rel="${rel}" href="${page.address}"><small>${word}</small> ${escapeHtml(page.title)}</a>`;
  };
  return `${link(order[at - 1], 'prev', 'Previous')}\n${link(order[at + 1], 'next', 'Next')}`;
}

/** The sections of a long page. */
function contents({ sections }: SitePage): string {
  const shown = sections.filter(({ level, id }) => id !== '' && (level === 2 || level === 3));
  if (shown.length < 3) return '';
  const links = shown.map(
    ({ id, title, level }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${links.join('\n')}</ul></nav>`;
}
