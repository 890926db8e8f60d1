import type { errorCodes } from '../server/src/rpc/error-codes.ts';
import type { Field, Fields, SpecOperation, SpecType } from './spec-operations.ts';

/** Sentences of ours by the names of operations and fields. */
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

/** `docs/api/<Action>.md` of every operation that is built, and `docs/api/coverage.md` of all. */
export function apiPages(
  operations: readonly SpecOperation[],
  built: ReadonlySet<string>,
  descriptions: Descriptions,
  errors: ReadonlyMap<string, readonly string[]>,
  codes: typeof errorCodes,
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

Every operation of product \`cr\` is routed, its signature checked and its policy decided. One that is not built yet
answers \`NotImplemented\`, one that means something of the vendor's alone is refused with its reason. Of \`ram\`, \`sts\` and \`ims\` the table holds what this server knows; other actions are answered
\`InvalidAction.NotFound\`. Made by \`node tools/generate.ts\`.

${sections.join('\n')}`;
}

function operationPage(operation: SpecOperation, descriptions: Descriptions, errors: readonly string[]): string {
  const { name, product, version, request, response, addition } = operation;
  const { action, level, resource, or, also, from } = addition.authorization;
  const summary = addition.summary ?? descriptions.operations[name] ?? 'As the vendor describes it.';
  const example = requestExample(operation);
  const place = product === 'cr' ? 'cr:{Region}' : 'ram:';
  const arn = (path: string) => `\`acs:${place}:{Account}:${path}\``;
  const shown =
    resource === '*'
      ? '`*`'
      : `${arn(resource)}${or === undefined ? '' : ` or ${arn(or)}`}${also === undefined ? '' : ` and ${arn(also)}`}`;
  const marked = from === 'ours' ? ' (the vendor publishes none; this is by the pattern of its neighbours)' : '';
  return `# ${name}

${summary}

Product \`${product}\`, version \`${version}\`. Made by \`node tools/generate.ts\` from \`spec/\`.

## Debugging

    ./slipway call ${name}${example.map(([key, value]) => ` ${key}=${quoted(value)}`).join('')}

\`--show-signature\` shows what is signed, and how. [Clients](../clients.md) of the vendor call it by their own settings.

## Authorization

| RAM action | level | resource | condition keys of its own |
|---|---|---|---|
| \`${action}\`${marked} | ${level} | ${shown} | none |

${addition.authorization.open ? 'Needs no permission; a Deny denies it.' : 'The owner of the account needs no permission.'}

## Request parameters

${parameterTable(request, addition, descriptions)}
## Reply

| field | type | meaning |
|---|---|---|
${replyRows(inOrder(response, addition.replyOrder), descriptions).join('')}
## Example

Request (with the [common parameters](../differences.md#requests) of the form it is signed in):

    GET /?Action=${operation.action}&Version=${version}${example.map(([key, value]) => `&${key}=${encodeURIComponent(value)}`).join('')}&…

Reply (JSON):

\`\`\`json
${JSON.stringify(operation.sampleReply ?? replyExample(response), null, 2)}
\`\`\`

## Errors

| code | status | cause | what to do |
|---|---|---|---|
${errors.join('')}
What any call can be answered beside these stands in [errors](../errors.md).
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
  if (rows.length === 0) return 'None of its own.\n';
  const numbered = rows.some((row) => row.includes('.N |'))
    ? '\nOf a list, N counts from 1: `Name.1`, `Name.2`.\n'
    : '';
  return `| name | type | required | example | meaning |\n|---|---|---|---|---|\n${rows.join('')}${numbered}`;
}

/** The fields as they are written, where a page of the vendor prints an order. */
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

/** What is said of a field; its name must do where nothing is. */
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

function cell(example: string | undefined): string {
  return example === undefined ? '' : `\`${example.replaceAll('|', '\\|')}\``;
}

function quoted(value: string): string {
  return /^[\w.:/@-]+$/.test(value) ? value : `'${value}'`;
}

/** The errors of its own, among those of every call that its users meet most. */
function errorRows(product: SpecOperation['product'], own: readonly string[], codes: typeof errorCodes): string[] {
  const denied = product === 'cr' ? 'NoPrivilege' : 'NoPermission';
  const named = new Set([denied, 'MissingParameter', 'InvalidParameter', ...own, 'SystemError']);
  return [...named].map((code) => {
    const { status, cause, fix } = codes[code as keyof typeof errorCodes];
    return `| \`${code}\` | ${status} | ${cause} | ${fix} |\n`;
  });
}
