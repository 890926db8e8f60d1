import type { ERROR_CODES } from '../../server/src/rpc/errors/error-codes.ts';
import type { Field, Fields, SpecOperation, SpecType } from './spec-operations.ts';

/** Our descriptions, by the names of operations and fields. */
export interface Descriptions {
  operations: Record<string, string>;
  fields: Record<string, string>;
}

const PRODUCTS = {
  cr: 'Container Registry',
  ram: 'Resource Access Management',
  sts: 'Security Token Service',
  ims: 'Identity Management Service',
} as const;

/** Makes `docs/api/<Action>.md` for every operation that is built, and `docs/api/coverage.md` for all. */
export function apiPages(
  operations: readonly SpecOperation[],
  built: ReadonlySet<string>,
  descriptions: Descriptions,
  errors: ReadonlyMap<string, readonly string[]>,
  codes: typeof ERROR_CODES,
): Record<string, string> {
  const pages: Record<string, string> = { 'docs/api/coverage.md': coveragePage(operations, built) };
  for (const operation of operations) {
    if (built.has(operation.name))
      pages[`docs/api/${operation.name}.md`] = operationPage(
        operation,
        descriptions,
        errorRows(operation.product, errors.get(operation.name) ?? [], codes),
      );
  }
  return pages;
}

function coveragePage(operations: readonly SpecOperation[], built: ReadonlySet<string>): string {
  const sections = (['cr', 'ram', 'sts', 'ims'] as const).map((product) => {
    const own = operations.filter((operation) => operation.product === product);
    const done = own.filter(({ name }) => built.has(name));
    const rows = own.map(({ name, addition }) => {
      const { action, level } = addition.authorization;
      const { refusal } = addition;
      const state = built.has(name) ? 'yes' : refusal ? `refused, \`${refusal.code}\`: ${refusal.message}` : 'not yet';
      return `| ${built.has(name) ? `[${name}](${name}.md)` : name} | ${state} | \`${action}\` | ${level} |\n`;
    });
    const refused = own.filter(({ addition }) => addition.refusal).length;
    const title = `## ${PRODUCTS[product]} (\`${product}\`, ${own[0]?.version}): ${done.length} of ${own.length}${refused === 0 ? '' : `, ${refused} refused`}`;
    return `${title}\n\n| operation | built | RAM action | level |\n|---|---|---|---|\n${rows.join('')}`;
  });
  return `# Coverage of the API

For every operation of product \`cr\`, the server checks the signature and the policies. An operation that is not built yet
answers \`NotImplemented\`; one that makes sense only in the vendor's cloud is refused with the reason. For \`ram\`, \`sts\` and \`ims\` the table lists what this server knows; other actions answer \`InvalidAction.NotFound\`. \`npm run gen\` makes this page.

${sections.join('\n')}`;
}

function operationPage(operation: SpecOperation, descriptions: Descriptions, errors: readonly string[]): string {
  const { name, product, version, request, response, addition } = operation;
  const { action, level, resource, or, also, from } = addition.authorization;
  const summary = addition.summary ?? descriptions.operations[name] ?? 'See the vendor’s description.';
  const example = requestExample(operation);
  const place = product === 'cr' ? 'cr:{Region}' : 'ram:';
  const arn = (path: string) => `\`acs:${place}:{Account}:${path}\``;
  const shown =
    resource === '*'
      ? '`*`'
      : `${arn(resource)}${or === undefined ? '' : ` or ${arn(or)}`}${also === undefined ? '' : ` and ${arn(also)}`}`;
  const marked = from === 'ours' ? ' (the vendor publishes none; this follows the pattern of similar actions)' : '';
  return `# ${name}

${summary}

Product \`${product}\`, version \`${version}\`. \`npm run gen\` makes this page from \`spec/\`.

## Debugging

    ./slipway call ${name}${example.map(([key, value]) => ` ${key}=${quoted(value)}`).join('')}

\`--show-signature\` shows what is signed, and how. To call it with the vendor's clients, see [clients](../clients.md).

## Authorization

| RAM action | level | resource | own condition keys |
|---|---|---|---|
| \`${action}\`${marked} | ${level} | ${shown} | none |

${addition.authorization.open ? 'Needs no permission, but a Deny statement applies.' : 'The account owner needs no permission.'}

## Request parameters

${parameterTable(request, addition, descriptions)}
## Reply

| field | type | meaning |
|---|---|---|
${replyRows(inOrder(response, addition.replyOrder), descriptions).join('')}
## Example

Request (with the [common parameters](../differences.md#requests) of its signature form):

    GET /?Action=${operation.action}&Version=${version}${example.map(([key, value]) => `&${key}=${encodeURIComponent(value)}`).join('')}&…

Reply (JSON):

\`\`\`json
${JSON.stringify(operation.sampleReply ?? replyExample(response), null, 2)}
\`\`\`

## Errors

| code | status | cause | what to do |
|---|---|---|---|
${errors.join('')}
[Errors](../errors.md) lists the codes that every call can answer in addition to these.
`;
}

function parameterTable(request: Fields, addition: SpecOperation['addition'], descriptions: Descriptions): string {
  const rows = Object.entries(request).map(([name, field]) => {
    const values = addition.validValues?.[name] ?? field.validValues;
    const only = values ? ` One of ${values.map((value) => `\`${value}\``).join(', ')}.` : '';
    const json = addition.jsonParameters?.includes(name) ? ', as one JSON text' : '';
    const meaning = `${describe(name, descriptions)}${only}`;
    const shown = Array.isArray(field.type) && json === '' ? `${name}.N` : name;
    return `| ${shown} | ${typeName(field.type)}${json} | ${field.required ? 'yes' : 'no'} | ${cell(field.example)} | ${meaning} |\n`;
  });
  if (rows.length === 0) return 'None.\n';
  const numbered = rows.some((row) => row.includes('.N |'))
    ? '\nIn a list, N counts from 1: `Name.1`, `Name.2`.\n'
    : '';
  return `| name | type | required | example | meaning |\n|---|---|---|---|---|\n${rows.join('')}${numbered}`;
}

/** The fields in the order that the vendor's page prints, if it prints one. */
function inOrder(fields: Fields, order: readonly string[] | undefined): Fields {
  if (!order) return fields;
  return Object.fromEntries(order.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])));
}

function replyRows(fields: Fields, descriptions: Descriptions, path = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const inner = innerFields(field.type);
    const own = `| ${path}${name} | ${typeName(field.type)} | ${describe(name, descriptions)} |\n`;
    return [
      own,
      ...(inner ? replyRows(inner, descriptions, `${path}${name}${Array.isArray(field.type) ? '[]' : ''}.`) : []),
    ];
  });
}

/** The description of a field; empty if there is none and the name must suffice. */
function describe(name: string, descriptions: Descriptions): string {
  return (descriptions.fields[name] ?? '').replaceAll('|', '\\|');
}

function requestExample({ request }: SpecOperation): [string, string][] {
  return Object.entries(request)
    .filter(([, field]) => field.required)
    .map(([name, field]) => [name, field.example ?? '…']);
}

function replyExample(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, exampleOf(field)]));
}

function exampleOf({ type, example, validValues }: Field): unknown {
  const inner = innerFields(type);
  if (Array.isArray(type)) return inner ? [replyExample(inner)] : [example ?? validValues?.[0] ?? ''];
  if (inner) return replyExample(inner);
  const text = example ?? validValues?.[0] ?? '';
  if (type === 'integer') return Number(text) || 0;
  if (type === 'boolean') return text === 'true';
  return text;
}

function innerFields(type: SpecType): Fields | undefined {
  const one = Array.isArray(type) ? type[0] : type;
  if (typeof one !== 'object' || Array.isArray(one) || ('map' in one && typeof one.map === 'string')) return undefined;
  return one as Fields;
}

function typeName(type: SpecType): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return `list of ${innerFields(type) ? 'objects' : String(type[0])}`;
  return 'object';
}

/** An example in a cell of a table. The vendor's may have several lines, and remarks after an empty one. */
function cell(example: string | undefined): string {
  const [shown = ''] = (example ?? '').split('\n\n');
  return shown === '' ? '' : `\`${shown.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
}

function quoted(value: string): string {
  return /^[\w.:/@-]+$/.test(value) ? value : `'${value}'`;
}

/** The operation's own errors, with the errors of every call that users meet most. */
function errorRows(product: SpecOperation['product'], own: readonly string[], codes: typeof ERROR_CODES): string[] {
  const denied = product === 'cr' ? 'NoPrivilege' : 'NoPermission';
  const named = new Set([denied, 'MissingParameter', 'InvalidParameter', ...own, 'SystemError']);
  return [...named].map((code) => {
    const { status, cause, fix } = codes[code as keyof typeof ERROR_CODES];
    return `| \`${code}\` | ${status} | ${cause} | ${fix} |\n`;
  });
}
