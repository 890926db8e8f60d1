import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/**
 * Checks the names of constants at the top of a file: a fixed value (a number, a text, an expression, a list or table of such
 * that nothing changes) is in UPPER_CASE; what is called is not. `npm run check` runs it.
 */
type Node = { type: string; start: number } & Record<string, unknown>;

/** A constant with a name in the other style. */
export interface MisnamedConstant {
  name: string;
  /** Where its name starts in the text. */
  start: number;
  line: number;
  isFunction: boolean;
}

const SOURCES = /^(server|logbook|program|client|cli|console|test|tools|bench)\/.*\.tsx?$/;
const UPPER_CASE = /^[A-Z][A-Z0-9_]*$/;
const WRAPPERS = ['TSAsExpression', 'TSSatisfiesExpression', 'ParenthesizedExpression'];
const FUNCTIONS = ['ArrowFunctionExpression', 'FunctionExpression', 'ClassExpression'];
const CHANGING_METHODS = ['add', 'clear', 'delete', 'pop', 'push', 'set', 'shift', 'splice', 'unshift'];

/** The constants of a file whose names are not in the style of what they are. */
export function misnamedConstants(file: string, text: string): MisnamedConstant[] {
  const { program } = parseSync(file, text);
  const constants = program.body.flatMap((statement) => {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    return inner?.type === 'VariableDeclaration' && inner.kind === 'const' ? inner.declarations : [];
  });
  const changed = changedNames(program);
  const fixed = new Set<string>();
  return constants.flatMap(({ id, init }) => {
    if (id.type !== 'Identifier' || init === null) return [];
    const value = unwrapped(init as unknown as Node);
    const isFunction = FUNCTIONS.includes(value.type);
    const isFixed = !changed.has(id.name) && !isEmpty(value) && isFixedValue(value, fixed);
    if (isFixed) fixed.add(id.name);
    const isUpper = UPPER_CASE.test(id.name);
    if (isUpper ? !isFunction : !isFixed) return [];
    const line = text.slice(0, id.start).split('\n').length;
    return [{ name: id.name, start: id.start, line, isFunction }];
  });
}

/** A value that is written out in the source, maybe with the names of other such values. */
function isFixedValue(node: Node, fixed: ReadonlySet<string>): boolean {
  const value = unwrapped(node);
  const are = (nodes: unknown) =>
    (nodes as (Node | null)[]).every((each) => each === null || isFixedValue(each, fixed));
  switch (value.type) {
    case 'Literal':
      return true;
    case 'Identifier':
      return UPPER_CASE.test(String(value.name)) || fixed.has(String(value.name));
    case 'TemplateLiteral':
      return are(value.expressions);
    case 'UnaryExpression':
    case 'SpreadElement':
      return isFixedValue(value.argument as Node, fixed);
    case 'BinaryExpression':
      return are([value.left, value.right]);
    case 'ArrayExpression':
      return are(value.elements);
    case 'ObjectExpression':
      return are(value.properties);
    case 'Property':
      return isFixedValue(value.value as Node, fixed);
    case 'NewExpression':
      return ['Map', 'Set'].includes(String((value.callee as Node).name)) && are(value.arguments);
    default:
      return false;
  }
}

/** A list or table that starts empty is there to be filled. */
function isEmpty(value: Node): boolean {
  const parts = value.elements ?? value.properties ?? (value.type === 'NewExpression' ? value.arguments : undefined);
  return Array.isArray(parts) && parts.length === 0;
}

/** The names whose members a file sets, or on which it calls a method that changes them. */
function changedNames(program: unknown): Set<string> {
  const names = new Set<string>();
  const noteOwner = (node: unknown) => {
    let owner = node as Node;
    while (owner.type === 'MemberExpression') owner = unwrapped(owner.object as Node);
    if (owner !== node && owner.type === 'Identifier') names.add(String(owner.name));
  };
  new Visitor({
    AssignmentExpression: ({ left }) => noteOwner(left),
    UpdateExpression: ({ argument }) => noteOwner(argument),
    UnaryExpression: ({ operator, argument }) => operator === 'delete' && noteOwner(argument),
    CallExpression({ callee }) {
      const method = callee.type === 'MemberExpression' ? (callee.property as unknown as Node).name : undefined;
      if (CHANGING_METHODS.includes(String(method))) noteOwner(callee);
    },
  }).visit(program as Parameters<Visitor['visit']>[0]);
  return names;
}

function unwrapped(node: Node): Node {
  return WRAPPERS.includes(node.type) ? unwrapped(node.expression as Node) : node;
}

/** Prints each misnamed constant of a checkout. Returns how many there are. */
function check(root: string): number {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const found = files
    .split('\n')
    .filter((file) => SOURCES.test(file) && !file.includes('.gen.'))
    .flatMap((file) =>
      misnamedConstants(file, readFileSync(join(root, file), 'utf8')).map((each) => ({ file, ...each })),
    );
  for (const { file, line, name, isFunction } of found) {
    const fix = isFunction ? 'a function is in camelCase' : 'a fixed value is in UPPER_CASE';
    process.stderr.write(`${file}:${line}: ${name}: ${fix}\n`);
  }
  return found.length;
}

if (import.meta.main) process.exitCode = check(join(import.meta.dirname, '..', '..')) === 0 ? 0 : 1;
