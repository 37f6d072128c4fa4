import { asCodeValues } from '../../lib/document/exact-json.ts';
import { Choice, type Constants } from '../engine/render.ts';
import type { User, Value } from '../engine/user.ts';
import type { Variables } from './messages.ts';

/** A user's context in the hooks' thread, and the variables that both know. */
interface Session {
  readonly id: number;
  readonly sent: Map<string, Value>;
}

/** The users for whom hooks were called, and which of their variables the hooks' thread knows: only what has changed is sent. */
export class Sessions {
  readonly #constants: Constants;
  readonly #sessions = new Map<User, Session>();
  #next = 0;

  constructor(constants: Constants) {
    this.#constants = constants;
  }

  get users(): User[] {
    return [...this.#sessions.keys()];
  }

  idOf(user: User): number {
    return this.#of(user).id;
  }

  /** Variables that are others than at the last call; undefined of those that have gone. */
  changed(user: User): Record<string, unknown> {
    const { sent } = this.#of(user);
    const changed: Record<string, unknown> = {};
    for (const [name, value] of user.variables) {
      // Names with a blank are the engine's own.
      if (sent.get(name) === value || name.includes(' ')) continue;
      sent.set(name, value);
      changed[name] = asCodeValues(value);
    }
    for (const name of sent.keys())
      if (!user.variables.has(name)) {
        sent.delete(name);
        changed[name] = undefined;
      }
    return changed;
  }

  /** Takes what hooks have changed. */
  take(user: User, variables: Variables): void {
    const sent = this.#sessions.get(user)?.sent;
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) {
        user.variables.delete(name);
        sent?.delete(name);
      } else {
        user.variables.set(name, value);
        sent?.set(name, value);
      }
    }
  }

  /** Under which number the thread knows the user, who is not called for again. */
  end(user: User): number | undefined {
    const session = this.#sessions.get(user);
    this.#sessions.delete(user);
    return session?.id;
  }

  /** Another thread knows nothing yet. */
  startOver(): void {
    for (const { sent } of this.#sessions.values()) sent.clear();
  }

  #of(user: User): Session {
    const known = this.#sessions.get(user);
    if (known !== undefined) return known;
    const session = { id: this.#next++, sent: new Map<string, Value>() };
    for (const [name, value] of this.#constants)
      if (value instanceof Choice && !user.variables.has(name)) user.variables.set(name, value.of(user));
    this.#sessions.set(user, session);
    return session;
  }
}
