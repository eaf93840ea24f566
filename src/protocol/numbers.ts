/**
 * Numbers that must not be mixed up. Each comes from the guest and is hostile until the module
 * that brands it has checked it: pointers and lengths in `worker/guest-memory`, descriptors in
 * `controller/fd-table`.
 */
declare const brand: unique symbol;

/** A file descriptor as the guest names it: not yet known to be open. */
export type Fd = number & { readonly [brand]: 'Fd' };

/** A byte offset in the guest's linear memory. */
export type GuestPointer = number & { readonly [brand]: 'GuestPointer' };

/** Bytes moved by one host call at most: a guest that asks for more gets a short read or write. */
export const MAX_TRANSFER_BYTES = 1 << 20;

/**
 * So much of a long reply is copied at a time, at both ends: what one writes, the other finds in the
 * processor's cache.
 */
export const ARRIVAL_BYTES = 64 * 1024;

/** WebAssembly's unit of memory. */
export const PAGE_BYTES = 65_536;

/** What 32 bits address. */
export const MAX_PAGES = 65_536;

/** Longest path that is looked at, in bytes: PATH_MAX of Linux. */
export const MAX_PATH_BYTES = 4096;

/** Buffers in one scattered read or gathered write: IOV_MAX of Linux. */
export const MAX_VECTORS = 1024;

/** Subscriptions that one `poll_oneoff` may bring. */
export const MAX_SUBSCRIPTIONS = 1024;
