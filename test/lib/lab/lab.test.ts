import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { faultsNamed, labFaults, parametersOf, parseCatalogue, type LabFault } from '../../../lib/lab/catalogue.ts';
import { experiments } from '../../../lib/lab/experiments/index.ts';
import { describeGrade, describeResult, gradeOf, resultOf, type LabResult } from '../../../lib/lab/grade.ts';
import { labPage, labRow } from '../../../lib/lab/page.ts';
import { FAULT_PHASE, labPlan } from '../../../lib/lab/plan.ts';
import { planFromObject } from '../../../lib/plan/parse.ts';
import { svgOf } from './picture.ts';
import { pictured, pictureNamed } from './pictures.ts';
import { signals } from '../../../lib/signals/index.ts';
import { catalogue } from '../../../target/faults/catalogue.ts';

const faults = labFaults(parseCatalogue(JSON.parse(JSON.stringify(catalogue())), 'target/faults'));
const faultNamed = (name: string): LabFault => faults.find((each) => each.name === name) as LabFault;

test('every fault has one experiment, and every experiment its fault', () => {
  const names = catalogue().faults.map(({ name }) => name);
  expect(experiments.map(({ fault }) => fault).toSorted()).toEqual(names.toSorted());
});

describe.each(faults.map((fault) => [fault.name, fault] as const))('%s', (name, fault) => {
  test('has parameters within its bounds', () => {
    const pairs = Object.entries(fault.experiment.parameters).map(([key, value]) => `${key}=${value}`);
    expect(parametersOf(fault, pairs)).toEqual(fault.experiment.parameters);
  });

  test('has its page in docs/lab, and its row in the table there', () => {
    const path = `docs/lab/${name}.md`;
    const page = labPage(fault, pictureNamed(name)?.caption);
    if (process.env['PLIMSOLL_GOLDEN'] === 'write') {
      mkdirSync('docs/lab', { recursive: true });
      writeFileSync(path, page);
    }
    expect(readFileSync(path, 'utf8')).toBe(page);
    expect(readFileSync('docs/lab/README.md', 'utf8')).toContain(`${labRow(fault)}\n`);
  });
});

test.each(pictured())('%s has the picture that its recorded run gives', (name) => {
  const picture = pictureNamed(name);
  const path = `docs/lab/pictures/${name}.svg`;
  const drawn = picture === undefined ? '' : svgOf(picture);
  if (process.env['PLIMSOLL_GOLDEN'] === 'write') writeFileSync(path, drawn);
  expect(readFileSync(path, 'utf8')).toBe(drawn);
});

test('docs/lab has no picture but of runs that were recorded', () => {
  expect(
    readdirSync('docs/lab/pictures')
      .map((name) => name.replace(/\.svg$/, ''))
      .toSorted(),
  ).toEqual(pictured().toSorted());
});

test('docs/lab has no page of a fault that is gone', () => {
  const pages = readdirSync('docs/lab').filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.toSorted()).toEqual(faults.map(({ name }) => `${name}.md`).toSorted());
});

test('the plan of an experiment is one of four phases, with the fault in the third', async () => {
  const readBytes = (): Promise<never> => Promise.reject(new Error('no file'));
  const plan = await planFromObject(labPlan('slow', 'http://127.0.0.1:1'), {
    readBytes,
    signalIds: signals.map(({ id }) => id),
    env: {},
  });
  expect(plan.phases.map(({ name, kind }) => [name, kind])).toEqual([
    ['warm-up', 'warm-up'],
    ['healthy', 'sustained'],
    [FAULT_PHASE, 'stress'],
    ['recovery', 'recovery'],
  ]);
});

test.each([
  ['hot-rov', 'E-LAB-FAULT'],
  ['', 'E-LAB-FAULT'],
  ['__proto__', 'E-LAB-FAULT'],
])('fault %j is refused', (name, code) => {
  expect(() => faultsNamed(name, faults)).toThrow(expect.objectContaining({ code }));
});

test.each(['hold', 'hold=', 'hold= ', 'hold=9', 'hold=-1', 'hold=NaN', 'held=1', '__proto__=1', '=1', ''])(
  'parameter %j is refused',
  (text) => {
    expect(() => parametersOf(faultNamed('hot-row'), [text])).toThrow(
      expect.objectContaining({ code: 'E-LAB-PARAMETER' }),
    );
  },
);

test('a whole number is asked for where the fault takes one', () => {
  expect(() => parametersOf(faultNamed('cpu-intensive'), ['complexity=2.5'])).toThrow('a whole number from 1 to 38');
});

test.each([[null], ['text'], [{ format: 'plimsoll.faults.v1' }], [{ status: 'ok' }]])('%j is no catalogue', (value) => {
  expect(() => parseCatalogue(value, 'it')).toThrow(expect.objectContaining({ code: 'E-LAB-TARGET' }));
});

const valid = { name: 'fault', validity: { verdict: 'valid', reasons: [] } };
const summary = { phases: [valid] };
const said = (id: string, confidence = 'high') =>
  ({ ...summary, bottleneck: { id, confidence, evidence: ['why'] } }) as Parameters<typeof resultOf>[1];

test.each([
  ['the label', said('service.cpu'), true, 'service.cpu'],
  ['another right one', said('service.event-loop'), true, 'service.event-loop'],
  ['a wrong one', said('database.cpu'), false, 'database.cpu'],
  ['nothing', summary, false, 'unknown'],
])('of cpu-intensive %s is said', (_, run, right, id) => {
  expect(resultOf(faultNamed('cpu-intensive'), run)).toMatchObject({ right, said: id, label: 'service.cpu' });
});

test.each([
  ['sound', 'pass'],
  ['violated', 'fail'],
  ['unchecked', 'unknown'],
  ['unchecked', undefined],
] as const)('the data is %s where its checks say %s', (data, verdict) => {
  const run = { phases: [], ...(verdict !== undefined && { integrity: { verdict } }) };
  expect(resultOf(faultNamed('healthy'), run).data).toBe(data);
});

test('a result says recovery, data and why it is void', () => {
  const phases = [{ name: 'fault', validity: { verdict: 'void', reasons: ['late'] } }];
  const fault = faultNamed('slow');
  const text = describeResult(
    fault,
    resultOf(fault, { phases, recovery: { seconds: null }, integrity: { verdict: 'fail' } }),
  );
  expect(text).toContain('not within the recovery phase');
  expect(text).toContain('an invariant is violated');
  expect(text).toContain('fault: late');
});

const result = (label: string, id: string, confidence = 'high', voidReasons: string[] = []) =>
  ({ label, said: id, confidence, right: label === id, voidReasons }) as unknown as LabResult;

test('a grade counts faults, healthy runs and void ones apart', () => {
  const grade = gradeOf([
    result('service.cpu', 'service.cpu'),
    result('service.cpu', 'service.cpu', 'medium'),
    result('service.cpu', 'database.cpu'),
    result('service.memory', 'unknown', 'low'),
    result('none', 'none'),
    result('none', 'service.cpu', 'medium'),
    result('none', 'unknown', 'low'),
    result('service.cpu', 'generator', 'high', ['late']),
  ]);
  expect(grade).toEqual({
    accuracy: { right: 2, of: 4 },
    falseAlarms: { count: 1, of: 3 },
    // high: cpu, database.cpu, none; medium: cpu and the false alarm; low: unknown claims nothing
    calibration: { high: { right: 2, of: 3 }, medium: { right: 1, of: 2 }, low: { right: 0, of: 0 } },
    confusion: {
      'service.cpu': { 'service.cpu': 2, 'database.cpu': 1 },
      'service.memory': { unknown: 1 },
      none: { none: 1, 'service.cpu': 1, unknown: 1 },
    },
    voided: 1,
  });
  expect(describeGrade(grade)).toContain('2 of 4 right (50 %)');
});

test('law: the confusion matrix holds every valid run once', () => {
  const ids = fc.constantFrom('none', 'unknown', 'service.cpu', 'database.locks');
  const results = fc.array(fc.tuple(ids, ids, fc.boolean()));
  fc.assert(
    fc.property(results, (drawn) => {
      const grade = gradeOf(drawn.map(([label, id, isVoid]) => result(label, id, 'low', isVoid ? ['late'] : [])));
      const counted = Object.values(grade.confusion).flatMap((row) => Object.values(row));
      expect(counted.reduce((sum, count) => sum + count, 0) + grade.voided).toBe(drawn.length);
      expect(grade.accuracy.of + grade.falseAlarms.of + grade.voided).toBe(drawn.length);
    }),
  );
});
