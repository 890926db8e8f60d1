import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { accountKeys } from '#account/keys/account-keys.ts';
import { CallRecord } from '#audit/call-record.ts';
import type { KeyUnderTest } from '#gateway/testing/caller.ts';
import type { GatewayUnderTest } from '#gateway/testing/gateway.ts';
import { SignInGate } from '#native/sign-in-gate.ts';
import { registryService } from '#registry/registry-service.ts';
import type { Grant } from '#registry/tokens/scope.ts';
import { openSigningKey } from '#registry/tokens/signing-key.ts';
import { answerTokenRequest, type LoginOrigin } from '#registry/tokens/token-service.ts';
import { type Registry, registryQuestions } from '#wiring/registry.ts';

/** A user name and password, or a key pair, which are one to the registry. */
type Login = KeyUnderTest | { user: string; password: string };

/** Opens a registry's login over the account of a gateway: `login` answers the actions that the token allows on `ns/app`, or a status. */
export async function openLogin(gateway: GatewayUnderTest) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-login-'));
  const { db, secrets, accountId, regionId, now } = gateway.means;
  const calls = new CallRecord({ db, now, keepMs: 1e12, keepRows: 1e6, onFault: assert.ifError });
  const { instanceId } = gateway;
  const service = registryService(regionId, instanceId);
  const questions = registryQuestions({
    registry: { key: await openSigningKey(folder, (make) => make()), service } as Registry,
    keys: accountKeys({ root: { ...gateway, accountId }, db, secrets, onFault: assert.ifError }),
    means: gateway.means,
    instanceId,
    gate: new SignInGate(db),
    calls,
  });
  const ask = async (
    login: Login,
    origin: Partial<LoginOrigin>,
    scopes: string[],
    asked: { service?: string } = {},
  ) => {
    const pair = 'user' in login ? [login.user, login.password] : [login.accessKeyId, login.accessKeySecret];
    const requestId = randomUUID().toUpperCase();
    const answer = await answerTokenRequest(
      {
        requestId,
        origin: { sourceIp: undefined, secureTransport: false, ...origin },
        authorization: `Basic ${Buffer.from(pair.join(':')).toString('base64')}`,
        service: asked.service,
        scopes,
      },
      questions,
    );
    return { requestId, answer };
  };
  const login = async (as: Login, origin: Partial<LoginOrigin> = {}): Promise<string> => {
    const { answer } = await ask(as, origin, ['repository:ns/app:pull,push']);
    if (!('body' in answer)) return String(answer.status);
    const { access } = decodeJwt<{ access: Grant[] }>(answer.body.token);
    return access.map(({ actions }) => actions.join()).join();
  };
  const dispose = async () => {
    await calls.close();
    await rm(folder, { recursive: true });
  };
  return { ask, login, calls, questions, service, [Symbol.asyncDispose]: dispose };
}
