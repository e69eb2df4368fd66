// GrowthBook's own SDK, initialised with the payload of an SDK connection.
import { GrowthBook } from '@growthbook/growthbook';
import { serve, withoutKey } from './serve.mjs';

console.error = () => {}; // it complains of weights and unknown operators

function attributesOf(context) {
  const attributes = withoutKey(context);
  if (context.targetingKey !== undefined) attributes.id = context.targetingKey;
  return attributes;
}

await serve((payload, contexts) => {
  const answers = {};
  const asked = contexts.map((context) => new GrowthBook({ attributes: attributesOf(context) }).initSync({ payload }));
  for (const key of Object.keys(payload.features)) {
    answers[key] = asked.map((growthbook) => {
      const { value, source } = growthbook.evalFeature(key);
      const open = source === 'force' || source === 'experiment';
      return value === null ? { open: false } : { value, open };
    });
  }
  asked.forEach((growthbook) => growthbook.destroy());
  return answers;
});
