import type { Command } from 'commander';
import { parseNameValues } from '../input/name-value.ts';
import { Output, writeError } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

/** `slipway call ACTION K=V…`: any operation of the API, signed. */
export function registerCall(program: Command): void {
  withServer(
    program
      .command('call')
      .description('call an operation of the API')
      .argument('<action>', 'name of the operation, such as ListRepoBuildRecordLog')
      .argument('[parameters...]', 'NAME=VALUE each; without InstanceId, the one of the server')
      .option('--show-signature', 'show on standard error what is signed and how', false)
      .option('--json', 'print the reply on one line, and errors as JSON too', false),
  ).action(async (action: string, parameters: string[], options: CallOptions) => {
    const given = parseNameValues(parameters);
    // Loaded only here, so that every other command starts faster.
    const { checkCall } = await import('../input/call-parameters.ts');
    const { needsInstance, remarks } = checkCall(action, given);
    for (const remark of remarks) say(remark);
    await onServer(options, async (server) => {
      const params = needsInstance ? { InstanceId: server.instanceId, ...given } : given;
      if (options.showSignature) await explain(server, action, params);
      const reply = await server.client.callAny(action, params);
      const output = new Output();
      await output.write(`${jsonText(reply, output.terminal, options.json ? undefined : 2)}\n`);
    });
  });
}

interface CallOptions extends ServerOptions {
  showSignature: boolean;
  json: boolean;
}

async function explain(server: Server, action: string, params: Record<string, string>): Promise<void> {
  const { url, headers, canonicalRequest, stringToSign, signature } = await server.client.explain(action, params);
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  writeError(
    [
      `POST ${url}`,
      ...sent,
      '',
      '1. the canonical request:',
      canonicalRequest,
      '',
      '2. the string to sign: the signature algorithm, and the SHA-256 of the canonical request:',
      stringToSign,
      '',
      '3. the signature: HMAC-SHA256 of the string to sign with the AccessKey secret, in hex:',
      signature,
      '',
      '(The real call is signed again, with its own nonce and time.)',
      '',
    ].join('\n'),
  );
}
