import { z } from 'zod';
import { didYouMean } from '../document/suggest.ts';
import { PlimsollError } from '../errors.ts';
import type { BottleneckId } from '../signals/signal.ts';
import type { Experiment } from './experiment.ts';
import { experiments } from './experiments/index.ts';

const parameter = z.object({
  type: z.enum(['integer', 'number']),
  minimum: z.number(),
  maximum: z.number(),
  default: z.number(),
});

/** A label of a fault; which ids there are is a matter of lib/signals, and held by a test. */
const label = z.custom<BottleneckId>((value) => typeof value === 'string');

const catalogue = z.object({
  format: z.literal('plimsoll.faults.v1'),
  faults: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      bottleneck: label,
      alsoRight: z.array(label),
      /** How its service is started: several nodes behind a balancer, or with a bounded heap under a supervisor. */
      needs: z.object({ nodes: z.int().optional(), heapMb: z.int().optional() }),
      endpoint: z.string().optional(),
      parameters: z.record(z.string(), parameter),
    }),
  ),
});

/** What target/faults has, as it says of itself. */
export type FaultCatalogue = z.infer<typeof catalogue>;

/** A fault with its experiment: all that a run of it needs. */
export type LabFault = FaultCatalogue['faults'][number] & { readonly experiment: Experiment };

/** @throws PlimsollError E-LAB-TARGET where `value` is no catalogue of faults */
export function parseCatalogue(value: unknown, source: string): FaultCatalogue {
  const parsed = catalogue.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PlimsollError('E-LAB-TARGET', `${source} is no service of the lab.`);
}

/** Each fault with its experiment, in the experiments' order. */
export const labFaults = ({ faults }: FaultCatalogue): LabFault[] =>
  experiments.flatMap((experiment) => {
    const fault = faults.find(({ name }) => name === experiment.fault);
    return fault === undefined ? [] : [{ ...fault, experiment }];
  });

/** The faults that a name stands for, `all` for all. @throws PlimsollError E-LAB-FAULT */
export function faultsNamed(name: string, all: readonly LabFault[]): readonly LabFault[] {
  if (name === 'all') return all;
  const found = all.find((each) => each.name === name);
  if (found !== undefined) return [found];
  const names = all.map((each) => each.name);
  throw new PlimsollError('E-LAB-FAULT', `The lab has no fault "${name}"${didYouMean(name, names)}`);
}

/**
 * The parameters of a run of the fault: the experiment's, and over them what was given as `name=value`.
 * @throws PlimsollError E-LAB-PARAMETER
 */
export function parametersOf(
  { name, parameters, experiment }: LabFault,
  given: readonly string[],
): Record<string, number> {
  const values: Record<string, number> = { ...experiment.parameters };
  for (const text of given) {
    const [key = '', written = ''] = text.split('=', 2);
    const bounds = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (bounds === undefined) throw unknownParameter(name, key, Object.keys(parameters));
    const value = written.trim() === '' ? Number.NaN : Number(written);
    const fits = value >= bounds.minimum && value <= bounds.maximum;
    if (!fits || (bounds.type === 'integer' && !Number.isInteger(value)))
      throw new PlimsollError(
        'E-LAB-PARAMETER',
        `${key} of ${name} is ${bounds.type === 'integer' ? 'a whole number' : 'a number'} from ${bounds.minimum} to ${bounds.maximum}, not "${written}".`,
      );
    values[key] = value;
  }
  return values;
}

const unknownParameter = (fault: string, key: string, names: readonly string[]): PlimsollError =>
  new PlimsollError(
    'E-LAB-PARAMETER',
    `${fault} has no parameter "${key}"; ${names.length === 0 ? 'it has none' : `there are ${names.join(', ')}`}.`,
  );
