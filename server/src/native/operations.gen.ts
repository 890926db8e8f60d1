// Made by npm run gen from spec/native.json. Change the data, not this file.
import type { NativeName } from '#rpc/native-types.gen.ts';
import type { NativeOperation } from './native-operation.ts';
import addAdvisories from './operations/addAdvisories.ts';
import buildRule from './operations/buildRule.ts';
import checkImages from './operations/checkImages.ts';
import checkPolicy from './operations/checkPolicy.ts';
import closeSession from './operations/closeSession.ts';
import collectGarbage from './operations/collectGarbage.ts';
import createAdvisorySet from './operations/createAdvisorySet.ts';
import createBuild from './operations/createBuild.ts';
import createChangedSource from './operations/createChangedSource.ts';
import createEventRule from './operations/createEventRule.ts';
import createEventRuleSecret from './operations/createEventRuleSecret.ts';
import createHook from './operations/createHook.ts';
import createSource from './operations/createSource.ts';
import createToken from './operations/createToken.ts';
import createTriggerSecret from './operations/createTriggerSecret.ts';
import deleteToken from './operations/deleteToken.ts';
import diffBuilds from './operations/diffBuilds.ts';
import findImageBuild from './operations/findImageBuild.ts';
import getAcceleration from './operations/getAcceleration.ts';
import getBuild from './operations/getBuild.ts';
import getCard from './operations/getCard.ts';
import getGarbageCollection from './operations/getGarbageCollection.ts';
import getHook from './operations/getHook.ts';
import getImageScan from './operations/getImageScan.ts';
import getLifecycleRun from './operations/getLifecycleRun.ts';
import getLogArchive from './operations/getLogArchive.ts';
import getLogNdjson from './operations/getLogNdjson.ts';
import getLogPage from './operations/getLogPage.ts';
import getLogText from './operations/getLogText.ts';
import getMachine from './operations/getMachine.ts';
import getSeal from './operations/getSeal.ts';
import getServer from './operations/getServer.ts';
import getSpace from './operations/getSpace.ts';
import getStatistics from './operations/getStatistics.ts';
import listAdvisorySets from './operations/listAdvisorySets.ts';
import listAllowedCallers from './operations/listAllowedCallers.ts';
import listBuildSecrets from './operations/listBuildSecrets.ts';
import listBuilds from './operations/listBuilds.ts';
import listCaches from './operations/listCaches.ts';
import listCalls from './operations/listCalls.ts';
import listChainInstances from './operations/listChainInstances.ts';
import listChains from './operations/listChains.ts';
import listCodeHosts from './operations/listCodeHosts.ts';
import listDeliveries from './operations/listDeliveries.ts';
import listEventDeliveries from './operations/listEventDeliveries.ts';
import listEventRules from './operations/listEventRules.ts';
import listFailing from './operations/listFailing.ts';
import listLifecycleRuns from './operations/listLifecycleRuns.ts';
import listPolicyActions from './operations/listPolicyActions.ts';
import listRegistries from './operations/listRegistries.ts';
import listRemovedTags from './operations/listRemovedTags.ts';
import listSections from './operations/listSections.ts';
import listSettings from './operations/listSettings.ts';
import listSourceRefs from './operations/listSourceRefs.ts';
import listSteps from './operations/listSteps.ts';
import listTagScans from './operations/listTagScans.ts';
import listTags from './operations/listTags.ts';
import listTokens from './operations/listTokens.ts';
import listTriggers from './operations/listTriggers.ts';
import matchRules from './operations/matchRules.ts';
import mayCaller from './operations/mayCaller.ts';
import openSession from './operations/openSession.ts';
import openSessionByPassword from './operations/openSessionByPassword.ts';
import planLifecycleRule from './operations/planLifecycleRule.ts';
import planRepositoryLifecycle from './operations/planRepositoryLifecycle.ts';
import publishAdvisorySet from './operations/publishAdvisorySet.ts';
import reclaimSpace from './operations/reclaimSpace.ts';
import redeliverHook from './operations/redeliverHook.ts';
import removeAcceleration from './operations/removeAcceleration.ts';
import removeAdvisorySet from './operations/removeAdvisorySet.ts';
import removeBuildSecret from './operations/removeBuildSecret.ts';
import removeCaches from './operations/removeCaches.ts';
import removeCodeHost from './operations/removeCodeHost.ts';
import removeRegistry from './operations/removeRegistry.ts';
import removeRegistryLogin from './operations/removeRegistryLogin.ts';
import renewSession from './operations/renewSession.ts';
import repairLog from './operations/repairLog.ts';
import restoreTag from './operations/restoreTag.ts';
import runLifecycleRule from './operations/runLifecycleRule.ts';
import searchLog from './operations/searchLog.ts';
import searchLogs from './operations/searchLogs.ts';
import setBuildSecret from './operations/setBuildSecret.ts';
import setCodeHost from './operations/setCodeHost.ts';
import setRegistryLogin from './operations/setRegistryLogin.ts';
import setRegistryMirrors from './operations/setRegistryMirrors.ts';
import setRegistryReach from './operations/setRegistryReach.ts';
import setTag from './operations/setTag.ts';
import simulatePolicy from './operations/simulatePolicy.ts';
import streamLog from './operations/streamLog.ts';
import verifyLog from './operations/verifyLog.ts';

export const nativeOperations: { readonly [Name in NativeName]: NativeOperation<Name> } = {
  addAdvisories,
  buildRule,
  checkImages,
  checkPolicy,
  closeSession,
  collectGarbage,
  createAdvisorySet,
  createBuild,
  createChangedSource,
  createEventRule,
  createEventRuleSecret,
  createHook,
  createSource,
  createToken,
  createTriggerSecret,
  deleteToken,
  diffBuilds,
  findImageBuild,
  getAcceleration,
  getBuild,
  getCard,
  getGarbageCollection,
  getHook,
  getImageScan,
  getLifecycleRun,
  getLogArchive,
  getLogNdjson,
  getLogPage,
  getLogText,
  getMachine,
  getSeal,
  getServer,
  getSpace,
  getStatistics,
  listAdvisorySets,
  listAllowedCallers,
  listBuildSecrets,
  listBuilds,
  listCaches,
  listCalls,
  listChainInstances,
  listChains,
  listCodeHosts,
  listDeliveries,
  listEventDeliveries,
  listEventRules,
  listFailing,
  listLifecycleRuns,
  listPolicyActions,
  listRegistries,
  listRemovedTags,
  listSections,
  listSettings,
  listSourceRefs,
  listSteps,
  listTagScans,
  listTags,
  listTokens,
  listTriggers,
  matchRules,
  mayCaller,
  openSession,
  openSessionByPassword,
  planLifecycleRule,
  planRepositoryLifecycle,
  publishAdvisorySet,
  reclaimSpace,
  redeliverHook,
  removeAcceleration,
  removeAdvisorySet,
  removeBuildSecret,
  removeCaches,
  removeCodeHost,
  removeRegistry,
  removeRegistryLogin,
  renewSession,
  repairLog,
  restoreTag,
  runLifecycleRule,
  searchLog,
  searchLogs,
  setBuildSecret,
  setCodeHost,
  setRegistryLogin,
  setRegistryMirrors,
  setRegistryReach,
  setTag,
  simulatePolicy,
  streamLog,
  verifyLog,
};
