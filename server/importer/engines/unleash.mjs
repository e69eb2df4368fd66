// Unleash's own client, bootstrapped with an export as a server would serve it.
import { Unleash, InMemStorageProvider } from 'unleash-client';
import { serve, withoutKey } from './serve.mjs';

// The fields that Unleash's context has itself; all others are its properties.
const own = ['sessionId', 'remoteAddress', 'environment', 'appName', 'currentTime'];

// clientFeatures is what a server makes of the same data for its clients. It leaves disabled strategies out.
function clientFeatures(file) {
  const environments = file.featureEnvironments ?? [];
  const strategies = (file.featureStrategies ?? []).toSorted((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0));
  const dependencies = file.dependencies ?? [];
  return file.features.map((feature) => ({
    name: feature.name,
    enabled: environments.find((e) => e.featureName === feature.name)?.enabled ?? false,
    strategies: strategies.filter((s) => s.featureName === feature.name && !s.disabled),
    dependencies: dependencies.filter((d) => d.feature === feature.name).flatMap((d) => d.dependencies),
  }));
}

function contextOf(context) {
  const result = { properties: {} };
  if (typeof context.targetingKey === 'string') result.userId = context.targetingKey;
  for (const [name, value] of Object.entries(withoutKey(context))) {
    if (own.includes(name)) result[name] = value;
    else result.properties[name] = value;
  }
  return result;
}

await serve(async (file, contexts, now) => {
  const RealDate = Date;
  if (now) {
    globalThis.Date = class extends RealDate {
      constructor(...args) {
        super(...(args.length === 0 ? [now] : args));
      }
    };
  }
  const unleash = new Unleash({
    appName: 'importer',
    url: 'http://127.0.0.1:1/',
    disableAutoStart: true,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: {
      data: clientFeatures(file),
      // A segment without constraints in the export has some on the server: nobody can be said to be in it.
      segments: (file.segments ?? []).filter((s) => s.constraints),
    },
  });
  for (const event of ['error', 'warn']) unleash.on(event, () => {});
  // start would ask the server, too.
  await unleash.repository.loadBootstrap();
  const asked = contexts.map(contextOf);
  const answers = {};
  for (const { name } of file.features) {
    answers[name] = asked.map((context) => {
      // The client asks its repository directly: Unleash.isEnabled adds an environment and an application's name.
      const value = unleash.client.isEnabled(name, context, () => false);
      return { value, open: value };
    });
  }
  globalThis.Date = RealDate;
  return answers;
});
