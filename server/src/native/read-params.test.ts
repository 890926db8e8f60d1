import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import type { BodyShape, NativeSpec } from './native-spec.ts';
import { paramsReader } from './read-params.ts';
import { nativeSpecs } from './spec.gen.ts';

interface Wrong {
  path: string;
  body: Record<string, unknown>;
}

test('refuses, naming the field, a field of any body that has the wrong type or is one too many', () => {
  let refused = 0;
  for (const [name, spec] of Object.entries(nativeSpecs)) {
    if (spec.body === undefined) continue;
    const read = paramsReader({ ...spec, query: {}, places: {} });
    for (const { path, body } of wrongBodies(spec.body)) {
      const request = { params: {}, url: spec.path, raw: { url: spec.path }, body: Buffer.from(JSON.stringify(body)) };
      assert.throws(
        () => read(request as unknown as FastifyRequest),
        ({ code, message }) => code === 'InvalidParameter' && message.includes(`"${path}"`),
        `${name}: ${JSON.stringify(body).slice(0, 120)}`,
      );
      refused += 1;
    }
  }
  assert.ok(refused > 100, `${refused} bodies were tried`);
});

test('refuses a NUL character in any text of a path or query, naming it', () => {
  const refusal = (name: string) => (error: Error) => error.message.includes(`"${name}" is not valid: it has a NUL`);
  for (const { body: _, ...spec } of Object.values(nativeSpecs as Record<string, NativeSpec>)) {
    const read = paramsReader(spec);
    for (const name of Object.keys(spec.query)) {
      const url = `${spec.path}?${name}=a%00b`;
      assert.throws(() => read({ params: {}, url, raw: { url } } as unknown as FastifyRequest), refusal(name), url);
    }
    for (const name of Object.keys(spec.places)) {
      const request = { params: { [name]: 'a\0b' }, url: spec.path, raw: { url: spec.path } };
      assert.throws(() => read(request as unknown as FastifyRequest), refusal(name), spec.path);
    }
  }
});

test('an empty value in a query is absent in a GET, and refused in a call that changes something', () => {
  for (const [name, spec] of Object.entries(nativeSpecs)) {
    const optional = Object.keys(spec.query).find((key) => !spec.query[key]?.required);
    if (optional === undefined) continue;
    const { body: _, method, ...rest } = spec;
    const url = `${spec.path}?${optional}=`;
    const read = paramsReader({ ...rest, method, query: { [optional]: spec.query[optional] ?? {} }, places: {} });
    const act = () => read({ method, params: {}, url, raw: { url } } as unknown as FastifyRequest)[optional];
    if (method === 'GET') assert.equal(act(), undefined, name);
    else assert.throws(act, { code: 'InvalidParameter' }, name);
  }
});

function wrongBodies(shape: BodyShape): Wrong[] {
  if (!('fields' in shape)) throw new Error('a body is an object');
  return Object.entries(shape.fields).flatMap(([name, field]) =>
    wrongValues(name, field).map(({ path, value }) => ({ path, body: { ...good(shape.fields), [name]: value } })),
  );
}

/** Values that a shape refuses, each with the path that the refusal names. */
function wrongValues(path: string, shape: BodyShape): { path: string; value: unknown }[] {
  const plain = (value: unknown) => ({ path, value });
  if ('items' in shape) {
    const { items, maxItems } = shape;
    const tooMany = maxItems === undefined ? [] : [plain(new Array(maxItems + 1).fill('x'))];
    const inside = wrongValues(`${path}[0]`, items).map(({ path: at, value }) => ({ path: at, value: [value] }));
    return [plain('x'), plain({}), plain(null), ...tooMany, ...inside];
  }
  if ('map' in shape) {
    const inside = wrongValues(`${path}.a`, shape.map).map(({ path: at, value }) => ({
      path: at,
      value: { a: value },
    }));
    return [plain('x'), plain([]), plain(null), ...inside];
  }
  if ('fields' in shape) {
    const inside = Object.entries(shape.fields).flatMap(([name, field]) =>
      wrongValues(`${path}.${name}`, field).map(({ path: at, value }) => ({
        path: at,
        value: { ...good(shape.fields), [name]: value },
      })),
    );
    return [plain('x'), plain([]), plain(null), ...inside];
  }
  if (shape.type === 'boolean') return [plain('true'), plain(1), plain(null)];
  if (shape.type === 'integer') return [plain('1'), plain(1.5), plain(null)];
  return [
    plain(5),
    plain(true),
    plain([]),
    plain({}),
    plain(null),
    plain('a\0b'),
    ...(shape.enum ? [plain('none of them')] : []),
  ];
}

/** What a body needs in addition to a wrong value, so that only that value is refused. */
function good(fields: Readonly<Record<string, BodyShape>>): Record<string, unknown> {
  const required = Object.entries(fields).filter(([, { required }]) => required);
  return Object.fromEntries(required.map(([name, shape]) => [name, goodValue(shape)]));
}

function goodValue(shape: BodyShape): unknown {
  if ('items' in shape) return [];
  if ('map' in shape) return {};
  if ('fields' in shape) return good(shape.fields);
  if (shape.type === 'boolean') return true;
  return shape.type === 'integer' ? (shape.minimum ?? 1) : (shape.enum?.[0] ?? 'x');
}
