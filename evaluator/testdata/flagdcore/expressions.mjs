// Reads {timestamp, expressions: [{targeting, context}]} from standard input, evaluates each expression with flagd's own
// evaluator, and writes what it gave to standard output, one string each: "value:" and its text, "null", "failed" for an
// exception, "refused" where the flag does not load.
import { readFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const { timestamp, expressions } = JSON.parse(readFileSync(0, 'utf8'));
Date.now = () => timestamp * 1000;
const silent = { error() {}, warn() {}, info() {}, debug() {} };

// The flag has no variant that an expression could name, so the message says what it gave.
const variants = { 'no variant': 'x' };

function evaluate({ targeting, context }) {
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(
    JSON.stringify({ flags: { flag: { state: 'ENABLED', variants, defaultVariant: 'no variant', targeting } } }),
  );
  const result = core.resolveStringEvaluation('flag', '', context);
  if (result.reason === 'DEFAULT') return 'null';
  if (result.errorCode === 'PARSE_ERROR') return 'refused';
  const named = /^Variant '(.*)' not found in flag with key 'flag'$/s.exec(result.errorMessage ?? '');
  return named ? 'value:' + named[1] : 'failed';
}

process.stdout.write(JSON.stringify(expressions.map(evaluate)));
