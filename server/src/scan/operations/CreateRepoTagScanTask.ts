import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { requestScan } from '../request-scan.ts';
import { givenScanType } from '../scan-type.ts';
import { namedDigest } from '../scanned-image.ts';

/**
 * Begins to scan an image, unless it was scanned with the same advisories. Returns no id: the tag or digest identifies
 * the scan.
 */
export default operation('CreateRepoTagScanTask', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    const { InstanceId: instanceId, RepoId: repoId, ScanService } = params;
    await getInstance(context.db, instanceId);
    const { namespaceName, name } = await getRepository(context.db, instanceId, repoId);
    if (ScanService !== undefined && ScanService !== 'ACR_SCAN_SERVICE')
      throw invalidParameter('ScanService', 'this server has ACR_SCAN_SERVICE alone.');
    const type = givenScanType(params.ScanType);
    const { hasOtherScanner } = context;
    const digest = await namedDigest(context.db, repoId, params);
    const [scanId, by, nowMs] = [context.newBuildRecordId(), context.principal.arn, context.now()];
    const author = authorOf(context, 'cr:PutScan', `repository/${instanceId}/${namespaceName}/${name}`);
    const request = { scanId, instanceId, repoId, digest, type, hasOtherScanner, by, author, nowMs };
    await transaction(context.db, (trx) => requestScan(trx, request));
    context.jobsChanged();
    return {};
  },
});
