import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/**
 * X.509 certificates made for one test run (RFC 5280, DER by hand): so no key is ever committed, none expires in a
 * repository, and no `openssl` has to be installed.
 */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly host: string;
  /** IPv4, as four bytes, beside the name. */
  readonly address?: readonly number[];
  /** Days from now; negative ones make an expired certificate. */
  readonly fromDays: number;
  readonly untilDays: number;
}

const DAY_MS = 86_400_000;

/** Tag, length (short or long form), content: X.690 §8.1. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length.toString(16);
  const bytes = Buffer.from(length.length % 2 === 0 ? length : `0${length}`, 'hex');
  const head = body.length < 128 ? [body.length] : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));

/** UTCTime, which RFC 5280 §4.1.2.5 asks for until 2049. */
const time = (days: number): Buffer => {
  const digits = new Date(Date.now() + days * DAY_MS).toISOString().replaceAll(/[-T:]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
};

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const SUBJECT_ALT_NAME = oid('551d11');
const TRUE = der(0x01, Buffer.from([0xff]));

function extensions({ host, address }: Wanted): Buffer {
  const names = [der(0x82, Buffer.from(host)), ...(address === undefined ? [] : [der(0x87, Buffer.from(address))])];
  const alternative = sequence(SUBJECT_ALT_NAME, der(0x04, sequence(...names)));
  const authority = sequence(BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE)));
  return der(0xa3, sequence(authority, alternative));
}

function toBeSigned(wanted: Wanted, publicKey: KeyObject): Buffer {
  const name = sequence(der(0x31, sequence(COMMON_NAME, utf8(wanted.host))));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const validity = sequence(time(wanted.fromDays), time(wanted.untilDays));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return sequence(version3, serial, ECDSA_WITH_SHA256, name, validity, name, key, extensions(wanted));
}

/** A certificate that signs itself, and its key, both as PEM. */
export function selfSigned(wanted: Wanted): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(wanted, publicKey);
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
