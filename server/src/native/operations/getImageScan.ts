import { getRepositoryByName } from '#repository/repository-store.ts';
import { getLastScan } from '#scan/scan-store.ts';
import { namedDigest } from '#scan/scanned-image.ts';
import { nativeOperation } from '../native-operation.ts';
import { scanReply } from '../replies/scan-reply.ts';

/** `GET /repositories/NAMESPACE/NAME/scans/REFERENCE` */
export default nativeOperation('getImageScan', async (context, { namespace, name, reference, type = 'VUL' }) => {
  const { db, instanceId, scanDatabaseKeepMs } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const digest = await namedDigest(db, repoId, reference.includes(':') ? { Digest: reference } : { Tag: reference });
  return scanReply(await getLastScan(db, { repoId, digest, type }), scanDatabaseKeepMs);
});
