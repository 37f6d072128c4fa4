/** One line of what Plimsoll must hold by itself. */
export interface OwnRow {
  readonly name: string;
  readonly measured: string;
  readonly goal: string;
  readonly holds: boolean;
  readonly figures: Readonly<Record<string, number>>;
}
