import type { EventConsumer } from '#event/event-consumers.ts';
import type { Means } from '#rpc/context.ts';
import { isAccelerated } from './acceleration.ts';
import { addAccelerationTask, findRuleOfRepository } from './acceleration-store.ts';

/** Requests the conversion of each image that is tagged in a repository with a rule. */
export function accelerationEvents({ newId }: Pick<Means, 'newId'>): EventConsumer {
  return {
    name: 'acceleration',
    async take(trx, { kind, body, timeMs }) {
      if (kind !== 'tag_set' || body.origin === 'convert' || body.origin === 'retag' || isAccelerated(body.tag)) return;
      const { repoId, tag, digest } = body;
      const rule = await findRuleOfRepository(trx, repoId);
      if (!rule) return;
      const { instanceId, author } = rule;
      const task = { taskId: newId('i2a'), instanceId, repoId, tag, digest, createdMs: timeMs, author };
      await addAccelerationTask(trx, task);
    },
  };
}
