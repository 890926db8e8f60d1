import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { callAs, type KeyUnderTest, type ReplyUnderTest } from '../../server/src/gateway/testing/caller.ts';
import type { GatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { type Action, operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { cleanEnvironment } from '../support/slipway.ts';
import { unreadFields } from './read-fields.ts';
import { type Recorder, startRecorder } from './recorder.ts';

/** A driver's answer to a call: one of these. */
interface Answer {
  /** The body as the SDK's types read it. */
  read?: unknown;
  /** The code of the error that the SDK reports. */
  code?: string;
  /** What the SDK does not know: the operation, or one of its parameters. */
  unknown?: string;
  /** An error in the SDK itself. */
  failed?: string;
}

/**
 * Calls operations of cr through a program that uses one of the vendor's SDKs, and those of other products directly.
 * Compares each value that the server sent with what the SDK read. Calls that the SDK does not know are made directly
 * too, and reported through `unknown`.
 */
export class Driver implements AsyncDisposable {
  readonly unknown = new Set<string>();
  readonly called = new Set<Action>();
  /** The fields that were sent and that the SDK has no place for: `GetChain.ChainConfig.Version`. */
  readonly unread = new Set<string>();
  readonly #command: readonly [string, ...string[]];
  readonly #env: Record<string, string>;
  #running:
    | {
        recorder: Recorder;
        child: ChildProcessByStdio<Writable, Readable, null>;
        lines: AsyncIterator<string>;
        closed: Promise<unknown>;
      }
    | undefined;

  constructor(command: readonly [string, ...string[]], env: Record<string, string> = {}) {
    this.#command = command;
    this.#env = env;
  }

  readonly call = async (
    gateway: GatewayUnderTest,
    key: KeyUnderTest,
    action: Action,
    params: Record<string, string> = {},
  ): Promise<ReplyUnderTest> => {
    if (operationSpecs[action].product !== 'cr') return callAs(gateway, key, action, params);
    const { recorder, answer } = await this.#ask(gateway, action, params);
    if (answer.failed !== undefined) throw new Error(`${action}: the SDK failed: ${answer.failed}`);
    if (answer.unknown !== undefined) {
      this.unknown.add(answer.unknown);
      return callAs(gateway, key, action, params);
    }
    const sent = recorder.take();
    assert.ok(sent, `${action}: the SDK asked nothing`);
    this.called.add(action);
    if (answer.code !== undefined) assert.equal(answer.code, sent.body.Code, action);
    else for (const field of unreadFields(action, sent.body, answer.read)) this.unread.add(field);
    return sent;
  };

  async #ask(gateway: GatewayUnderTest, action: Action, params: Record<string, string>) {
    this.#running ??= await this.#run(gateway);
    const { child, lines, recorder } = this.#running;
    child.stdin.write(`${JSON.stringify({ action, params: structured(params) })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the driver ended at ${action}`);
    return { recorder, answer: JSON.parse(value) as Answer };
  }

  async #run({ accessKeyId, accessKeySecret, host }: GatewayUnderTest) {
    const recorder = await startRecorder(host);
    const [program, ...args] = this.#command;
    const env = cleanEnvironment({
      ...this.#env,
      KEY_ID: accessKeyId,
      KEY_SECRET: accessKeySecret,
      HOST: recorder.host,
    });
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { recorder, child, lines, closed: once(child, 'close') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#running) return;
    const { child, closed, recorder } = this.#running;
    child.stdin.end();
    await closed;
    await recorder[Symbol.asyncDispose]();
  }
}

/** `Platforms.1` as an item of a list, and `Tag.1.Key` as a field of one: the SDKs flatten them themselves. */
function structured(params: Record<string, string>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(params)) {
    const [name = '', place, field] = path.split('.');
    if (place === undefined) {
      made[name] = value;
      continue;
    }
    made[name] ??= [];
    const items = made[name] as unknown[];
    const at = Number(place) - 1;
    items[at] = field === undefined ? value : { ...(items[at] as object | undefined), [field]: value };
  }
  return made;
}
