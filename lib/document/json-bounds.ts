const MOST_VALUES = 3_000_000;

/** An object takes as much memory as so many numbers, though there is nothing in it. */
const CONTAINER_VALUES = 2;

/**
 * What of a JSON text is more than may be parsed, as the end of a sentence; undefined where nothing is. Looked at before it is parsed, since
 * 64 MB of brackets become gigabytes.
 */
export function jsonExcess(text: string, deepest: number): string | undefined {
  let [depth, values, inText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inText = !inText;
    else if (inText) at += Number(code === 0x5c);
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      values += CONTAINER_VALUES;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x2c) values += 1;
    if (depth > deepest) return `is more than ${deepest} levels deep`;
    if (values > MOST_VALUES) return `holds more than ${MOST_VALUES} values`;
  }
  return undefined;
}
