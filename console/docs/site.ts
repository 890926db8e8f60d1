import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { escapeHtml } from './escape-html.ts';
import { highlight } from './highlight.ts';
import { renderMarkdown } from './markdown.ts';
import { LISTED, NAV } from './nav.ts';
import { fillTemplate, type SitePage } from './page-frame.ts';
import { searchIndex } from './search-index.ts';

/** The whole documentation as files, and what is wrong with its links. */
export interface DocsSite {
  /** Names below the folder that the console is built into. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly mistakes: readonly string[];
}

const PICTURES = ['.svg', '.png'];
const ROOT_PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

/** The address of a page, a folder or a file of the repository. */
export function addressOf(file: string): string {
  if (file === 'README.md') return '/docs/';
  const name = file.replace(/\.md$/, '');
  if (ROOT_PAGES.includes(file)) return `/docs/project/${name.toLowerCase()}`;
  return name.startsWith('docs/') ? `/${name}` : `/docs/source/${file}`;
}

/**
 * Makes the documentation of a checkout: a page for each Markdown file, each file or folder of the sources that a page
 * links to, pictures, and the index of the search. `template` is the page that Vite made of `docs.html`.
 */
export function makeSite(root: string, template: string): DocsSite {
  const names = [...ROOT_PAGES, ...globSync('docs/**/*.md', { cwd: root }).sort()].filter((file) =>
    existsSync(join(root, file)),
  );
  const files = new Map<string, string | Uint8Array>();
  const mistakes: string[] = [];
  const pages = new Map<string, SitePage>();
  const anchors: { from: string; to: string; id: string }[] = [];
  /** Files and folders that are linked to and are not pages. */
  const sources = new Set<string>();

  for (const file of names) pages.set(file, readPage(file));
  for (const source of sources) pages.set(source, sourcePage(root, source));
  for (const { from, to, id } of anchors)
    if (
      pages.get(to)?.sections.some((section) => section.id === id) !== true &&
      pages.get(to)?.entries.some(({ name }) => name === id) !== true
    )
      mistakes.push(`${from}: ${to} has no section #${id}`);

  const index = hashedFile('search.json', searchIndex([...pages.values()]));
  for (const page of pages.values()) {
    const path = page.address === '/docs/' ? '/docs/index' : page.address;
    files.set(`${path.slice(1)}.html`, fillTemplate(template, page, { pages, index }));
  }
  return { files, mistakes };

  function readPage(file: string): SitePage {
    const markdown = readFileSync(join(root, file), 'utf8');
    const rendered = renderMarkdown(markdown, {
      link: (href) => linkFrom(file, href),
      title: (href) => {
        const [path = ''] = href.split('#');
        const to = posix.join(dirname(file), path);
        return names.includes(to) ? titleOf(root, to) : undefined;
      },
      picture: (href) => {
        const path = posix.join(dirname(file), href);
        if (existsSync(join(root, path)) && PICTURES.includes(extname(path)))
          return hashedFile(basename(path), readFileSync(join(root, path)));
        mistakes.push(`${file}: there is no picture ${href}`);
        return undefined;
      },
    });
    return { ...rendered, file, address: addressOf(file) };
  }

  function linkFrom(file: string, href: string): string | undefined {
    if (/^[a-z]+:/.test(href)) {
      if (href.startsWith('https://')) return href;
      mistakes.push(`${file}: ${href} is not an https address`);
      return undefined;
    }
    const [path = '', id] = href.split('#', 2);
    const to = path === '' ? file : posix.join(dirname(file), path).replace(/\/$/, '');
    if (id !== undefined) anchors.push({ from: file, to, id });
    if (path === '') return `#${id}`;
    const listed = LISTED.find(([folder]) => folder === `${to}/`)?.[1];
    if (!existsSync(join(root, to)) || to.startsWith('..')) {
      mistakes.push(`${file}: there is no ${href}`);
      return undefined;
    }
    if (listed !== to && listed !== undefined) return addressOf(listed);
    if (!names.includes(to)) sources.add(to);
    return `${addressOf(to)}${id === undefined ? '' : `#${id}`}`;
  }

  /** Adds a file that browsers may keep forever, since its name has a hash of its content. Returns its address. */
  function hashedFile(name: string, content: string | Uint8Array): string {
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
    const path = `assets/${basename(name, extname(name))}-${hash}${extname(name)}`;
    files.set(path, content);
    return `/console/${path}`;
  }
}

function titleOf(root: string, file: string): string | undefined {
  return /^# (.*)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1]?.replaceAll('`', '');
}

/** Shows a file of the repository, or what is in a folder: the titles of its pages, or else its files. */
function sourcePage(root: string, path: string): SitePage {
  const isFolder = statSync(join(root, path)).isDirectory();
  const inside = isFolder ? readdirSync(join(root, path)).sort() : [''];
  const isList = inside.some((name) => name.endsWith('.md') && /^\d/.test(name));
  const title = isList ? (NAV.flatMap(({ pages }) => pages).find(([file]) => file === path)?.[1] ?? path) : path;
  const parts = inside.map((name) => {
    const file = posix.join(path, name);
    const text = readFileSync(join(root, file), 'utf8');
    if (isList) return `<li><a href="${addressOf(file)}">${escapeHtml(titleOf(root, file) ?? name)}</a></li>`;
    const language = { '.json': 'json', '.py': 'python', '.js': 'javascript' }[extname(file)];
    return `${isFolder ? `<h2>${escapeHtml(name)}</h2>` : ''}${highlight(text, language ?? 'text')}`;
  });
  const body = isList ? `<ol>${parts.join('\n')}</ol>` : parts.join('\n');
  const note = isList ? '' : '<p>From the source code of Slipway.</p>';
  return {
    file: path,
    address: addressOf(path),
    title,
    html: `<h1>${escapeHtml(title)}</h1>${note}${body}`,
    sections: [],
    entries: [],
  };
}
