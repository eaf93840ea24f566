/** How a run ended: data, whatever the guest did. */

export interface GuestError {
  /** The Python exception's type, such as `ValueError`. */
  readonly type: string;
  readonly message: string;
  /** As Python prints it. */
  readonly traceback: string;
  /** The line of the run's own source where it happened, from 1; none outside it. */
  readonly line?: number;
}

interface OutcomeBase {
  /** Real time, waiting for the user's input excluded. */
  readonly wallMs: number;
  /** Size of the guest's linear memory at the end. */
  readonly heapBytes: number;
  /** Whether the guest lives on with its state. If not, `restart()` gives a fresh one. */
  readonly alive: boolean;
}

export type Outcome = OutcomeBase &
  (
    | { readonly status: 'ok' }
    /** An exception that nothing caught; `memory`: it was MemoryError. */
    | { readonly status: 'error' | 'memory'; readonly error: GuestError }
    /** `sys.exit` and the like. */
    | { readonly status: 'exit'; readonly exitCode: number }
    /** Stopped by `interrupt()`. */
    | { readonly status: 'interrupted'; readonly error: GuestError }
    /** A limit ended the guest. */
    | { readonly status: 'timeout' | 'cpu' | 'output' }
    /** A fault of the WebAssembly instance, or of the worker that holds it. */
    | { readonly status: 'trap'; readonly message: string }
    /** Ended by `terminate()`, `restart()` or `dispose()`. */
    | { readonly status: 'terminated' }
  );

export type OutcomeStatus = Outcome['status'];
