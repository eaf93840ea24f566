/** What shows a terminal: an element on a page, a window on a desk, a string in a test. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /**
   * Text with control sequences, harmless ones only. Where it gives a promise, who writes waits for that: nothing
   * prints faster than it can be shown.
   */
  write(text: string): void | Promise<void>;
}
