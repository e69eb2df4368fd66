// Reads {definition, contexts} from standard input, resolves every string flag of the flagd definition for every
// context, and writes {flag: [variant, …]} to standard output.
import { readFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const { definition, contexts } = JSON.parse(readFileSync(0, 'utf8'));
const core = new FlagdCore();
core.setConfigurations(JSON.stringify(definition));

const variants = {};
for (const flag of Object.keys(definition.flags)) {
  variants[flag] = contexts.map((context) => core.resolveStringEvaluation(flag, '', context).variant ?? '');
}
process.stdout.write(JSON.stringify(variants));
