import { parseExactJson } from '../../../lib/document/exact-json.ts';
import type { FailureKind } from '../../../lib/measure/failures.ts';
import type { Reply } from '../../senders/sender.ts';
import type { Address } from '../address.ts';
import { parseHtml } from './html.ts';
import { parseXml } from './xml.ts';
import { bodyText, type BodyText } from './body-text.ts';
import type { User } from '../user.ts';

/** A reply with its body decoded and parsed at most once, and only when a check asks for it. */
export class ReadReply {
  readonly reply: Reply;
  #body: BodyText | undefined;
  #json: { value: unknown } | undefined;
  #html: ReturnType<typeof parseHtml> | undefined;
  #xml: { value: ReturnType<typeof parseXml> } | undefined;

  constructor(reply: Reply) {
    this.reply = reply;
  }

  header(name: string): string | undefined {
    const value = this.reply.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Throws where the body is not encoded as its content-encoding says. */
  get text(): string {
    this.#body ??= bodyText(this.reply.body, this.header('content-encoding'), this.header('content-type'));
    return this.#body.text;
  }

  /** What a check or capture of the body fails as: where it could only be guessed how to read it, that is the failure. */
  failure(kind: FailureKind): FailureKind {
    return this.#body?.doubtful === true ? 'encoding' : kind;
  }

  get html(): ReturnType<typeof parseHtml> {
    return (this.#html ??= parseHtml(this.text));
  }

  /** undefined where the body is no XML. */
  get xml(): ReturnType<typeof parseXml> {
    return (this.#xml ??= { value: parseXml(this.text) }).value;
  }

  /** undefined where the body is no JSON. */
  get json(): unknown {
    return (this.#json ??= { value: parseJson(this.text) }).value;
  }
}

/** Why a reply fails; undefined where it passes. `asked` is where the request went. */
export type ReplyCheck = (
  reply: ReadReply,
  responseTimeUs: number,
  user: User,
  asked?: Address,
) => FailureKind | undefined;

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
