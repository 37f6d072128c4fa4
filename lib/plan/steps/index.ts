import { z } from 'zod';
import { call } from './call.ts';
import { choose } from './choose.ts';
import { inTurn, NO_COURSE, type Course } from './course.ts';
import { http, type HttpStep } from './http.ts';
import { ifTrue } from './if.ts';
import type { StepKind } from './kind.ts';
import { loop } from './loop.ts';
import { pause } from './pause.ts';
import { whileTrue } from './while.ts';

/** Every kind of step a plan can hold. A new one is a file and its line here. */
const kinds = {
  http,
  pause,
  loop,
  choose,
  call,
  if: ifTrue,
  while: whileTrue,
};

type AnyKind = (typeof kinds)[keyof typeof kinds];
export type StepInput = Parameters<AnyKind['lower']>[0];
export type Step = ReturnType<AnyKind['lower']>;

export const stepKinds: readonly StepKind<StepInput, Step>[] = Object.values(kinds);

const anyStep: z.ZodType<StepInput> = z.lazy(() => step);

export const step: z.ZodType<StepInput> = z.union(stepKinds.map((kind) => kind.schema(anyStep))).meta({ id: 'step' });

/** The kinds whose keys a step has: one where it is sound. */
export const kindsOf = (written: object): StepKind<StepInput, Step>[] =>
  stepKinds.filter(({ keys }) => keys.some((key) => key in written));

/** Lowers what the schema let through; it has the key of a kind by the schema's own rule. */
export const lowerStep = (input: StepInput): Step => (kindsOf(input)[0] ?? http).lower(input, lowerStep);

const innerStepsOf = (each: Step): Step[] => {
  const { inner }: StepKind<StepInput, Step> = kinds[each.kind];
  return inner === undefined ? [] : inner.inStep(each).flat();
};

/** Every step of `steps` at any depth, each before what it holds. */
export const allStepsOf = (steps: readonly Step[]): Step[] =>
  steps.flatMap((each) => [each, ...allStepsOf(innerStepsOf(each))]);

/** Every HTTP step below `steps`, as they follow each other in the plan. */
export const httpStepsOf = (steps: readonly Step[]): HttpStep[] =>
  allStepsOf(steps).filter((each) => each.kind === 'http');

/** What one run of `steps` comes to. */
export const courseOf = (steps: readonly Step[]): Course =>
  steps.reduce((sum, each) => {
    const kind: StepKind<StepInput, Step> = kinds[each.kind];
    return inTurn(sum, kind.course(each, courseOf));
  }, NO_COURSE);
