import { operation } from '#rpc/operation.ts';
import { givenScanType } from '../scan-type.ts';
import { getNamedScan, scannedResource } from '../scanned-image.ts';

/** How far the last scan of an image is. */
export default operation('GetRepoTagScanStatus', {
  resource: (context, params) => scannedResource(context.db, params),

  async run(context, params) {
    const { status } = await getNamedScan(context.db, params, () => givenScanType(params.ScanType));
    return { ScanService: 'ACR_SCAN_SERVICE', Status: status };
  },
});
