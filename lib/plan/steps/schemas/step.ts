import { z } from 'zod';
import { duration } from '../../../schedule/duration.ts';
import { stepKinds, type StepInput } from '../index.ts';
import { functionName } from './hooks.ts';
import { reference, variableName } from './name.ts';
import { httpSchema } from './request.ts';

const parts = { z, duration, variableName, reference, functionName, request: httpSchema };

const anyStep: z.ZodType<StepInput> = z.lazy(() => step);

export const step: z.ZodType<StepInput> = z
  .union(stepKinds.map((kind) => kind.schema(parts, anyStep)))
  .meta({ id: 'step' });
