import { operation } from '#rpc/operation.ts';
import { getNamedResult, scannedResource } from '../scanned-image.ts';

/** How many vulnerabilities of each severity an image has. */
export default operation('GetRepoTagScanSummary', {
  resource: (context, params) => scannedResource(context.db, params),

  async run(context, params) {
    const { High, Medium, Low, Unknown } = (await getNamedResult(context.db, params)).counts;
    return {
      HighSeverity: High,
      MediumSeverity: Medium,
      LowSeverity: Low,
      UnknownSeverity: Unknown,
      TotalSeverity: High + Medium + Low + Unknown,
    };
  },
});
