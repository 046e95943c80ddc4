import type { SnapshotEnvelope, SnapshotProvider } from "@statesync/core";
import { decode, isSnapshotEnvelope, ProtocolError } from "@statesync/protocol";

export interface HttpProviderOptions {
  /** The address, or a function that gives it for each request. */
  readonly url: string | URL | (() => string | URL | Promise<string | URL>);
  /** Headers of the request, or a function that gives them, such as with renewed credentials. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Whether cookies are sent; `same-origin` by default. */
  readonly credentials?: RequestCredentials;
  /** Makes the request; the platform's `fetch` by default. */
  readonly fetch?: typeof fetch;
  /** The wall clock, for a `Retry-After` that is a date, in milliseconds since the Unix epoch. */
  readonly wallClock?: () => number;
}

/** A request that gave no snapshot. The engine honours `retryable` and `retryAfterMs` (ENG-66, TRA-25). */
export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    message: string,
    /** The status of the response. */
    readonly status: number,
    /** `false` where another attempt is of no use. */
    readonly retryable: boolean,
    /** How long the server asks to wait, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** Statuses between 400 and 499 after which another attempt may succeed. */
const RETRYABLE = new Set([408, 425, 429]);

/**
 * Pulls snapshots with GET (TRA-23). The `ETag` of the last answer is sent along, and a 304 stands for that answer (TRA-24,
 * TRA-26).
 */
export function createHttpProvider<D>(options: HttpProviderOptions): SnapshotProvider<D> {
  const { url, headers, credentials = "same-origin", wallClock = Date.now } = options;
  // Called without a receiver, as the platform wants it.
  const request = options.fetch ?? ((...call: Parameters<typeof fetch>) => fetch(...call));
  /** The last answer that had a validator: its bytes, so that nobody's change to the object is given out again. */
  let known: { readonly address: string; readonly etag: string; readonly body: Uint8Array } | undefined;

  return {
    async getSnapshot({ signal } = {}) {
      const address = String(typeof url === "function" ? await url() : url);
      const sent = new Headers(typeof headers === "function" ? await headers() : headers);
      sent.set("accept", "application/json");
      const asked = known?.address === address ? known : undefined;
      if (asked !== undefined) {
        sent.set("if-none-match", asked.etag);
      }
      const response = await request(address, {
        headers: sent,
        credentials,
        // The cache of the platform is passed by: the answer is the source's, or validated here (TRA-13).
        cache: "no-store",
        ...(signal === undefined ? {} : { signal }),
      });
      if (response.status === 304 && asked !== undefined) {
        return read<D>(asked.body, address);
      }
      if (response.status !== 200) {
        // What is not read is given up, so that the connection is free again (TRA-15).
        await response.body?.cancel().catch(() => {});
        throw failure(response, address, wallClock());
      }
      const type = response.headers.get("content-type") ?? "";
      if (type.split(";", 1)[0]?.trim().toLowerCase() !== "application/json") {
        await response.body?.cancel().catch(() => {});
        throw new HttpError(
          `GET ${address} was answered with the media type ${JSON.stringify(type)}; expected application/json (TRA-23)`,
          200,
          true,
        );
      }
      const body = new Uint8Array(await response.arrayBuffer());
      const snapshot = read<D>(body, address);
      const etag = response.headers.get("etag");
      known = etag === null ? undefined : { address, etag, body };
      return snapshot;
    },
  };
}

/** Decodes the body of an answer (TRA-14, TRA-16). */
function read<D>(body: Uint8Array, address: string): SnapshotEnvelope<D> {
  // The guard alone: the parser, which tells the place of a fault, is larger than all the rest of a page's engine.
  const result = decode(body, (value) => ({ ok: true, value }));
  if (!result.ok) {
    const { code, pointer, message } = result.error;
    throw new ProtocolError(code, pointer, `GET ${address} gave no snapshot: ${message}`);
  }
  if (!isSnapshotEnvelope(result.value)) {
    const found = JSON.stringify(result.value).slice(0, 80);
    throw new TypeError(
      `GET ${address} gave no snapshot: expected { revision, data, epoch? }, found ${found}`,
    );
  }
  return result.value as SnapshotEnvelope<D>;
}

function failure({ status, statusText, headers }: Response, address: string, now: number): HttpError {
  const retryable = status < 400 || status > 499 || RETRYABLE.has(status);
  const asked = status === 429 || status === 503 ? headers.get("retry-after") : null;
  const retryAfterMs = asked === null ? undefined : retryAfter(asked, headers.get("date"), now);
  const reason = statusText === "" ? "" : ` ${statusText}`;
  return new HttpError(
    `GET ${address} was answered with ${status}${reason}; expected 200 and a snapshot`,
    status,
    retryable,
    retryAfterMs,
  );
}

/**
 * The wait that a `Retry-After` asks for: seconds, or a date (RFC 9110, section 10.2.3). A date is taken by the server's own
 * clock where the response tells it, as the two clocks need not agree.
 */
function retryAfter(text: string, date: string | null, now: number): number | undefined {
  if (/^\d+$/.test(text.trim())) {
    return Number(text) * 1000;
  }
  const from = date === null ? Number.NaN : Date.parse(date);
  const waitMs = Date.parse(text) - (Number.isNaN(from) ? now : from);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
