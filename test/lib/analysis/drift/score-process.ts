import { LEVEL, RISING, shareRising } from './synthetic.ts';

/** Prints the shares of a few courses of each kind. Jest's own realm makes such arithmetic twenty times slower. */
const count = Number(process.argv[2]);
const level = Object.entries(LEVEL).flatMap(([name, course]) =>
  (['middle', 'floor'] as const).map((figure) => ({ name, share: shareRising(course, figure, count) })),
);
const rising = Object.entries(RISING).map(([name, course]) => ({
  name,
  share: shareRising(course, course.figure, count),
}));
process.stdout.write(JSON.stringify({ level, rising }));
