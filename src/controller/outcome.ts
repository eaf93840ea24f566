/** How a run ended: data, whatever the guest did. */
import type { BudgetName, Used } from './watchdog';

export interface GuestError {
  /** The Python exception's type, such as `ValueError`. */
  readonly type: string;
  readonly message: string;
  /** As Python prints it. */
  readonly traceback: string;
  /** The line of the run's own source where it happened, from 1; none outside it. */
  readonly line?: number;
}

/** Whose limit was reached: that of one run, or that of all runs of the sandbox together. */
export type LimitScope = 'run' | 'lifetime';

/** What the run used up is in it too: `wallMs`, `cpuMs`, `fuel`, `outputBytes`, `hostCalls`. */
interface OutcomeBase extends Used {
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
    /**
     * A limit ended the run: `timeout` for `wallMs`; `cpu` for `cpuMs`, `fuel` and `hostCalls`; `output`
     * for `outputBytes`. The error is TimeLimitExceeded, unless the program made something else of it or
     * did not end in its grace; then `alive` is false.
     */
    | {
        readonly status: 'timeout' | 'cpu' | 'output';
        readonly limit: BudgetName;
        readonly scope: LimitScope;
        readonly error?: GuestError;
      }
    /** A fault of the WebAssembly instance, or of the worker that holds it. */
    | { readonly status: 'trap'; readonly message: string }
    /** Ended by `terminate()`, `restart()` or `dispose()`. */
    | { readonly status: 'terminated' }
  );

export type OutcomeStatus = Outcome['status'];
