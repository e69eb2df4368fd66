// Reads {definition, types: {flag: type}, contexts} from standard input, resolves every flag of the flagd definition as the
// type for every context, and writes {flag: [{variant, value, errorCode, reason}, …]} to standard output. The code default,
// of the right type, is absent as a value.
import { readFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const { definition, types, contexts } = JSON.parse(readFileSync(0, 'utf8'));
const said = [];
const logger = { error() {}, warn() {}, info() {}, debug: (message) => said.push(message) };
const core = new FlagdCore(undefined, logger);
core.setConfigurations(definition);
// The definition is checked against flagd's schema, and used all the same.
const invalid = said.find((message) => message.includes('invalid flagd flag configuration'));
if (invalid) {
  throw new Error(invalid.slice(0, 2000));
}

const codeDefaults = { Boolean: false, String: '', Number: 0, Object: {} };
const answers = {};
for (const [flag, type] of Object.entries(types)) {
  const kind = type[0].toUpperCase() + type.slice(1);
  answers[flag] = contexts.map((context) => {
    const { variant, value, errorCode, reason } = core[`resolve${kind}Evaluation`](flag, codeDefaults[kind], context);
    return { variant, value: variant === undefined ? undefined : value, errorCode, reason };
  });
}
process.stdout.write(JSON.stringify(answers));
