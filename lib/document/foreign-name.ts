/** Foreign text as a name in a report: one line of whole letters, no control characters, nothing at its ends. */
export const foreignName = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
