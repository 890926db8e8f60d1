import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { Attempt, Delivery, Receiver } from '#delivery/delivery.ts';
import { recipientsOf, refusedRecipient } from '#delivery/mail-recipients.ts';
import type { PinAddress } from '#registry/foreign/pinned-request.ts';
import { openTunnel } from '#registry/foreign/proxy-tunnel.ts';
import type { MailLimits } from '#rpc/context.ts';
import { withoutControls } from '#rpc/control-characters.ts';

/** The mail server that the operator names. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  isTls: boolean;
  /** Whether mail is sent without TLS if the server offers none. */
  allowsPlain: boolean;
  /** `slipway@example.com`, or `Slipway <slipway@example.com>`. */
  from: string;
  login: { user: string; password: string } | undefined;
}

export interface MailMeans {
  server: MailServer;
  limits: MailLimits;
  pin: PinAddress;
  /** Trusted certificates in PEM; undefined for the list of Node.js. */
  authorities: string | undefined;
}

/** For a whole mail. Shorter than the claim of a delivery. */
const MAIL_TIMEOUT_MS = 20_000;
const REPLY_LIMIT_CHARS = 1024;

/** What nodemailer's errors have. */
interface MailError extends Error {
  code?: string;
  response?: string;
}

/**
 * Sends a delivery as one mail to all recipients of its receiver, once. It never throws because of a mail server. The same delivery
 * has the same Message-ID in each attempt, so mailboxes can recognize a repeated one.
 */
export async function sendMail(
  means: MailMeans,
  { receiver, delivery, signal }: { receiver: Receiver; delivery: Delivery; signal: AbortSignal },
): Promise<Attempt> {
  const { server, limits } = means;
  const recipients = recipientsOf(receiver.url);
  const refusal = refusedRecipient(recipients, limits);
  if (refusal !== undefined) return { failure: refusal };
  const timeout = AbortSignal.timeout(MAIL_TIMEOUT_MS);
  const both = AbortSignal.any([signal, timeout]);
  try {
    const { createTransport } = await import('nodemailer');
    const socket = await openSocket(means, both);
    // nodemailer listens later, and an error without a listener would end the process.
    const broken = Promise.withResolvers<never>();
    socket.on('error', broken.reject);
    // Nothing else ends a mail server that says nothing, or a byte a second.
    both.addEventListener('abort', () => socket.destroy(), { once: true });
    if (both.aborted) socket.destroy();
    try {
      return await Promise.race([broken.promise, send(means, { createTransport, socket, recipients, delivery })]);
    } finally {
      socket.destroy();
    }
  } catch (cause) {
    if (timeout.aborted)
      return { failure: `the mail server did not take the mail within ${MAIL_TIMEOUT_MS / 1000} seconds` };
    return { failure: failureOf(cause as MailError, server) };
  }
}

interface Mailing {
  createTransport: typeof import('nodemailer').createTransport;
  socket: Socket;
  recipients: string[];
  delivery: Delivery;
}

async function send(
  { server, authorities }: MailMeans,
  { createTransport, socket, recipients, delivery }: Mailing,
): Promise<Attempt> {
  const { host, port, isTls, allowsPlain, from, login } = server;
  const transport = createTransport({
    host,
    port,
    secure: isTls,
    requireTLS: !isTls && !allowsPlain,
    getSocket: (_, done) => done(null, { connection: socket }),
    tls: {
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(authorities === undefined ? {} : { ca: authorities }),
    },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    greetingTimeout: MAIL_TIMEOUT_MS,
    socketTimeout: MAIL_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // What waited while its rule called a URL is not in the form of a mail.
  const end = delivery.contentType.startsWith('text/plain') ? delivery.body.indexOf('\n\n') : -1;
  const { response, rejected } = await transport.sendMail({
    from,
    to: recipients,
    subject: end < 0 ? delivery.eventType : delivery.body.slice(0, end),
    text: end < 0 ? delivery.body : delivery.body.slice(end + 2),
    messageId: `<${delivery.deliveryId}@${domainOf(from)}>`,
    date: new Date(delivery.createdMs),
    // RFC 3834: no out-of-office replies.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Slipway-Delivery': delivery.deliveryId },
  });
  const refused = rejected.length === 0 ? '' : `; it refused ${rejected.join(', ')}`;
  return { reply: `${response}${refused}`.slice(0, REPLY_LIMIT_CHARS) };
}

async function openSocket({ server, pin }: MailMeans, signal: AbortSignal): Promise<Socket> {
  const { host, port } = server;
  const route = await pin(host);
  if ('proxy' in route) return openTunnel(route.proxy, { host, port }, { signal, idleTimeoutMs: MAIL_TIMEOUT_MS });
  const socket = connect({ host: route.address, port });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** What went wrong, with the setting that may be wrong. All who may list deliveries read it, so it never has the password. */
function failureOf({ code, message, response }: MailError, { host, port, isTls, login }: MailServer): string {
  const told =
    response === undefined ? message : `it answered ${withoutControls(response.slice(0, REPLY_LIMIT_CHARS))}`;
  const answered = login === undefined ? told : told.replaceAll(login.password, '***');
  const at = `the mail server ${host}:${port}`;
  if (code === 'EAUTH') return `${at} refused the login; check smtp-user and smtp-password-file (${answered})`;
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return `${at} refused the mail: ${answered}`;
  if (code === 'ETLS' || /certificate|SSL|TLS/i.test(message))
    return isTls
      ? `${at} cannot be reached with TLS; check smtp-url and trusted-ca-file (${message})`
      : `${at} cannot be reached with STARTTLS; check smtp-url and trusted-ca-file, or allow mail without TLS with smtp-plain (${message})`;
  return `${at} cannot be reached: ${answered}`;
}

function domainOf(from: string): string {
  return /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
}
