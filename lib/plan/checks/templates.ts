import type { Draft, Placed } from '../draft.ts';
import type { Problem } from '../../document/problems.ts';
import { parseTemplate } from '../template.ts';
import { templatesOf, untemplatedOf } from '../templated.ts';
import type { CheckContext } from './check.ts';

/** Templates that say nothing, that need an environment variable that is not set, or that stand where none is read. */
export const checkTemplates = (draft: Draft, { env }: CheckContext): Problem[] => [
  ...templatesOf(draft).flatMap(malformed),
  ...templatesOf(draft).flatMap((template) => unsetEnvironment(template, env)),
  ...untemplatedOf(draft)
    .filter(({ value }) => value.includes('{{'))
    .map(({ path }) => ({ path, text: 'templates are not read here; write it where the value is used' })),
];

const malformed = ({ path, value }: Placed<string>): Problem[] =>
  parseTemplate(value).problems.map(({ expression, reason }) => ({ path, text: `${expression} ${reason}` }));

const unsetEnvironment = ({ path, value }: Placed<string>, env: CheckContext['env']): Problem[] =>
  parseTemplate(value)
    .pieces.flatMap((piece) => (piece.kind === 'call' && piece.name === '$env' ? piece.args : []))
    .filter((name) => env[name] === undefined)
    .map((name) => ({ path, text: `the environment variable ${name} is not set; set it before the run` }));
