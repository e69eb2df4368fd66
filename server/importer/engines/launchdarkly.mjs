// LaunchDarkly's own SDK, with the flags of a file as its test data.
import { init, integrations } from '@launchdarkly/node-server-sdk';
import { serve, withoutKey } from './serve.mjs';

const { TestData } = integrations;
const silent = { error() {}, warn() {}, info() {}, debug() {} };

// Other kinds of context are the attributes that are objects with a key.
function contextOf(context) {
  const user = { key: context.targetingKey };
  const kinds = {};
  for (const [name, value] of Object.entries(withoutKey(context))) {
    if (typeof value?.key === 'string') kinds[name] = value;
    else user[name] = value;
  }
  return { kind: 'multi', user, ...kinds };
}

await serve(async (file, contexts) => {
  const data = new TestData();
  for (const flag of Object.values(file.flags)) data.usePreconfiguredFlag(flag);
  for (const segment of Object.values(file.segments ?? {})) data.usePreconfiguredSegment(segment);
  const client = init('sdk-key', { updateProcessor: data.getFactory(), sendEvents: false, diagnosticOptOut: true, logger: silent });
  await client.waitForInitialization({ timeout: 10 });
  const answers = {};
  for (const { key, variations, offVariation } of Object.values(file.flags)) {
    answers[key] = [];
    for (const context of contexts.map(contextOf)) {
      const { value, variationIndex, reason } = await client.variationDetail(key, context, null);
      if (variationIndex === undefined || variationIndex === null) {
        answers[key].push({ open: false, failed: reason.kind === 'ERROR' });
        continue;
      }
      answers[key].push({ value, open: typeof value === 'boolean' ? value : variationIndex !== offVariation });
    }
  }
  client.close();
  return answers;
});
