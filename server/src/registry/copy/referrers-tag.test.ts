import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../contents/push-manifest.ts';
import { subjectOf, withReferrer } from './referrers-tag.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}`;
const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const referrer = (artifactType: string) => ({
  bytes: Buffer.from(
    JSON.stringify({ schemaVersion: 2, artifactType, subject: { digest: SUBJECT }, annotations: { a: 'b' } }),
  ),
  mediaType: TYPE,
});

test('a registry that lists no referrers gets the list from us: what it has stays, and each referrer is in it once', () => {
  const [signature, sbom] = [referrer('x/signature'), referrer('x/sbom')];
  assert.equal(subjectOf(signature), SUBJECT);
  assert.equal(subjectOf({ bytes: Buffer.from('{"subject":{"digest":"sha512:1"}}'), mediaType: TYPE }), undefined);
  assert.equal(subjectOf({ bytes: Buffer.from('[]'), mediaType: TYPE }), undefined);
  const first = withReferrer(undefined, signature);
  const second = withReferrer(first?.bytes, sbom);
  const { manifests, mediaType } = JSON.parse(String(second?.bytes));
  assert.equal(mediaType, second?.mediaType);
  const entry = (each: typeof sbom, artifactType: string) => ({
    mediaType: TYPE,
    digest: digestOf(each.bytes),
    size: each.bytes.length,
    artifactType,
    annotations: { a: 'b' },
  });
  assert.deepEqual(manifests, [entry(signature, 'x/signature'), entry(sbom, 'x/sbom')]);
  assert.equal(withReferrer(second?.bytes, signature), undefined);
});

test('what is no list of referrers is not replaced', () => {
  for (const before of [
    '{}',
    'null',
    'no JSON',
    '{"manifests":{}}',
    JSON.stringify({ manifests: Array(1000).fill({}) }),
  ])
    assert.equal(withReferrer(Buffer.from(before), referrer('x/signature')), undefined, before.slice(0, 20));
});
