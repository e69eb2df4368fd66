// Answers questions in lines of JSON. Each line of standard input is {definition, contexts, now}: a file of the source's own
// format, OpenFeature contexts, and the time in milliseconds. Each line of standard output is {answers}: by flag, a list with
// an answer for each context. An answer is {value, open}. It has no value where the caller's code default holds. It is open
// where the source lets the context into anything, and closed where the context gets what is given to nobody in particular.
// It is failed where the source cannot answer.
// {error} stands for answers where the engine does not take the definition.
import { createInterface } from 'node:readline';

export async function serve(evaluate) {
  const realNow = Date.now;
  for await (const line of createInterface({ input: process.stdin })) {
    const { definition, contexts, now } = JSON.parse(line);
    let answer;
    try {
      Date.now = now ? () => now : realNow;
      answer = { answers: await evaluate(definition, contexts, now) };
    } catch (error) {
      answer = { error: String(error?.stack ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

// withoutKey is a context's attributes, those that are not its targeting key.
export function withoutKey({ targetingKey, ...attributes }) {
  return attributes;
}
