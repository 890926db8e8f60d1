import type { AdvisorySet as Reply } from '#rpc/native-types.gen.ts';
import type { AdvisorySet } from '#scan/advisory/advisory.ts';

/** A published set of advisories, as the API shows it. */
export function advisorySetReply(set: AdvisorySet): Reply {
  return {
    AdvisorySetId: set.setId,
    Name: set.name,
    Source: set.source as Reply['Source'],
    Count: set.count,
    DataTime: set.dataMs,
    PublishTime: set.publishedMs ?? 0,
    CreatedBy: set.createdBy,
  };
}
