import type { z } from 'zod';
import { jsonTexts, type JsonText } from '../document/exact-json.ts';
import { durationUs } from '../units.ts';
import type { expectation } from './steps/schemas/expectation.ts';

type Scalar = string | number | boolean;
/** What stands in a JSON document. */
type Wanted = Scalar | null;
export interface Expectation {
  /** Empty: every status below 400. */
  readonly statuses: readonly number[];
  readonly headers: Readonly<Record<string, Scalar>>;
  readonly contains?: string;
  readonly regex?: string;
  readonly json: Readonly<Record<string, JsonText>>;
  /** JSONPath → whether anything may stand there. */
  readonly exists?: Readonly<Record<string, boolean>>;
  readonly timeUs?: number;
}

interface BodyExpectation {
  contains?: string;
  regex?: string;
  json?: Readonly<Record<string, Wanted | { exists: boolean }>>;
}

export function lowerExpectation({ status: wanted, header, body, time }: z.infer<typeof expectation>): Expectation {
  const text: BodyExpectation = typeof body === 'string' ? { contains: body } : (body ?? {});
  const values = Object.entries(text.json ?? {});
  const asked = values.flatMap(([path, value]) => (asksExistence(value) ? [[path, value.exists] as const] : []));
  return {
    statuses: wanted === undefined ? [] : acceptedOf(wanted),
    headers: header ?? {},
    ...(text.contains !== undefined && { contains: text.contains }),
    ...(text.regex !== undefined && { regex: text.regex }),
    json: jsonTexts(Object.fromEntries(values.filter(([, value]) => !asksExistence(value)))),
    ...(asked.length > 0 && { exists: Object.fromEntries(asked) }),
    ...(time !== undefined && { timeUs: durationUs(time) }),
  };
}

/** A number that YAML or JSON writes unlike a double is an object too. */
const asksExistence = (value: Wanted | { exists: boolean }): value is { exists: boolean } =>
  typeof value === 'object' && value !== null && 'exists' in value;

function acceptedOf(wanted: NonNullable<z.infer<typeof expectation>['status']>): number[] {
  if (wanted === 'any') return EVERY_STATUS;
  if (typeof wanted !== 'object' || Array.isArray(wanted)) return [wanted].flat().flatMap(statusesOf);
  const refused = new Set([wanted.not].flat().flatMap(statusesOf));
  return EVERY_STATUS.filter((status) => !refused.has(status));
}

const EVERY_STATUS = Array.from({ length: 500 }, (_, i) => 100 + i);

/** `2xx` → 200, 201 … 299. */
const statusesOf = (wanted: number | string): number[] =>
  typeof wanted === 'number' ? [wanted] : Array.from({ length: 100 }, (_, i) => Number(wanted[0]) * 100 + i);
