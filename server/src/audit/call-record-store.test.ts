import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { type CallCursor, type CallFilter, listCalls } from './call-record-store.ts';

/** A record of these calls, one per millisecond. A call's `request_id` is its index. */
async function recordOf(
  calls: { caller?: string; action?: string; denied?: number; code?: string; timeMs?: number }[],
) {
  const db = await openDatabaseUnderTest();
  for (const [index, { caller, action, denied, code, timeMs }] of calls.entries()) {
    const row = {
      time_ms: timeMs ?? index,
      request_id: String(index),
      caller_arn: `acs:ram::1:${caller ?? 'root'}`,
      access_key_id: caller === undefined ? 'owner' : 'other',
      action: action ?? 'cr:GetInstance',
      resource: '*',
      source_ip: null,
      denied: denied ?? 0,
      code: code ?? 'success',
      calls: 1,
    };
    await db.insertInto('call_record').values(row).execute();
  }
  const list = async (filter: CallFilter, page = { limit: 100, scanLimit: 100 }) =>
    (await listCalls(db, filter, page)).calls.map(({ requestId }) => Number(requestId));
  return { db, list, [Symbol.asyncDispose]: () => db.destroy() };
}

test('filters calls by caller, key, action, result and time, alone or combined, newest first', async () => {
  await using it = await recordOf([
    {},
    { caller: 'user/eve', denied: 1, code: 'NoPrivilege' },
    { caller: 'user/eve', action: 'cr:DeleteRepository', code: 'REPO_NOT_EXIST' },
    { caller: 'user/evelyn', action: 'cr:deleteNamespace', code: 'allowed' },
    { caller: 'user/%', action: 'ram:DeleteUser', denied: 1, code: 'NoPermission' },
  ]);
  const cases: [filter: CallFilter, expected: number[]][] = [
    [{}, [4, 3, 2, 1, 0]],
    [{ caller: 'acs:ram::1:user/eve' }, [2, 1]],
    [{ caller: 'acs:ram::1:user/EVE*' }, [3, 2, 1]],
    [{ caller: 'acs:ram::1:user/%*' }, [4]],
    [{ caller: '*' }, [4, 3, 2, 1, 0]],
    [{ accessKeyId: 'owner' }, [0]],
    [{ action: 'CR:Delete*' }, [3, 2]],
    [{ action: 'cr:getinstance' }, [1, 0]],
    [{ result: 'denied' }, [4, 1]],
    [{ result: 'allowed' }, [3, 2, 0]],
    [{ result: 'failed' }, [2]],
    [{ result: 'NoPrivilege' }, [1]],
    [{ sinceMs: 1, untilMs: 3 }, [2, 1]],
    [{ caller: 'acs:ram::1:user/eve', result: 'denied', action: 'cr:*' }, [1]],
  ];
  for (const [filter, expected] of cases) assert.deepEqual(await it.list(filter), expected, JSON.stringify(filter));
});

test('pages list every call exactly once, whatever the page size and scan limit', async () => {
  const rare = (index: number) => index % 7 === 0;
  // Many calls share a time, so the call's number decides their order.
  await using it = await recordOf(
    Array.from({ length: 60 }, (_, index) => ({
      timeMs: Math.floor(index / 20),
      ...(rare(index) ? { caller: 'user/r' } : {}),
    })),
  );
  const expected = Array.from({ length: 60 }, (_, index) => 59 - index).filter(rare);
  for (const limit of [1, 2, 100]) {
    for (const scanLimit of [1, 3, 20, 60, 1000]) {
      const seen: number[] = [];
      let before: CallCursor | undefined;
      do {
        const { calls, next } = await listCalls(it.db, { caller: 'acs:ram::1:user/r' }, { limit, scanLimit, before });
        assert.ok(calls.length <= limit);
        seen.push(...calls.map(({ requestId }) => Number(requestId)));
        before = next;
      } while (before);
      assert.deepEqual(seen, expected, `${limit} of ${scanLimit}`);
    }
  }
});
