import { test } from 'node:test';
import { callAs } from '../../server/src/gateway/testing/caller.ts';
import { checkEveryReply } from '../support/replies/every-reply.ts';

test('each operation sends every field that is declared for its reply, in the declared type', () =>
  checkEveryReply(callAs));
