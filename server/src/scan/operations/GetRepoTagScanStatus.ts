import { operation } from '#rpc/operation.ts';
import { givenScanType } from '../scan-type.ts';
import { getNamedScan, scannedResource } from '../scanned-image.ts';

/** The status of the last scan of an image. */
export default operation('GetRepoTagScanStatus', {
  resource: (context, params) => scannedResource(context.db, params),

  async run(context, params) {
    const { status } = await getNamedScan(context.db, params, () => givenScanType(params.ScanType));
    return { ScanService: 'ACR_SCAN_SERVICE', Status: status };
  },
});
