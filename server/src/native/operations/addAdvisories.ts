import { addAdvisories } from '#scan/advisory/advisory-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /advisory-sets/ID/advisories` */
export default nativeOperation('addAdvisories', async ({ db, instanceId }, { setId, Advisories }) => {
  const advisories = Advisories.map((each) => ({
    ecosystem: each.Ecosystem,
    package: each.Package,
    name: each.Name,
    alias: each.Alias,
    severity: each.Severity,
    summary: each.Summary,
    link: each.Link,
    ranges: (each.Ranges ?? []).map((range) => ({
      introduced: range.Introduced,
      fixed: range.Fixed,
      lastAffected: range.LastAffected,
    })),
    versions: each.Versions,
  }));
  return { Count: await addAdvisories(db, instanceId, setId, advisories) };
});
