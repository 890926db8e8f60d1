import { listTaggedImages } from '#image/tag-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { listLastScans } from '#scan/scan-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { scanReply } from '../replies/scan-reply.ts';
import { TAGS_DEFAULT, tagPlaceOf } from '../replies/tag-page.ts';

/** `GET /repositories/NAMESPACE/NAME/scans`: those of a page of `listTags`, in one request. */
export default nativeOperation(
  'listTagScans',
  async (context, { namespace, name, limit = TAGS_DEFAULT, cursor, ...filter }) => {
    const { db, instanceId, scanDatabaseKeepMs } = context;
    const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
    const tags = await listTaggedImages(db, repoId, { ...filter, limit, after: tagPlaceOf(cursor) });
    const digests = [...new Set(tags.map(({ digest }) => digest))];
    const scans = await listLastScans(db, { repoId, digests, type: 'VUL' });
    return { Scans: scans.map((scan) => scanReply(scan, scanDatabaseKeepMs)) };
  },
);
