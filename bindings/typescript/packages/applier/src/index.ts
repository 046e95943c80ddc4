/**
 * What the appliers of all state libraries share: selection, shape, structural sharing.
 *
 * @packageDocumentation
 */
export {};
