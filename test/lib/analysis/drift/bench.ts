import { LEVEL, RISING, shareRising } from './synthetic.ts';

/** `npm run bench:drift -- [courses]`: of each kind of course without a trend how many seem to rise, and of those that rise how many are found. */
const courses = Number(process.argv[2] ?? 1000);
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
for (const [name, course] of Object.entries(LEVEL))
  for (const figure of ['middle', 'floor'] as const)
    process.stdout.write(`${percent(shareRising(course, figure, courses)).padStart(8)}  ${figure}  ${name}\n`);
for (const [name, course] of Object.entries(RISING))
  process.stdout.write(`${percent(shareRising(course, course.figure, courses)).padStart(8)}  found  ${name}\n`);
