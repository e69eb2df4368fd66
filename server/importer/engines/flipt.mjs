// Flipt's own client, which evaluates a snapshot in the process. Its contexts hold texts alone.
import { FliptClient } from '@flipt-io/flipt-client-js';
import { serve, withoutKey } from './serve.mjs';

// snapshot is what a server makes of an export for its clients.
function snapshot(file) {
  // The names of types are longer there.
  const segments = Object.fromEntries(
    file.segments.map(({ key, match_type: matchType, constraints }) => [
      key,
      {
        key,
        matchType: matchType.replace('_MATCH', '_SEGMENT_MATCH'),
        constraints: constraints.map((c) => ({ ...c, type: c.type.replace('_COMPARISON', '_CONSTRAINT_COMPARISON') })),
      },
    ]),
  );
  const asked = (segment) => {
    const keys = typeof segment === 'string' ? [segment] : segment.keys ?? [segment.key];
    return { segmentOperator: segment.operator ?? 'OR_SEGMENT_OPERATOR', segments: keys.map((key) => segments[key]) };
  };
  return {
    namespace: { key: 'default' },
    flags: file.flags.map((flag) => {
      const fallback = flag.variants?.find((v) => v.default);
      return {
        key: flag.key,
        name: flag.key,
        type: flag.type,
        enabled: flag.enabled,
        defaultVariant: fallback && { id: fallback.key, key: fallback.key },
        rules: (flag.rules ?? []).map(({ segment, distributions }) => ({
          ...asked(segment),
          distributions: distributions.map(({ variant, rollout }) => ({ variantKey: variant, rollout })),
        })),
        rollouts: (flag.rollouts ?? []).map(({ segment, threshold }) => ({
          threshold,
          segment: segment && { ...asked(segment), value: segment.value ?? false },
        })),
      };
    }),
  };
}

function textsOf(context) {
  const texts = {};
  for (const [name, value] of Object.entries(withoutKey(context))) {
    if (['string', 'number', 'boolean'].includes(typeof value)) texts[name] = String(value);
  }
  return texts;
}

let body = { namespace: { key: 'default' }, flags: [] };
let version = 0;
const fetcher = async () => ({ ok: true, status: 200, statusText: 'OK', headers: { get: () => String(version) }, json: async () => body });
const client = await FliptClient.init({ url: 'http://127.0.0.1:1', updateInterval: 0, fetcher });

await serve(async (file, contexts) => {
  body = snapshot(file);
  version++;
  await client.refresh();
  const answers = {};
  for (const { key, type, variants } of file.flags) {
    const fallback = variants?.find((v) => v.default)?.key;
    answers[key] = contexts.map((context) => {
      const request = { flagKey: key, entityId: context.targetingKey ?? '', context: textsOf(context) };
      try {
        if (type === 'BOOLEAN_FLAG_TYPE') {
          const { enabled } = client.evaluateBoolean(request);
          return { value: enabled, open: enabled };
        }
        const { variantKey } = client.evaluateVariant(request);
        return variantKey ? { value: variantKey, open: variantKey !== fallback } : { open: false };
      } catch {
        return { open: false, failed: true };
      }
    });
  }
  return answers;
});
