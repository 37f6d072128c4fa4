import { asRecord, text, type Draft } from '../draft.ts';
import type { Problem } from '../../document/problems.ts';
import type { CheckContext } from './check.ts';

/** A source that is named and not there would make every verdict about it unknown, an hour later. */
export function checkSignalSources(draft: Draft, { env }: CheckContext): Problem[] {
  const signals = asRecord(draft['signals']);
  return ['database', 'cache'].flatMap((source) => {
    const name = text(signals[source]);
    if (name === undefined || name === '' || env[name] !== undefined) return [];
    const reason = `the environment variable ${name} is not set; set it to the ${source}'s address, or remove this line`;
    return [{ path: ['signals', source], text: reason }];
  });
}
