import { z } from 'zod';
import { duration } from '../schedule/duration.ts';
import { durationUs } from '../units.ts';
import { totalUs, type Segment } from '../schedule/segment.ts';
import type { Model, Shape } from '../schedule/shape.ts';
import { shapes } from '../schedule/shapes/index.ts';

type AnyShape = (typeof shapes)[keyof typeof shapes];
type InputOf<S extends AnyShape> = z.infer<ReturnType<S['schema']>>;

/** The keys of every shape below `open:` or `closed:`, of which a plan writes one. */
type ShapeKeys<M extends Model> = { [S in AnyShape as S['keys'][M]]: z.ZodOptional<z.ZodType<InputOf<S>>> };

const list: readonly Shape[] = Object.values(shapes);

const shapeKeys = <M extends Model>(model: M, level: z.ZodNumber): ShapeKeys<M> =>
  Object.fromEntries(list.map((shape) => [shape.keys[model], shape.schema(level).optional()])) as ShapeKeys<M>;

/** `load` is what stands below `open:` or `closed:`, sound or not. */
const writtenShapes = (load: object, model: Model): { shape: Shape; input: unknown }[] => {
  const inputs = new Map<string, unknown>(Object.entries(load));
  return list.flatMap((shape) => {
    const input = inputs.get(shape.keys[model]);
    return input === undefined ? [] : [{ shape, input }];
  });
};

/** The rule that a load has one shape, for each model. */
const oneShape = (model: Model): [(load: object) => boolean, { error: string }] => [
  (load) => writtenShapes(load, model).length === 1,
  { error: `needs exactly one of ${list.map(({ keys }) => keys[model]).join(', ')}` },
];

const REQUESTS = 'requests';

const requestsASecond = z.number().min(0).describe('Requests a second.');

export const openSchema = z
  .strictObject({
    ...shapeKeys('open', z.number().min(0).describe('Arrivals a second.')),
    requests: z
      .union([requestsASecond, z.strictObject(shapeKeys('open', requestsASecond)).refine(...oneShape('open'))])
      .optional()
      .describe('Instead of arrivals: requests a second, from beginning to end or as a shape.'),
    arrivals: z.enum(['uniform', 'poisson']).optional().describe('Evenly spaced (default), or at random.'),
    most: z.int().min(1).optional().describe('An arrival that finds so many journeys under way is dropped.'),
    patience: duration
      .optional()
      .describe('An arrival that cannot start within this is dropped and counted. Default 5s.'),
  })
  .refine((load) => writtenShapes(load, 'open').length === ('requests' in load ? 0 : 1), {
    error: `needs exactly one of ${[...list.map(({ keys }) => keys.open), REQUESTS].join(', ')}`,
  })
  .meta({ id: 'open', description: 'Arrivals that do not wait for replies.' });

export const closedSchema = z
  .strictObject({
    ...shapeKeys('closed', z.int().min(0).describe('Virtual users.')),
    pacing: duration
      .optional()
      .describe(
        "From the beginning of a user's journey to that of its next; after a longer one the next begins at once.",
      ),
  })
  .refine(...oneShape('closed'))
  .meta({ id: 'closed', description: 'Virtual users who wait for each reply.' });

interface PhaseLoad {
  readonly duration?: unknown;
  readonly open?: unknown;
  readonly closed?: unknown;
}

/** The shapes that a phase names, and what is written of each; none where its load is no map. */
export function shapesOf({ open, closed }: PhaseLoad): { shape: Shape; input: unknown }[] {
  const load = open ?? closed;
  if (typeof load !== 'object' || load === null) return [];
  if ((open ?? undefined) === undefined) return writtenShapes(load, 'closed');
  if (!(REQUESTS in load)) return writtenShapes(load, 'open');
  const { requests } = load;
  if (typeof requests === 'object' && requests !== null) return writtenShapes(requests, 'open');
  return [{ shape: shapes.constant, input: requests }];
}

/** Whether a phase may leave its duration to its shape. */
export const hasOwnTime = (phase: PhaseLoad): boolean =>
  shapesOf(phase).some(({ shape }) => shape.ownTime !== undefined);

export const MISFIT = `lasts ${list.flatMap(({ misfit }) => misfit ?? []).join(', or ')}; mend the duration`;

/** The segments of a phase that the schema has let through. */
export const segmentsOf = (phase: PhaseLoad): Segment[] =>
  shapesOf(phase).flatMap(({ shape, input }) =>
    shape.segments(input, typeof phase.duration === 'string' ? durationUs(phase.duration) : undefined),
  );

export const durationFits = (phase: PhaseLoad): boolean =>
  typeof phase.duration !== 'string' || totalUs(segmentsOf(phase)) === durationUs(phase.duration);
