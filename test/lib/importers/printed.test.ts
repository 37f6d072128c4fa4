import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { importText, sampleText } from './imported.ts';

const PRINTED = [
  'recorded/hey-refused.txt',
  'recorded/wrk-latency.txt',
  'recorded/ab.txt',
  'recorded/siege.txt',
  'recorded/autocannon.txt',
  'recorded/vegeta-hdr.txt',
  'made/wrk2.txt',
  'made/oha.txt',
  'made/vegeta-report.txt',
];

const eachLine = (write: (line: string) => string) => (text: string) => text.split('\n').map(write).join('\n');

/** What becomes of output on its way into a file: pages, mails, scripts and terminals. */
const FORMS: readonly (readonly [string, (text: string) => string])[] = [
  ['indented', eachLine((line) => `\t    ${line}`)],
  ['quoted', eachLine((line) => `> ${line}`)],
  ['commented', eachLine((line) => `# ${line}`)],
  ['below its command', (text) => `user@host:~$ load -c 10 http://127.0.0.1/\n${text}`],
  ['within a page', (text) => `# Results\n\nWith 12 requests:\n\n\`\`\`sh\n${text}\n\`\`\`\n\nThat was it.\n`],
  ['with one blank where there were several', eachLine((line) => line.replaceAll(/(\S)[ \t]{2,}/g, '$1 '))],
  ['in colours', eachLine((line) => `\u001B[1;32m${line}\u001B[0m`)],
  ['with the line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
];

const figures = (text: string) => {
  const { imported, phase, run } = importText(text);
  return [imported.tool, phase.ledger, phase.serviceTimeUs, phase.responseTimeUs, run.seconds];
};

function refusal(text: string): string {
  try {
    return JSON.stringify(figures(text));
  } catch (error) {
    return error instanceof PlimsollError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe.each(PRINTED)('%s', (file) => {
  const text = sampleText(file);

  test.each(FORMS)('%s it says the same', (_, write) => expect(figures(write(text))).toEqual(figures(text)));

  test('twice in one file it is refused, since none of two runs is the other', () => {
    expect(refusal(`${text}\n${text}`)).toMatch(/^E-IMPORT-DAMAGED: It holds several outputs of .* round line \d+/);
  });
});

test('output that was cut before its figures, and that of a tool for gRPC, are refused', () => {
  const cut = (file: string, before: string): string => sampleText(file).split(before)[0] ?? '';
  expect(refusal(cut('recorded/wrk-latency.txt', '2161 requests in'))).toMatch(/^E-IMPORT-DAMAGED: .*holds no request/);
  expect(refusal(sampleText('recorded/ab.txt').replace('requests:      400', 'requests:'))).toMatch(/holds no request/);
  expect(
    refusal('Summary:\n  Count:\t200\n  Slowest:\t16.17 ms\n\nLatency distribution:\n  50 % in 10.51 ms\n'),
  ).toMatch(/^E-IMPORT-UNKNOWN/);
});
