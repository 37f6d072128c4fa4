/** Classes of bytes in HTTP/1.1 (RFC 9110 §5.5, §5.6.2), as tables: one look-up a byte. */
function tableOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));
}

const TCHAR = new Set(Array.from("!#$%&'*+-.^_`|~", (char) => char.charCodeAt(0)));

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isLetter = (byte: number): boolean => (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);

/** Bytes of a token: a header's name. */
export const isToken = tableOf((byte) => TCHAR.has(byte) || isDigit(byte) || isLetter(byte));

/** Bytes of a header's value or a reason phrase: visible ones, space, tab, and everything above ASCII. */
export const isValue = tableOf((byte) => byte === 9 || (byte >= 32 && byte !== 127));

/** Value of a hexadecimal digit plus one; 0 for any other byte. */
export const hexPlusOne = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? 0 : digit + 1;
});

export const CR = 13;
export const LF = 10;
export const SPACE = 32;
export const TAB = 9;
export const COLON = 58;
export const SEMICOLON = 59;

/** The decimal digit at `at`, or NaN. */
export function digitOf(buffer: Buffer, at: number): number {
  const value = (buffer[at] ?? 0) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

const CASE = 0x20;

/** Whether the bytes from `from` to `to` are `text`, which is in small letters, whatever case they have. No bytes of a token or value but letters differ in that bit alone. */
export function isAsciiText(buffer: Buffer, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i += 1) if (((buffer[from + i] ?? 0) | CASE) !== text[i]) return false;
  return true;
}

/** Fewer than what a number holds exactly. */
const MOST_DIGITS = 15;

/** The number that the bytes from `from` to `to` are, or −1 where they are not 1 to 15 digits. */
export function decimalIn(buffer: Buffer, from: number, to: number): number {
  if (to <= from || to - from > MOST_DIGITS) return -1;
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + digitOf(buffer, at);
  return Number.isNaN(number) ? -1 : number;
}
