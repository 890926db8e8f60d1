import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** A regular expression in a source file. */
export interface FoundExpression {
  /** Its file, relative to the root of the project. */
  file: string;
  line: number;
  /** `/source/flags`, or the source text if it is known only at run time: `new RegExp(escaped, 'giu')`. */
  text: string;
  /** Undefined if it is known only at run time. */
  pattern: string | undefined;
  flags: string;
}

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

const SOURCES = '{server,logbook,client,cli,console}/src/**/*.{ts,tsx}';
const TESTS = /\.(test|contract)\.tsx?$|\/testing\//;
/** String methods that turn a string into an expression. */
const COMPILING_METHODS = ['match', 'matchAll', 'search'];

/**
 * Lists every regular expression that the packages below a folder run, including those made of constants in their file.
 */
export function listExpressions(root: string): FoundExpression[] {
  const files = globSync(SOURCES, { cwd: root }).filter((file) => !TESTS.test(file));
  const inSources = files.sort().flatMap((file) => expressionsOf(file, readFileSync(join(root, file), 'utf8')));
  return [...inSources, ...patternsOf(DATA, readFileSync(join(root, DATA), 'utf8'))];
}

/** The patterns that check parameters of the native API. */
const DATA = 'spec/native.json';

function patternsOf(file: string, text: string): FoundExpression[] {
  return text.split('\n').flatMap((row, index) =>
    [...row.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(([, quoted = '""']) => {
      const pattern = JSON.parse(quoted) as string;
      return { file, line: index + 1, text: `/${pattern}/u`, pattern, flags: 'u' };
    }),
  );
}

/** Lists the expressions of one file. */
export function expressionsOf(file: string, text: string): FoundExpression[] {
  const { program } = parseSync(file, text);
  const found: FoundExpression[] = [];
  const constants = new Map<string, Node>();
  const made: { node: Node; args: Node[] }[] = [];
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length;
  const noteMade = (node: Node) => made.push({ node, args: node.arguments as Node[] });
  new Visitor({
    Literal(literal) {
      if (!('regex' in literal)) return;
      const { pattern, flags } = literal.regex;
      found.push({ file, line: lineOf(literal as unknown as Node), text: `/${pattern}/${flags}`, pattern, flags });
    },
    VariableDeclarator({ id, init }) {
      if (id.type === 'Identifier' && init) constants.set(id.name, init as unknown as Node);
    },
    NewExpression(call) {
      if (isRegExp(call.callee as unknown as Node)) noteMade(call as unknown as Node);
    },
    CallExpression(call) {
      const callee = call.callee as unknown as Node;
      if (isRegExp(callee) || isCompiling(callee, call.arguments[0] as unknown as Node))
        noteMade(call as unknown as Node);
    },
  }).visit(program);
  for (const { node, args } of made) {
    const pattern = textOf(args[0], constants);
    const flags = node.type === 'NewExpression' || args.length > 1 ? (args[1] ? textOf(args[1], constants) : '') : '';
    const known = pattern !== undefined && flags !== undefined;
    found.push({
      file,
      line: lineOf(node),
      text: known ? `/${pattern}/${flags}` : text.slice(node.start, node.end),
      pattern: known ? pattern : undefined,
      flags: flags ?? '',
    });
  }
  return found;
}

function isRegExp(callee: Node): boolean {
  return callee.type === 'Identifier' && callee.name === 'RegExp';
}

function isCompiling(callee: Node, argument: Node | undefined): boolean {
  const method = callee.type === 'MemberExpression' ? (callee.property as Node).name : undefined;
  const isText = argument?.type === 'TemplateLiteral' || typeof argument?.value === 'string';
  return isText && COMPILING_METHODS.includes(String(method));
}

/** The text of a node, if constants of its file determine it. */
function textOf(node: Node | undefined, constants: ReadonlyMap<string, Node>): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'Literal') return 'regex' in node ? undefined : String(node.value);
  if (node.type === 'Identifier') return textOf(constants.get(node.name as string), constants);
  if (node.type !== 'TemplateLiteral') return undefined;
  const texts = (node.quasis as { value: { cooked: string } }[]).map((piece) => piece.value.cooked);
  const values = (node.expressions as Node[]).map((expression) => textOf(expression, constants));
  if (values.includes(undefined)) return undefined;
  return texts.map((piece, index) => `${piece}${values[index] ?? ''}`).join('');
}
