/**
 * Shows the status of a state-sync engine in React.
 *
 * @packageDocumentation
 */
export {};
