import { parse } from 'yaml';
import { scriptOf } from '../../../../lib/converters/converter.ts';
import { artilleryScripts } from '../../../../lib/converters/artillery/artillery.ts';
import { planText } from '../../../../lib/converters/plan-text.ts';
import { parsePlan } from '../../../../lib/plan/parse.ts';
import type { Plan } from '../../../../lib/plan/plan.ts';
import type { PlanInput } from '../../../../lib/plan/schema.ts';

export interface Converted {
  readonly input: PlanInput;
  readonly text: string;
  /** Checked as every plan is. */
  readonly plan: Plan;
  /** `12 left out: …`, but for what is said of every script. */
  readonly said: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly environment?: string;
}

const ALWAYS = /way at a phase's end/;

/** A script as a plan, through the checks of every plan. */
export async function converted(
  script: string,
  { files = {}, env = {}, environment }: Options = {},
): Promise<Converted> {
  const read = (name: string): Promise<Uint8Array> =>
    name in files ? Promise.resolve(Buffer.from(files[name] ?? '')) : Promise.reject(new Error('no such file'));
  const found = await artilleryScripts.convert(scriptOf('shop.yml', script), { read, env, environment });
  const text = planText(found.plan, found.differences, { from: 'Artillery script shop.yml', sha256: '0'.repeat(64) });
  const plan = await parsePlan(
    { text, path: '/plans/shop.yaml' },
    {
      readBytes: (path) => Promise.resolve(found.files[path.replace('/plans/', '')] ?? Buffer.of()),
      signalIds: [],
      env,
    },
  );
  const said = found.differences
    .filter(({ what }) => !ALWAYS.test(what))
    .map(({ effect, line, what }) => `${line ?? '-'} ${effect}: ${what}`);
  const texts = Object.fromEntries(
    Object.entries(found.files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  );
  return { input: parse(text) as PlanInput, text, plan, said, files: texts };
}

/** A script of one flow, each line a step; the first of them is line 8. */
export const flowOf = (...steps: string[]): string =>
  `config:
  target: http://127.0.0.1:8080
  plugins: { expect: {} }
  phases: [{ duration: 1, arrivalRate: 1, name: go }]
scenarios:
  - name: one
    flow:
${steps.map((step) => `      - ${step}\n`).join('')}`;
