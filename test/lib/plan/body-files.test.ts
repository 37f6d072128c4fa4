import { expect, test } from '@jest/globals';
import { planSteps } from '../../../lib/plan/plan.ts';
import { headsOf, parseText, planOf } from './sources.ts';

const post = (rest: string): { step: string } => ({ step: `{ post: /, ${rest} }` });

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a form beside another body',
    post('json: 1, multipart: { a: 1 }'),
    '6:5 scenarios[0].steps[0]: has more than one of json, form, body and multipart; keep one',
  ],
  [
    'a form of a HEAD',
    { step: '{ head: /, multipart: { a: 1 } }' },
    '6:16 scenarios[0].steps[0].multipart: head sends no body, and servers may reset the connection; write post, put or patch, or use query',
  ],
  [
    'a type that a form has of itself',
    post('headers: { Content-Type: multipart/form-data }, multipart: { a: 1 }'),
    '6:27 scenarios[0].steps[0].headers.Content-Type: Content-Type is set by multipart, with its boundary; remove it',
  ],
  [
    'a file that is not there',
    post('multipart: { a: { file: no.png } }'),
    '6:40 scenarios[0].steps[0].multipart.a.file: there is no file "no.png"; its path is relative to the plan',
  ],
  [
    'a body that is not there, in a list of parts too',
    post('multipart: { a: [{ file: photo.png }, { file: no.png }] }'),
    '6:62 scenarios[0].steps[0].multipart.a[1].file: there is no file "no.png"; its path is relative to the plan',
  ],
  [
    'a body from no file',
    post('body: { file: no.bin }'),
    '6:30 scenarios[0].steps[0].body.file: there is no file "no.bin"; its path is relative to the plan',
  ],
  [
    'a file whose name is a template',
    post('body: { file: "{{ $uuid }}.bin" }'),
    '6:30 scenarios[0].steps[0].body.file: templates are not read here; write the name of the file out',
  ],
  [
    'files that are too large',
    post('body: { file: large.bin }'),
    '6:30 scenarios[0].steps[0].body.file: with "large.bin" the files of the plan are larger than 16 MiB together; send smaller ones',
  ],
  [
    'templates in what is no text',
    post('body: { file: photo.png, templates: true }'),
    '6:30 scenarios[0].steps[0].body.file: "photo.png" is not UTF-8 text, so it has no templates; leave templates out',
  ],
  [
    'a type that is none',
    post('multipart: { a: { text: x, type: png } }'),
    '6:49 scenarios[0].steps[0].multipart.a.type: "png" is no media type; write one such as image/png, without templates',
  ],
  [
    'a template in a type',
    post("multipart: { a: { text: x, type: 'text/plain; charset={{ $now }}' } }"),
    '6:49 scenarios[0].steps[0].multipart.a.type: "text/plain; charset={{ $now }}" is no media type; write one such as image/png, without templates',
  ],
  [
    'an unknown key of a part',
    post('multipart: { a: { file: photo.png, nam: x } }'),
    '6:51 scenarios[0].steps[0].multipart.a.nam: no such key here; there are text, type, file, templates and filename',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('templates inside a file are checked as those of the plan are', async () => {
  const [code, ...lines] = await headsOf(planOf(post('body: { file: order.json, templates: true }')));
  expect(code).toBe('E-PLAN-INVALID');
  expect(lines.map((line) => line.replace(/^[\d:]+ /, ''))).toEqual([
    'scenarios[0].steps[0].body.text: id is not known here; capture it in a step before, or add it to variables',
    'scenarios[0].steps[0].body.text: users.email is not known here; capture it in a step before, or add it to variables',
  ]);
});

test('a file is held once by the plan, and one with templates is a text of its step, feeders and all', async () => {
  const plan = await parseText(
    planOf({
      top: 'feeders: { users: { file: users.csv } }',
      step: `{ post: /, body: { file: photo.png } }
  - { post: /, multipart: { a: { file: photo.png }, b: 1.5 } }
  - { get: /, capture: { id: $.id } }
  - { post: /, body: { file: order.json, templates: true } }`,
    }),
  );
  expect(plan.files['photo.png']).toBe(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]).toString('base64'));
  const bodies = planSteps(plan).map(({ step }) => step.body);
  expect(bodies[1]).toMatchObject({ multipart: [{ name: 'a', filename: 'photo.png' }, { content: { text: '1.5' } }] });
  expect(bodies[3]).toEqual({ raw: '{"id": "{{ id }}", "user": "{{ users.email }}"}' });
});
