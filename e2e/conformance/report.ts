/** What the page leaves behind for whoever opened it: `globalThis.conformance`. */

/** What a test measured on its way, by name. */
export type Measures = Readonly<Record<string, number>>;

export interface TestResult {
  readonly group: string;
  readonly title: string;
  readonly durationMs: number;
  /** Why it failed; none if it holds. */
  readonly failure?: string;
  readonly measures?: Measures;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface Report {
  readonly engine: string;
  readonly crossOriginIsolated: boolean;
  /** The channel that a sandbox has to have here; none where a guest can't wait for its host. */
  readonly channel: string | undefined;
  readonly results: readonly TestResult[];
  readonly figures: readonly Figure[];
  /** What is under way, for a driver that loses its patience. */
  readonly current: string;
  readonly done: boolean;
}
