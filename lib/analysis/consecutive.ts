/** So many readings in succession are evidence: a single second may be chance. */
export const CONSECUTIVE = 3;

/** Every stretch of so many consecutive values, the first one first. */
export const stretchesOf = <T>(values: readonly T[]): T[][] =>
  values.slice(CONSECUTIVE - 1).map((_, at) => values.slice(at, at + CONSECUTIVE));

/** Where the first stretch begins in which every flag is set; −1 where there is none. */
export const firstStretch = (flags: readonly boolean[]): number =>
  stretchesOf(flags).findIndex((stretch) => stretch.every(Boolean));
