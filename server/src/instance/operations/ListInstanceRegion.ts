import { operation } from '#rpc/operation.ts';

/** The region's name in the language of `Lang`; English for any other. */
const NAMES: readonly [language: RegExp, name: (regionId: string) => string][] = [
  [/^zh/i, (regionId) => `本服务器（${regionId}）`],
  [/^ja/i, (regionId) => `このサーバー（${regionId}）`],
  [/^/, (regionId) => `This server (${regionId})`],
];

/** The only region: that of this server, from the setting `region-id`. */
export default operation('ListInstanceRegion', {
  async run({ regionId }, { Lang = '' }) {
    const [, nameOf] = NAMES.find(([language]) => language.test(Lang)) ?? [];
    return { Regions: [{ LocalName: nameOf?.(regionId), RegionId: regionId }] };
  },
});
