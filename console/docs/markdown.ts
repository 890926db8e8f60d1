import GithubSlugger from 'github-slugger';
import { Marked, type Token, type Tokens } from 'marked';
import { escapeHtml } from './escape-html.ts';
import { highlight } from './highlight.ts';

const LONG_NAME = 16;

/** A heading and the text below it, up to the next one. The first has no heading: it is what precedes all of them. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly level: number;
  readonly text: string;
}

/** A row of a table about one flag or code, whose name is also the row's id. */
export interface Entry {
  readonly name: string;
  readonly text: string;
}

export interface RenderedPage {
  readonly title: string;
  readonly html: string;
  readonly sections: readonly Section[];
  readonly entries: readonly Entry[];
}

/** Where links and pictures of a page lead; undefined if there is no such place, and the link becomes its text. */
export interface Places {
  link(href: string): string | undefined;
  picture(href: string): string | undefined;
  /** The title of the page; undefined if it is not a page. */
  title(href: string): string | undefined;
}

/**
 * Renders Markdown as HTML without any inline style or script: the content security policy allows neither. HTML in the
 * Markdown is shown as text. Headings have the ids that GitHub gives them, so that links work in both places.
 */
export function renderMarkdown(markdown: string, places: Places): RenderedPage {
  const slugs = new GithubSlugger();
  const sections: (Omit<Section, 'text'> & { texts: string[] })[] = [];
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const id = slugs.slug(plainText(tokens));
        if (depth === 1) return `<h1 id="${id}">${inner}</h1>\n`;
        const link = `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
        return `<h${depth} id="${id}">${inner} ${link}</h${depth}>\n`;
      },
      code: ({ text, lang }) => highlight(text, lang),
      text(token) {
        if ('tokens' in token && token.tokens !== undefined) return this.parser.parseInline(token.tokens);
        const html = 'escaped' in token && token.escaped ? token.text : escapeHtml(token.text);
        return html.replaceAll(/\S{30,}/g, breakable);
      },
      codespan: ({ text }) => `<code>${breakable(escapeHtml(text))}</code>`,
      table(token) {
        const row = (cells: Tokens.TableCell[], name: 'th' | 'td') => {
          const inner = cells.map((cell) => `<${name}>${this.parser.parseInline(cell.tokens)}</${name}>`);
          const id = entryName(cells);
          return `<tr${id === undefined ? '' : ` id="${id}"`}>${inner.join('')}</tr>\n`;
        };
        const body = token.rows.map((cells) => row(cells, 'td')).join('');
        return `<div class="scrolls" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
      },
      link({ href, tokens, raw }) {
        // A file's name says less than its title.
        const title = /^[\w./-]+\.md$/.test(plainText(tokens)) ? places.title(href) : undefined;
        const inner = title === undefined ? this.parser.parseInline(tokens) : escapeHtml(title);
        // An address that is only mentioned, such as an example in a table, is text.
        const target = raw.startsWith('[') ? places.link(href) : undefined;
        if (target === undefined) return inner;
        const rel = target.startsWith('/') || target.startsWith('#') ? '' : ' rel="noopener noreferrer"';
        return `<a href="${escapeHtml(target)}"${rel}>${inner}</a>`;
      },
      image({ href, text }) {
        const source = places.picture(href);
        return source === undefined
          ? escapeHtml(text)
          : `<img src="${source}" alt="${escapeHtml(text)}" loading="lazy">`;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  const entries: Entry[] = [];
  const idsAgain = new GithubSlugger();
  sections.push({ id: '', title: '', level: 1, texts: [] });
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { tokens: inner, depth } = token as Tokens.Heading;
      const title = plainText(inner);
      sections.push({ id: idsAgain.slug(title), title, level: depth, texts: [] });
    } else sections.at(-1)?.texts.push(plainText([token]));
    if (token.type === 'table') entries.push(...entriesOf(token as Tokens.Table));
  }
  const title = sections.find(({ level, id }) => level === 1 && id !== '')?.title ?? '';
  return {
    title,
    html: marked.parser(tokens),
    sections: sections.map(({ texts, ...section }) => ({ ...section, text: texts.join('\n').trim() })),
    entries,
  };
}

/** The name of a row that explains one flag, code or operation: its first cell. Such rows can be linked to. */
function entryName([first]: Tokens.TableCell[]): string | undefined {
  const isCode = first?.tokens.length === 1 && first.tokens[0]?.type === 'codespan';
  return isCode ? /^`(--[\w-]+|[A-Z][\w.]+)`$/.exec(first.text)?.[1] : undefined;
}

function entriesOf({ rows }: Tokens.Table): Entry[] {
  return rows.flatMap((cells) => {
    const name = entryName(cells);
    return name === undefined ? [] : [{ name, text: cells.map((cell) => plainText(cell.tokens)).join(' ') }];
  });
}

/** A long name may break after each of its words, or tables with such names would be wider than a page. */
function breakable(html: string): string {
  return html.length < LONG_NAME ? html : html.replaceAll(/(?<=[a-z_.])(?=[A-Z])|(?<=_)(?=\w)/g, '<wbr>');
}

/** The text of tokens as a reader sees it, one line per block. */
export function plainText(tokens: readonly Token[]): string {
  return tokens.map(textOf).join('');
}

function textOf(token: Token): string {
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].map((cells) => cells.map((cell) => plainText(cell.tokens)).join(' ')).join('\n');
  }
  if (token.type === 'list') return (token as Tokens.List).items.map((item) => plainText(item.tokens)).join('\n');
  if (token.type === 'br' || token.type === 'space') return '\n';
  if ('tokens' in token && token.tokens !== undefined) return plainText(token.tokens);
  return 'text' in token ? unescapeHtml(String(token.text)) : '';
}

/** The text of inline tokens has the entities that the author wrote. */
function unescapeHtml(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return text.replaceAll(/&(lt|gt|amp|quot|#39);/g, (all, name: string) => characters[name] ?? all);
}
