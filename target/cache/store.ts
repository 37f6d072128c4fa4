/** A key's value and when it goes. */
interface Entry {
  readonly key: string;
  value: Buffer;
  /** Infinity when it never expires. */
  expiresAtMs: number;
  usedAtMs: number;
  /** Where its key stands in the list that sampling draws from. */
  slot: number;
}

/** Map entry, Entry object, list slot, Buffer and its ArrayBuffer: about 400 bytes of heap for a key, measured with 100,000 keys. */
const overheadBytes = 400;
/** Redis's default maxmemory-samples. */
const evictionSamples = 5;
/** Redis's ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP; a round repeats while more than a quarter of its sample had expired. */
const expirySamples = 20;
const expiryRounds = 16;

/** Counters since the store was made, named as INFO names them. */
export interface StoreCounters {
  keyspaceHits: number;
  keyspaceMisses: number;
  evictedKeys: number;
  expiredKeys: number;
}

/**
 * Keys and values in memory with time to live and a memory limit, as Redis does it with `allkeys-lru`: expired keys go when
 * touched or sampled; over the limit, the least recently used of five random keys goes, until it fits.
 * Time comes in with every call; randomness (0 ≤ random() < 1) at construction: so the same calls give the same store.
 */
export class Store {
  readonly counters: StoreCounters = { keyspaceHits: 0, keyspaceMisses: 0, evictedKeys: 0, expiredKeys: 0 };
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #slots: Entry[] = [];
  #usedBytes = 0;
  /** 0 means no limit, as in Redis. */
  maxBytes: number;

  constructor(maxBytes: number, random: () => number) {
    this.maxBytes = maxBytes;
    this.#random = random;
  }

  get size(): number {
    return this.#entries.size;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Reads a value as a client does: counts a hit or a miss and makes the key recently used. */
  read(key: string, nowMs: number): Buffer | undefined {
    const entry = this.#live(key, nowMs);
    if (entry === undefined) {
      this.counters.keyspaceMisses += 1;
      return undefined;
    }
    this.counters.keyspaceHits += 1;
    entry.usedAtMs = nowMs;
    return entry.value;
  }

  /** Looks at a key without counting or touching it: its value and expiry (Infinity: none). */
  peek(key: string, nowMs: number): { readonly value: Buffer; readonly expiresAtMs: number } | undefined {
    return this.#live(key, nowMs);
  }

  /** Writes a value; returns false, changing nothing, when it would not fit even into an empty store. */
  write(key: string, value: Buffer, expiresAtMs: number, nowMs: number): boolean {
    if (this.maxBytes > 0 && sizeOf(key, value) > this.maxBytes) return false;
    this.delete(key, nowMs);
    const entry: Entry = { key, value: ownCopy(value), expiresAtMs, usedAtMs: nowMs, slot: this.#slots.length };
    this.#entries.set(key, entry);
    this.#slots.push(entry);
    this.#usedBytes += sizeOf(key, value);
    this.#evict(nowMs);
    return true;
  }

  /** @returns whether the key was there */
  delete(key: string, nowMs: number): boolean {
    const entry = this.#live(key, nowMs);
    if (entry !== undefined) this.#remove(entry);
    return entry !== undefined;
  }

  /** Sets when a key goes; a moment already past removes it. @returns whether the key was there */
  expire(key: string, expiresAtMs: number, nowMs: number): boolean {
    const entry = this.#live(key, nowMs);
    if (entry === undefined) return false;
    if (expiresAtMs <= nowMs) this.#remove(entry);
    else entry.expiresAtMs = expiresAtMs;
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#slots.length = 0;
    this.#usedBytes = 0;
  }

  /** Removes expired keys that no command reads any more, by sampling; bounded work, meant to be called ten times a second. */
  sweep(nowMs: number): void {
    for (let round = 0; round < expiryRounds; round += 1) {
      const expired = this.#sample(expirySamples).filter((entry) => entry.expiresAtMs <= nowMs);
      const distinct = new Set(expired);
      for (const entry of distinct) this.#expired(entry);
      if (distinct.size * 4 <= expirySamples) return;
    }
  }

  /** Applies a lowered limit at once. */
  limit(maxBytes: number, nowMs: number): void {
    this.maxBytes = maxBytes;
    this.#evict(nowMs);
  }

  #live(key: string, nowMs: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAtMs > nowMs) return entry;
    this.#expired(entry);
    return undefined;
  }

  #expired(entry: Entry): void {
    this.#remove(entry);
    this.counters.expiredKeys += 1;
  }

  #evict(nowMs: number): void {
    while (this.maxBytes > 0 && this.#usedBytes > this.maxBytes && this.#slots.length > 0) {
      const sample = this.#sample(evictionSamples);
      const oldest = sample.reduce((least, entry) => (entry.usedAtMs < least.usedAtMs ? entry : least));
      this.#remove(oldest);
      if (oldest.expiresAtMs <= nowMs) this.counters.expiredKeys += 1;
      else this.counters.evictedKeys += 1;
    }
  }

  #sample(count: number): Entry[] {
    const drawn = Array.from({ length: count }, () => this.#slots[Math.floor(this.#random() * this.#slots.length)]);
    return drawn.filter((entry) => entry !== undefined);
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#usedBytes -= sizeOf(entry.key, entry.value);
    const last = this.#slots.pop();
    if (last === undefined || last === entry) return;
    this.#slots[entry.slot] = last;
    last.slot = entry.slot;
  }
}

/** Small buffers share 8 kB slabs; a value that stays would keep its whole slab alive, with whatever passed through it. */
function ownCopy(value: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(value.length);
  value.copy(copy);
  return copy;
}

function sizeOf(key: string, value: Buffer): number {
  return key.length + value.length + overheadBytes;
}
