import { asRecord, type Draft } from './draft.ts';
import type { HttpStep, Part } from './steps/http.ts';

/** Bytes by the path that the plan names, as base64: a plan is plain JSON. */
export type BodyFiles = Readonly<Record<string, string>>;

const textOf = (files: BodyFiles, file: string): string => Buffer.from(files[file] ?? '', 'base64').toString('utf8');

/** The draft with the texts of files whose templates are filled in beside their names, so that checks find them there. */
export const withFileTexts = (draft: Draft, files: BodyFiles): Draft => ({
  ...draft,
  ...Object.fromEntries(STEPS_BELOW.filter((key) => key in draft).map((key) => [key, beside(draft[key], files)])),
});

const STEPS_BELOW = ['scenarios', 'setup', 'checks', 'teardown'];

function beside(value: unknown, files: BodyFiles): unknown {
  if (Array.isArray(value)) return value.map((item) => beside(item, files));
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([key, item]) => [key, key === 'json' ? item : beside(item, files)]);
  const { file, templates } = asRecord(value);
  const text = typeof file === 'string' && templates === true ? { text: textOf(files, file) } : {};
  return { ...Object.fromEntries(inner), ...text };
}

/** Steps, at any depth, with these files as the texts that they are. */
export function inlineTexts<T>(steps: T, files: BodyFiles = {}): T {
  return inlined(steps, files) as T;
}

function inlined(value: unknown, files: BodyFiles): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, files));
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'http') return inlinedStep(value as HttpStep, files);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inlined(item, files)]));
}

function inlinedStep(step: HttpStep, files: BodyFiles): HttpStep {
  const { body } = step;
  if (body === undefined) return step;
  if ('file' in body && body.templates === true) return { ...step, body: { raw: textOf(files, body.file) } };
  if (!('multipart' in body)) return step;
  return { ...step, body: { multipart: body.multipart.map((part) => inlinedPart(part, files)) } };
}

const inlinedPart = (part: Part, files: BodyFiles): Part =>
  'file' in part.content && part.content.templates === true
    ? { ...part, content: { text: textOf(files, part.content.file) } }
    : part;
