/** What the page answers a guest that asks for something: no, and why. */
import { GloveboxError } from '../errors';

/** Codes that are ours; a page may have any others. */
export type RefusalCode =
  /** Never, for this guest: the name is not among what it was given. `Forbidden` in the guest. */
  | 'forbidden'
  /** Not this caller, or not now. `Unauthorized`. */
  | 'unauthorized'
  /** A meter is used up. `BudgetExceeded`. */
  | 'budget'
  /** The handle's object was taken back, or the handle is of another sandbox. `Revoked`. */
  | 'revoked'
  /** Wrong number or types of arguments. `TypeError`. */
  | 'type'
  /** An argument or a result is more than may travel. `ValueError`. */
  | 'size'
  /** The page's function failed: only the page knows how. */
  | 'fault';

/**
 * Thrown by a host function: the guest's call raises `glovebox.CapabilityError` with this code and message. Of
 * anything else that is thrown the guest learns nothing but that it happened.
 */
export class Refusal extends GloveboxError {
  readonly code: string;

  constructor(code: RefusalCode | (string & {}), message = '') {
    super(message);
    this.code = code;
  }

  override get name(): string {
    return 'Refusal';
  }
}
