import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ANY_ADDRESS } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import type { Delivery } from '#delivery/delivery.ts';
import { makeAuthority } from '../../../test/support/peers/certificates.ts';
import { temporaryFolder } from '../../../test/support/slipway.ts';
import { type MailServer, sendMail } from './send-mail.ts';
import { startMailServer } from './testing/mail-server.ts';

const BODY = 'Build failed: team/app:v1: exit 2\n\nBuild failed: team/app:v1\nexit 2\n.\n.hidden\nüber\n';
const DELIVERY = {
  deliveryId: 'crecrr-1',
  createdMs: 1_700_000_000_000,
  contentType: 'text/plain; charset=utf-8',
  body: BODY,
} as Delivery;
const LOGIN = { user: 'slipway', password: 'pa$$ wörd' };

function send(
  port: number,
  server: Partial<MailServer> = {},
  more: { to?: string; domains?: string[]; authorities?: string; signal?: AbortSignal } = {},
) {
  const {
    to = 'ann@example.com,bob@example.com',
    domains = [],
    authorities,
    signal = new AbortController().signal,
  } = more;
  const pin = (host: string) => findRoute(host, ANY_ADDRESS, { proxy: undefined, direct: [] });
  const all = { isTls: false, allowsPlain: true, from: 'Slipway <slipway@example.com>', login: undefined };
  return sendMail(
    { server: { host: '127.0.0.1', port, ...all, ...server }, limits: { domains }, pin, authorities },
    { receiver: { receiverId: 'crecr-1', url: `mailto:${to}`, secret: undefined }, delivery: DELIVERY, signal },
  );
}

test('a connection that breaks as soon as it is open fails the attempt, and nothing else', async (context) => {
  const { port, taken } = await startMailServer(context, { disabledCommands: ['STARTTLS'] });
  const breakOnce = (message: unknown) => {
    unsubscribe('net.client.socket', breakOnce);
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => setImmediate(() => socket.destroy(new Error('read ECONNRESET'))));
  };
  subscribe('net.client.socket', breakOnce);
  const { failure } = await send(port);
  assert.equal(failure, `the mail server 127.0.0.1:${port} cannot be reached: read ECONNRESET`);
  assert.equal((await send(port)).failure, undefined);
  assert.equal(taken.length, 1);
});

test('a mail goes to all recipients with subject, text, and a Message-ID that stays the same', async (context) => {
  const { port, taken } = await startMailServer(context, { disabledCommands: ['STARTTLS'] });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { reply, failure } = await send(port);
    assert.equal(failure, undefined);
    assert.match(reply ?? '', /^250 taken/);
  }
  const [first = assert.fail(), second = assert.fail()] = taken;
  const header = (mail: typeof first, wanted: string) => mail.headers.find(([name]) => name === wanted)?.[1];
  assert.deepEqual([first.from, first.to], ['slipway@example.com', ['ann@example.com', 'bob@example.com']]);
  assert.equal(header(first, 'Subject'), 'Build failed: team/app:v1: exit 2');
  assert.equal(header(first, 'From'), 'Slipway <slipway@example.com>');
  assert.equal(header(first, 'Message-ID'), '<crecrr-1@example.com>');
  assert.equal(header(second, 'Message-ID'), header(first, 'Message-ID'));
  assert.equal(header(first, 'Auto-Submitted'), 'auto-generated');
  assert.equal(first.body, BODY.slice(BODY.indexOf('\n\n') + 2));
});

test('the server is logged in to after STARTTLS, and its certificate must be trusted', async (context) => {
  const { tls, authorities } = certified(context);
  const { port, taken } = await startMailServer(context, {
    ...tls,
    authOptional: false,
    onAuth: (auth, _, done) =>
      auth.username === LOGIN.user && auth.password === LOGIN.password
        ? done(null, { user: auth.username })
        : done(new Error('wrong user or password')),
  });
  const untrusted = await send(port, { login: LOGIN, allowsPlain: false });
  assert.match(untrusted.failure ?? '', /STARTTLS; check smtp-url and trusted-ca-file.*certificate/);
  const wrong = await send(port, { login: { ...LOGIN, password: 's3cret' }, host: 'localhost' }, { authorities });
  assert.match(wrong.failure ?? '', /refused the login; check smtp-user and smtp-password-file/);
  assert.doesNotMatch(wrong.failure ?? '', /s3cret/);
  const right = await send(port, { login: LOGIN, host: 'localhost', allowsPlain: false }, { authorities });
  assert.equal(right.failure, undefined);
  assert.deepEqual(
    taken.map(({ user, isEncrypted }) => [user, isEncrypted]),
    [['slipway', true]],
  );
});

test('smtps:// speaks TLS from the first byte', async (context) => {
  const { tls, authorities } = certified(context);
  const { port, taken } = await startMailServer(context, { ...tls, secure: true });
  assert.equal((await send(port, { isTls: true, host: 'localhost' }, { authorities })).failure, undefined);
  assert.equal(taken[0]?.isEncrypted, true);
});

test('without STARTTLS at the server nothing is sent, unless the operator allows it', async (context) => {
  const { port, taken } = await startMailServer(context, { disabledCommands: ['STARTTLS'] });
  const { failure } = await send(port, { allowsPlain: false });
  assert.match(failure ?? '', /cannot be reached with STARTTLS.*smtp-plain/);
  assert.equal(taken.length, 0);
});

test('a mail that one recipient gets is delivered, and the reply names the refused one; if all are refused, it has failed', async (context) => {
  const { port, taken } = await startMailServer(context, {
    disabledCommands: ['STARTTLS'],
    refuses: 'bob@example.com',
  });
  const { reply, failure } = await send(port);
  assert.equal(failure, undefined);
  assert.match(reply ?? '', /it refused bob@example\.com/);
  assert.match((await send(port, {}, { to: 'bob@example.com' })).failure ?? '', /refused the mail:.*550/);
  assert.equal(taken.length, 1);
});

test('a domain that the operator does not allow any more gets no mail', async (context) => {
  const { port, taken } = await startMailServer(context, { disabledCommands: ['STARTTLS'] });
  const { failure } = await send(port, {}, { domains: ['example.org'] });
  assert.match(failure ?? '', /ann@example\.com may not get mail: the setting mail-domains allows example\.org/);
  assert.equal((await send(port, {}, { domains: ['EXAMPLE.com'] })).failure, undefined);
  assert.equal(taken.length, 1);
});

test('a server that is away or says nothing ends the attempt, and a closing server does not wait for it', async (context) => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  context.after(() => silent.close());
  const closing = new AbortController();
  const attempt = send(port, {}, { signal: closing.signal });
  await new Promise((resolve) => silent.once('connection', resolve));
  closing.abort();
  assert.notEqual((await attempt).failure, undefined);
  assert.match((await send(9)).failure ?? '', /127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED/);
});

/** A certificate for the mail server, and the authority that issued it. */
function certified(context: TestContext) {
  const authority = makeAuthority(temporaryFolder(context));
  const { cert, key } = authority.issue('127.0.0.1');
  return {
    tls: { cert: readFileSync(cert), key: readFileSync(key) },
    authorities: readFileSync(authority.certificate, 'utf8'),
  };
}
