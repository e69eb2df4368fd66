// OpenFeature's own evaluator for flagd.
import { FlagdCore } from '@openfeature/flagd-core';
import { serve } from './serve.mjs';

const silent = { error() {}, warn() {}, info() {}, debug() {} };
const codeDefaults = { boolean: false, string: '', number: 0, object: {} };

await serve(async (file, contexts) => {
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(JSON.stringify(file));
  const answers = {};
  for (const [key, { variants, defaultVariant, state }] of Object.entries(file.flags)) {
    const type = typeof Object.values(variants)[0];
    const resolve = 'resolve' + type[0].toUpperCase() + type.slice(1) + 'Evaluation';
    answers[key] = contexts.map((context) => {
      // The evaluator of this version says nothing of disabled flags; flagd leaves their answer to the code default.
      if (state !== 'ENABLED') return { open: false };
      const { variant, value, errorCode } = core[resolve](key, codeDefaults[type], context);
      if (variant === undefined) return { open: false, failed: errorCode !== undefined };
      return { value, open: type === 'boolean' ? value : variant !== defaultVariant };
    });
  }
  return answers;
});
