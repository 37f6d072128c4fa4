/** What one run of some steps comes to on average, as far as a plan can say it: where replies decide, it is a guess. */
export interface Course {
  readonly requests: number;
  readonly thinkUs: number;
  /** The think time before each request, added up over all of them. */
  readonly beforeUs: number;
}

export const NO_COURSE: Course = { requests: 0, thinkUs: 0, beforeUs: 0 };

export const inTurn = (first: Course, second: Course): Course => ({
  requests: first.requests + second.requests,
  thinkUs: first.thinkUs + second.thinkUs,
  beforeUs: first.beforeUs + second.beforeUs + second.requests * first.thinkUs,
});

export const repeated = ({ requests, thinkUs, beforeUs }: Course, times: number): Course => ({
  requests: times * requests,
  thinkUs: times * thinkUs,
  // Before the requests of turn i come i whole turns.
  beforeUs: times * beforeUs + (requests * thinkUs * times * (times - 1)) / 2,
});

/** One of several, as their weights say. */
export function oneOf(courses: readonly { readonly weight: number; readonly course: Course }[]): Course {
  const total = courses.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (read: (course: Course) => number): number =>
    courses.reduce((sum, { weight, course }) => sum + weight * read(course), 0) / total;
  return {
    requests: mean(({ requests }) => requests),
    thinkUs: mean(({ thinkUs }) => thinkUs),
    beforeUs: mean(({ beforeUs }) => beforeUs),
  };
}
