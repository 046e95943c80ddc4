/**
 * Keeps a copy of one state current: invalidation, pull, apply only what is newer.
 *
 * @packageDocumentation
 */
export {};
