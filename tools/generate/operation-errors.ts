import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/*
 * Finds which errors an operation can answer, from its source: every error code in its file, or in a function that it
 * reaches. A function reaches another by naming it; files are split where a line begins with a declaration, as the
 * formatter leaves them.
 */

interface Declaration {
  /** Names that it uses. */
  names: ReadonlySet<string>;
  codes: readonly string[];
}

interface Source {
  declarations: ReadonlyMap<string, Declaration>;
  /** Local name → its origin. */
  imports: ReadonlyMap<string, { file: string; name: string }>;
}

const DECLARATION = /^(?:export )?(?:(?:async )?function\*?|const|class|(?=default\b)) *(\w+)/;

/** The codes of each operation that has a file below `folder`, by its name. */
export function operationErrors(folder: string, codes: ReadonlySet<string>): Map<string, string[]> {
  const sources = new Map<string, Source>();
  const read = (file: string): Source => {
    const known = sources.get(file) ?? readSource(folder, file, codes);
    sources.set(file, known);
    return known;
  };
  const files = globSync('*/operations/*.ts', { cwd: folder }).filter(
    (file) => !file.endsWith('.test.ts') && !file.startsWith('native/'),
  );
  return new Map(files.map((file) => [basename(file, '.ts'), [...reachableCodes(join(folder, file), read)].sort()]));
}

function reachableCodes(start: string, read: (file: string) => Source): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [{ file: start, name: 'default' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { file, name } = next;
    if (seen.has(`${file} ${name}`)) continue;
    seen.add(`${file} ${name}`);
    const { declarations, imports } = read(file);
    const declaration = declarations.get(name);
    if (!declaration) continue;
    for (const code of declaration.codes) found.add(code);
    for (const said of declaration.names) {
      const imported = imports.get(said);
      if (imported) open.push(imported);
      else if (declarations.has(said)) open.push({ file, name: said });
    }
  }
  return found;
}

function readSource(folder: string, file: string, codes: ReadonlySet<string>): Source {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '');
  const imports = new Map<string, { file: string; name: string }>();
  for (const [, names = '', from = ''] of text.matchAll(/^import \{([^}]*)\} from '([#.][^']+)'/gm)) {
    const path = from.startsWith('#') ? join(folder, from.slice(1)) : join(dirname(file), from);
    // The tables name every code; each reader of a table names the code it uses.
    if (path.endsWith('error-codes.ts')) continue;
    if (!existsSync(path)) throw new Error(`${file} imports ${from}, which does not exist`);
    for (const part of names.split(',')) {
      const [name, local = name] = part.trim().split(' as ');
      if (name && local && !name.startsWith('type ')) imports.set(local, { file: path, name });
    }
  }
  const declarations = new Map<string, Declaration>();
  for (const chunk of text.split(/\n(?=(?:export |async |function|const |class ))/)) {
    const declared = DECLARATION.exec(chunk);
    if (!declared) continue;
    const names = new Set(chunk.replace(/'[^'\n]*'/g, '').match(/\b[A-Za-z_]\w*\b/g));
    declarations.set(declared[1] ?? '', { names, codes: codesIn(chunk, codes) });
  }
  return { declarations, imports };
}

/** The codes in a text, whole or with a part known only at run time, which matches every possible code. */
function codesIn(text: string, codes: ReadonlySet<string>): string[] {
  const whole = [...text.matchAll(/'([^'\n]*)'/g)].map(([, literal = '']) => literal).filter((one) => codes.has(one));
  const made = [...text.matchAll(/`(\w+\.[\w.]*)\$\{[^}]*\}([\w.]*)`/g)].flatMap(([, before = '', after = '']) =>
    [...codes].filter(
      (code) => code.startsWith(before) && code.endsWith(after) && code.length > before.length + after.length,
    ),
  );
  return [...whole, ...made];
}
