import { parseTemplate, type Piece } from '../../lib/plan/template.ts';
import {
  asIs,
  compilePieces,
  encodedAlready,
  joined,
  percentEncoded,
  writtenAs,
  type Constants,
  type Encode,
  type Encoding,
  type Render,
} from './render.ts';
import { refuseValue } from './no-request.ts';

/** The plan's own letters are encoded already, or by the URL's parser. */
const ADDRESS: Encoding = { literal: asIs, value: percentEncoded, raw: encodedAlready };

/** Names and values of a query or a form, whose letters have no meaning of their own. */
export const PAIR: Encoding = { literal: percentEncoded, value: percentEncoded, raw: encodedAlready };

/**
 * An address that a reply has given is resolved as it is; URL parsers drop control characters without a word, and an empty one
 * would be the address it stands in.
 */
const reference: Encode = (text) =>
  text === '' || /\p{Cc}/u.test(text) ? refuseValue('the address is empty, or holds a control character') : text;

/**
 * The path of a step as a function of the user. A template at its beginning is an address, such as a link of a reply; any other one
 * is a path segment or a part of the query, of which no value can make more than that.
 */
export function compilePath(text: string, constants: Constants): Render<string> {
  const { pieces } = parseTemplate(text);
  const [first, ...others] = pieces;
  if (first === undefined || first.kind === 'text') return compileParts(pieces, constants);
  const head = compilePieces([first], constants, { ...ADDRESS, value: reference });
  const rest = compileParts(others, constants, false);
  if (others.length === 0) return head;
  return (user) => withoutFragment(head(user)) + rest(user);
}

/** A link may end with a fragment, in which all that follows would be lost. */
const withoutFragment = (address: string): string => address.replace(/#.*$/s, '');

/** `isWhole`: the first segment is whole, and not the end of one that a template has begun. */
function compileParts(pieces: readonly Piece[], constants: Constants, isWhole = true): Render<string> {
  if (pieces.every(({ kind }) => kind === 'text')) return compilePieces(pieces, constants, ADDRESS);
  const { segments, query } = split(pieces);
  const path = segments.flatMap((segment, i) => {
    const render = compilePieces(segment, constants, ADDRESS);
    const isFixed = segment.every((piece) => piece.kind === 'text' || piece.raw === true);
    const checked = isFixed || (i === 0 && !isWhole) ? render : wholeSegment(render, segment.map(writtenAs).join(''));
    return i === 0 ? [checked] : [slash, checked];
  });
  return joined([...path, compilePieces(query, constants, ADDRESS)]);
}

const slash: Render<string> = () => '/';

/** RFC 3986 §5.2.4: `.` and `..` are steps in a path, encoded or not, and an empty segment is a path of another resource. */
const NO_SEGMENT = /^(?:\.|%2e){0,2}$/i;

const wholeSegment =
  (render: Render<string>, written: string): Render<string> =>
  (user) => {
    const segment = render(user);
    return NO_SEGMENT.test(segment) ? refuseValue(`${written} is an empty path segment, . or ..`) : segment;
  };

/** Segments are what stands between slashes; the query begins at the first question mark, and holds it. */
function split(pieces: readonly Piece[]): { segments: Piece[][]; query: Piece[] } {
  const segments: Piece[][] = [[]];
  const query: Piece[] = [];
  for (const piece of pieces) {
    if (query.length > 0) query.push(piece);
    else if (piece.kind === 'text') {
      const at = piece.text.indexOf('?');
      const path = at < 0 ? piece.text : piece.text.slice(0, at);
      path.split('/').forEach((text, i) => {
        if (i > 0) segments.push([]);
        if (text !== '') segments.at(-1)?.push({ kind: 'text', text });
      });
      if (at >= 0) query.push({ kind: 'text', text: piece.text.slice(at) });
    } else segments.at(-1)?.push(piece);
  }
  return { segments, query };
}
