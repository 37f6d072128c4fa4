import { createPrivateKey, X509Certificate } from 'node:crypto';
import { asRecord, asText, type Draft } from '../draft.ts';
import { requestOf, stepsOfPlan } from '../draft-steps.ts';
import { namesUser } from '../../document/passwords.ts';
import { problemIf, quote, type Path, type Problem } from '../../document/problems.ts';
import { didYouMean } from '../../document/suggest.ts';
import { parseTemplate } from '../template.ts';
import type { CheckContext } from './check.ts';

/** Where requests go: a path, a whole URL, or what a template makes of either; never with a password in it. */
export function checkAddresses(draft: Draft): Problem[] {
  const target = asText(draft['target']);
  const sources = ['metrics', 'health'].flatMap((key) => {
    const address = asText(asRecord(draft['signals'])[key]);
    return address === undefined ? [] : addressProblems(['signals', key], address);
  });
  return [
    ...(target === undefined ? [] : [...passwordProblem(['target'], target), ...endProblem(target)]),
    ...sources,
    ...stepsOfPlan(draft).flatMap(({ path, value }) => {
      const request = requestOf(value);
      return request === undefined ? [] : addressProblems([...path, request.method], request.target);
    }),
  ];
}

function addressProblems(path: Path, address: string): Problem[] {
  if (address === '') return [];
  if (!/^(?:\/|https?:\/\/|\{\{)/i.test(address))
    return [{ path, text: `${quote(address)} is neither a path nor a URL; begin with / or http://` }];
  const { pieces, problems } = parseTemplate(address);
  const letters = pieces.map((piece) => (piece.kind === 'text' ? piece.text : TEMPLATE)).join('');
  const reason = problems.length === 0 ? REFUSED.find(([wrong]) => wrong.test(letters))?.[1] : undefined;
  return reason === undefined ? passwordProblem(path, address) : [{ path, text: `${quote(address)} ${reason}` }];
}

/** Stands for a value of which nothing is known yet: a private-use character. */
const TEMPLATE = '\uE000';

/** What URLs have a meaning of their own for, so that something else would be asked for than is written. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/[\s\p{Cc}]/u, 'holds a blank, which no URL may; write %20'],
  [/#/, 'holds #, and what follows it is never sent; write %23'],
  [/^[^?]*\\/, 'holds \\, which a URL turns into /; write %5C'],
  [
    /^(?:https?:\/\/)?[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i,
    'holds . or .. as a segment, which a URL resolves before it is sent; write the path that is meant',
  ],
];

function endProblem(target: string): Problem[] {
  if (/[?#]/.test(target))
    return [
      { path: ['target'], text: `${quote(target)} holds a query or #, which no step sends; give it to the steps` },
    ];
  const reason = REFUSED.find(([wrong]) => wrong.test(target))?.[1];
  return reason === undefined ? [] : [{ path: ['target'], text: `${quote(target)} ${reason}` }];
}

function passwordProblem(path: Path, address: string): Problem[] {
  return namesUser(address)
    ? [{ path, text: 'holds a user name; send it as a header from {{ $env(NAME) }}, since reports show addresses' }]
    : [];
}

/** Names for a signal that there isn't, and names that nothing is read for, would be silent all along. */
export function checkSignalNames(draft: Draft, { signalIds }: CheckContext): Problem[] {
  const signals = asRecord(draft['signals']);
  const names = Object.keys(asRecord(signals['names']));
  const unread = names.length > 0 && signals['metrics'] === undefined;
  return [
    ...problemIf(unread, ['signals', 'names'], 'nothing is read for these names; add signals.metrics, or remove them'),
    ...names
      .filter((id) => !signalIds.includes(id))
      .map((id) => {
        const near = didYouMean(id, signalIds);
        const remedy = near === '' ? `; there are ${signalIds.join(', ')}` : near;
        return { path: ['signals', 'names', id], onKey: true, text: `${quote(id)} is no signal${remedy}` };
      }),
  ];
}

/** A certificate without its key, or a key that is none, or another's: every handshake would fail. */
export function checkClientKey(draft: Draft, { env, cert: certificate }: CheckContext): Problem[] {
  const { cert, key } = asRecord(draft['tls']);
  const name = asText(key);
  if ((cert === undefined) !== (key === undefined))
    return [
      cert === undefined
        ? { path: ['tls', 'key'], text: 'is the key of no certificate; add cert, or remove it' }
        : { path: ['tls', 'cert'], text: 'needs its key; add key with the environment variable that holds it' },
    ];
  if (name === undefined || name === '') return [];
  const pem = env[name];
  if (pem === undefined)
    return [
      {
        path: ['tls', 'key'],
        isOfEnvironment: true,
        text: `the environment variable ${name} is not set; set it to the key, as PEM text`,
      },
    ];
  if (!isPrivateKey(pem))
    return [
      {
        path: ['tls', 'key'],
        text: `the environment variable ${name} holds no private key; set it to PEM text without a password`,
      },
    ];
  return problemIf(
    certificate !== undefined && isOfAnother(certificate, pem),
    ['tls', 'key'],
    `the environment variable ${name} holds the key of another certificate than ${quote(asText(cert) ?? '')}`,
  );
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
}

/** What can't be read as a certificate is refused by the handshake. */
function isOfAnother(cert: string, key: string): boolean {
  try {
    return !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** A source that is named and not there would make every verdict about it unknown, an hour later. */
export function checkSignalSources(draft: Draft, { env }: CheckContext): Problem[] {
  const signals = asRecord(draft['signals']);
  return ['database', 'cache'].flatMap((source) => {
    const name = asText(signals[source]);
    if (name === undefined || name === '' || env[name] !== undefined) return [];
    const reason = `the environment variable ${name} is not set; set it to the ${source}'s address, or remove this line`;
    return [{ path: ['signals', source], isOfEnvironment: true, text: reason }];
  });
}
