import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { callAs, type KeyUnderTest, type ReplyUnderTest } from '../../server/src/gateway/testing/caller.ts';
import type { GatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { cleanEnvironment } from '../support/slipway.ts';

/** A driver's answer to a call. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** The body as the types of the reply read it, if the driver reports it separately from the raw body. */
  typed?: unknown;
  /** What the SDK does not know: the operation, or one of its parameters. */
  unknown?: string;
  /** An error in the SDK itself. */
  failed?: string;
}

/**
 * Calls operations of cr through a program that uses one of the vendor's SDKs, and those of other products directly.
 * Calls that the SDK does not know are made directly too, and reported through `unknown`. `check` checks each answer.
 */
export class Driver implements AsyncDisposable {
  readonly unknown = new Set<string>();
  readonly called = new Set<Action>();
  readonly #start: (env: Record<string, string>) => ChildProcessByStdio<Writable, Readable, null>;
  readonly #check: (action: Action, answer: Answer) => void;
  #running:
    | { child: ChildProcessByStdio<Writable, Readable, null>; lines: AsyncIterator<string>; closed: Promise<unknown> }
    | undefined;

  constructor(
    command: readonly [string, ...string[]],
    options: { env?: Record<string, string>; check?: (action: Action, answer: Answer) => void } = {},
  ) {
    const [program, ...args] = command;
    this.#start = (env) =>
      spawn(program, args, { env: cleanEnvironment({ ...options.env, ...env }), stdio: ['pipe', 'pipe', 'inherit'] });
    this.#check = options.check ?? (() => undefined);
  }

  readonly call = async (
    gateway: GatewayUnderTest,
    key: KeyUnderTest,
    action: Action,
    params: Record<string, string> = {},
  ): Promise<ReplyUnderTest> => {
    if (operationSpecs[action].product !== 'cr') return callAs(gateway, key, action, params);
    const answer = await this.#ask(gateway, action, params);
    if (answer.failed !== undefined) throw new Error(`${action}: the SDK failed: ${answer.failed}`);
    if (answer.unknown !== undefined) {
      this.unknown.add(answer.unknown);
      return callAs(gateway, key, action, params);
    }
    this.called.add(action);
    this.#check(action, answer);
    return answer;
  };

  async #ask(gateway: GatewayUnderTest, action: Action, params: Record<string, string>): Promise<Answer> {
    this.#running ??= this.#run(gateway);
    const { child, lines } = this.#running;
    child.stdin.write(`${JSON.stringify({ action, params })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the driver ended at ${action}`);
    return JSON.parse(value) as Answer;
  }

  #run({ accessKeyId, accessKeySecret, host }: GatewayUnderTest) {
    const child = this.#start({ KEY_ID: accessKeyId, KEY_SECRET: accessKeySecret, HOST: host });
    child.stdin.on('error', () => undefined);
    return {
      child,
      lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
      closed: once(child, 'close'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#running) return;
    const { child, closed } = this.#running;
    child.stdin.end();
    await closed;
  }
}
