// Flagsmith's own SDK, offline with the document of an environment.
import { BaseOfflineHandler, Flagsmith } from 'flagsmith-nodejs';
import { buildEnvironmentModel } from './node_modules/flagsmith-nodejs/build/esm/flagsmith-engine/environments/util.js';
import { serve, withoutKey } from './serve.mjs';

class Document extends BaseOfflineHandler {
  constructor(document) {
    super();
    this.environment = buildEnvironmentModel(document);
  }
  getEnvironment() {
    return this.environment;
  }
}

const blank = (value) => value === null || value === undefined || value === '';

// valued are the features that have a value anywhere: they serve it while they are enabled. The others are on or off.
function valued(document) {
  const states = [
    ...document.feature_states,
    ...(document.project.segments ?? []).flatMap((segment) => segment.feature_states),
    ...(document.identity_overrides ?? []).flatMap((identity) => identity.identity_features),
  ];
  const names = new Set();
  for (const state of states) {
    const options = (state.multivariate_feature_state_values ?? []).map((m) => m.multivariate_feature_option.value);
    if (![state.feature_state_value, ...options].every(blank)) names.add(state.feature.name);
  }
  return names;
}

await serve(async (document, contexts) => {
  const flagsmith = new Flagsmith({ offlineMode: true, offlineHandler: new Document(document) });
  const withValues = valued(document);
  const answers = {};
  for (const context of contexts) {
    const key = context.targetingKey;
    const flags = key ? await flagsmith.getIdentityFlags(key, withoutKey(context)) : await flagsmith.getEnvironmentFlags();
    for (const { feature } of document.feature_states) {
      const flag = flags.getFlag(feature.name);
      const list = (answers[feature.name] ??= []);
      if (!withValues.has(feature.name)) list.push({ value: flag.enabled, open: flag.enabled });
      else if (!flag.enabled || blank(flag.value)) list.push({ open: false });
      else list.push({ value: flag.value, open: true });
    }
  }
  return answers;
});
