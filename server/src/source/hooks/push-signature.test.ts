import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signatureMistake } from './push-signature.ts';

const SECRET = 'it is a secret';
const BODY = Buffer.from('{"ref": "refs/heads/main"}\n');
const NOW_MS = 1_790_000_000_000;

function hmac(secret: string, body: Uint8Array = BODY): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function giteeSign(secret: string, timestamp: number): Record<string, string> {
  const token = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  return { 'x-gitee-token': token, 'x-gitee-timestamp': String(timestamp) };
}

test('accepts what each code host sends with the right secret', () => {
  for (const headers of [
    { 'x-gitea-signature': hmac(SECRET) },
    { 'x-hub-signature-256': `sha256=${hmac(SECRET)}` },
    { 'x-gitlab-token': SECRET },
    { 'x-gitee-token': SECRET },
    giteeSign(SECRET, NOW_MS - 60_000),
  ]) {
    assert.equal(signatureMistake(headers, BODY, SECRET, NOW_MS), undefined, JSON.stringify(headers));
  }
});

test('GitHub’s own example of a signature is accepted', () => {
  // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const body = Buffer.from('Hello, World!');
  const mistake = signatureMistake({ 'x-hub-signature-256': signature }, body, "It's a Secret to Everybody", NOW_MS);
  assert.equal(mistake, undefined);
});

test('refuses everything else', () => {
  const changed = Buffer.concat([BODY, Buffer.from(' ')]);
  for (const [headers, reason, body = BODY] of [
    [{}, /no signature/],
    [{ 'x-gitea-signature': hmac('other') }, /does not match/],
    [{ 'x-gitea-signature': hmac(SECRET) }, /does not match/, changed],
    [{ 'x-gitea-signature': `sha256=${hmac(SECRET)}` }, /does not match/],
    [{ 'x-hub-signature-256': hmac(SECRET) }, /does not match/],
    [{ 'x-hub-signature-256': 'sha256=' }, /does not match/],
    [{ 'x-hub-signature-256': `sha256=${hmac(SECRET)}` }, /does not match/, changed],
    [{ 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}` }, /SHA-1/],
    [{ 'x-gitlab-token': '' }, /no signature/],
    [{ 'x-gitlab-token': `${SECRET} ` }, /not the hook/],
    [{ 'x-gitee-token': 'other' }, /neither/],
    [giteeSign('other', NOW_MS), /neither/],
    [giteeSign(SECRET, NOW_MS - 3600_000), /too long ago/],
    [{ ...giteeSign(SECRET, NOW_MS - 3600_000), 'x-gitee-timestamp': String(NOW_MS) }, /neither/],
    [{ 'x-gitea-signature': hmac('other'), 'x-gitlab-token': SECRET }, /does not match/],
  ] as [Record<string, string>, RegExp, Buffer?][]) {
    assert.match(signatureMistake(headers, body, SECRET, NOW_MS) ?? 'accepted', reason, JSON.stringify(headers));
  }
});
