import type { LoadParts } from "./load.js";

/** What loading and clearing need of a persistence layer, without the application seeing it. */
export interface Layer extends Omit<LoadParts, "migration" | "ignoreTTL" | "verifyHash"> {
  readonly migration?: LoadParts["migration"];
  readonly isDisposed: () => boolean;
  readonly clear: () => Promise<void>;
  readonly flush: () => Promise<void>;
  /** Whether its clearing is told to the other tabs. */
  readonly hasTabs: boolean;
  /** The load under way: another one joins it. */
  loading?: Promise<boolean> | undefined;
}

/** The layer of an applier, of the applier that it wraps, and of a storage. */
const layers = /* @__PURE__ */ new WeakMap<object, Layer>();

export function registerLayer(layer: Layer, ...objects: object[]): void {
  for (const object of objects) {
    layers.set(object, layer);
  }
}

export const layerOf = (object: object): Layer | undefined => layers.get(object);
