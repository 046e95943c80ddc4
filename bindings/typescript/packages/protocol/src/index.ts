/**
 * The state-sync protocol for TypeScript: the types of its messages, guards and parsers generated from its schema,
 * and revisions. It has no dependencies and does no I/O.
 *
 * @packageDocumentation
 */
export { decode, MAX_DEPTH } from "./decode.js";
export { ProtocolError } from "./error.js";
export * from "./generated/index.js";
export {
  compareRevisions,
  isCanonicalRevision,
  MAX_REVISION,
  nextRevision,
  ZERO_REVISION,
} from "./revision.js";
