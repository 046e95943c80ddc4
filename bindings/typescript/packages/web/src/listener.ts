/**
 * A listener of a platform's object. The platforms' own types differ in what they call the event, so none is asked for;
 * what is used of it is said where it is used.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Listener = (event: any) => void;
