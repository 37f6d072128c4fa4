/**
 * A conclusion that several others ask for, drawn once for each run or outcome. These are plain values that are never changed once they were
 * measured, so it stays right; it is forgotten with them.
 */
export function remembered<From extends object, Conclusion>(
  draw: (from: From) => Conclusion,
): (from: From) => Conclusion {
  const drawn = new WeakMap<From, { readonly conclusion: Conclusion }>();
  return (from) => {
    const known = drawn.get(from) ?? { conclusion: draw(from) };
    drawn.set(from, known);
    return known.conclusion;
  };
}
