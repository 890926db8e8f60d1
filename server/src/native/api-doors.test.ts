import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendWhenAsked } from '#routes/testing/waiting-request.ts';
import { startApiUnderTest } from './testing/api.ts';

test('no route of the native API reads the body of an unsigned request, except signing in, which reads a small one', async (t) => {
  const api = await startApiUnderTest(t);
  const document = (await (await fetch(`${api.endpoint}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['post', 'put', 'delete'].includes(method))
      .map((method) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') })),
  );
  assert.ok(routes.length > 10, JSON.stringify(routes));
  const anybody = /\/session\/(password|renew)$/;
  for (const { method, path } of [...routes, { method: 'POST', path: '/api/v1/nowhere' }]) {
    for (const type of ['application/json', 'application/x-tar', 'text/plain']) {
      const url = api.endpoint + (path.startsWith('/api/') ? path : `/api/v1${path}`);
      const sent = { method, headers: { 'content-type': type }, body: Buffer.alloc(2 ** 20) };
      const { asked, status, text } = await sendWhenAsked(url, sent);
      assert.equal(asked, false, `${method} ${path} ${type} ${text}`);
      if (path.endsWith('/nowhere')) assert.equal(status, 404);
      else if (anybody.test(path)) assert.ok(status === 413 || status === 415, `${path} ${status}`);
      else
        assert.match(
          text,
          /"Code":"(MissingParameter|InvalidParameter|IncompleteSignature|[\w.]*AccessKey[\w.]*)"/,
          path,
        );
    }
  }
  const signed = { authorization: api.authorization, 'content-type': 'application/json' };
  const answered = await sendWhenAsked(`${api.endpoint}/api/v1/builds`, { headers: signed, body: Buffer.from('{}') });
  assert.deepEqual([answered.asked, answered.status], [true, 400], answered.text);
});
