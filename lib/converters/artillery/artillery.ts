import { PlimsollError } from '../../errors.ts';
import { asList, asRecord } from '../../plan/draft.ts';
import type { Converter } from '../converter.ts';

/** An Artillery script, YAML or JSON: https://www.artillery.io/docs/reference/test-script */
export const artillery: Converter = {
  name: 'Artillery script',
  recognises({ text, yaml }) {
    if (!/\b(?:scenarios|phases|flow)\b/.test(text)) return false;
    const root = asRecord(yaml.value);
    return 'config' in root || asList(root['scenarios']).some((each) => 'flow' in asRecord(each));
  },
  convert(script) {
    throw new PlimsollError('E-SCRIPT-REFUSED', `${script.path} is an Artillery script.`);
  },
};
