import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpProvider, type HttpProviderOptions } from "../src/index.js";
import { until } from "./port/until.js";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const JSON_TYPE = { "content-type": "application/json" };
const SNAPSHOT = { revision: "1180", epoch: "9c1e", data: { cards: [], title: "Roadmap" } };

describe("HTTP", () => {
  let answers: Answer[];
  let requests: IncomingMessage[];
  let url: string;
  let close: () => Promise<void>;

  /** Answers in turn, the last one again and again. */
  const answer = (...all: Answer[]) => {
    answers = all;
  };
  const ok =
    (body: string, headers: object = {}): Answer =>
    (response) => {
      response.writeHead(200, { ...JSON_TYPE, ...headers }).end(body);
    };
  const status =
    (code: number, headers: Record<string, string> = {}): Answer =>
    (response) => {
      response.writeHead(code, headers).end("why");
    };
  const provide = (options: Partial<HttpProviderOptions> = {}) => createHttpProvider({ url, ...options });

  beforeEach(async () => {
    requests = [];
    const server = createServer((request, response) => {
      requests.push(request);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      next?.(response, request);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/settings`;
    close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
  });
  afterEach(() => close());

  it.each([["application/json"], ["application/json; charset=utf-8"], ["Application/JSON;charset=UTF-8"]])(
    "TRA-23: takes a snapshot of the media type %s",
    async (type) => {
      answer(ok(JSON.stringify(SNAPSHOT), { "content-type": type }));
      expect(await provide().getSnapshot()).toEqual(SNAPSHOT);
      expect(requests[0]?.method).toBe("GET");
      expect(requests[0]?.headers.accept).toBe("application/json");
    },
  );

  it.each<[string, Answer, string]>([
    [
      "another media type",
      ok(JSON.stringify(SNAPSHOT), { "content-type": "text/html" }),
      'the media type "text/html"',
    ],
    [
      "a type that begins like it",
      ok(JSON.stringify(SNAPSHOT), { "content-type": "application/jsonlines" }),
      "the media type",
    ],
    [
      "no media type",
      (response) => void response.writeHead(200).end(JSON.stringify(SNAPSHOT)),
      'the media type ""',
    ],
    ["no JSON", ok("<html>"), "gave no snapshot"],
    ["an empty body", ok(""), "gave no snapshot"],
    ["null", ok("null"), "gave no snapshot"],
    ["an array", ok(`["1","2"]`), "gave no snapshot"],
    ["a snapshot without data", ok('{"revision":"1"}'), "gave no snapshot"],
    ["a revision that is a number", ok('{"revision":1,"data":1}'), "gave no snapshot"],
    ["a member given twice", ok('{"revision":"1","revision":"2","data":1}'), "gave no snapshot"],
    [
      "a body that is not UTF-8",
      (response) =>
        void response.writeHead(200, JSON_TYPE).end(Buffer.from('{"revision":"1","data":"\xff"}', "latin1")),
      "gave no snapshot",
    ],
    ["a 204", status(204), "was answered with 204"],
    ["a 304 that was not asked for", status(304), "was answered with 304"],
    [
      "a 206",
      (response) => void response.writeHead(206, JSON_TYPE).end(JSON.stringify(SNAPSHOT)),
      "was answered with 206",
    ],
  ])("TRA-14 TRA-24: fails at %s", async (_name, given, message) => {
    answer(given);
    await expect(provide().getSnapshot()).rejects.toThrow(message);
  });

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [410, false],
    [425, true],
    [429, true],
    [499, false],
    [500, true],
    [502, true],
    [503, true],
  ])("TRA-25: after %i another attempt is of use: %s", async (code, retryable) => {
    answer(status(code));
    await expect(provide().getSnapshot()).rejects.toMatchObject({
      name: "HttpError",
      status: code,
      retryable,
    });
  });

  const NOW = Date.parse("Sat, 21 Nov 2026 12:00:00 GMT");
  it.each<[number, Record<string, string>, number | undefined]>([
    [503, { "retry-after": "120" }, 120_000],
    [429, { "retry-after": "0" }, 0],
    [429, { "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, 30_000],
    [429, { "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, 0],
    [503, { "retry-after": "Sat, 21 Nov 2026 18:00:10 GMT", date: "Sat, 21 Nov 2026 18:00:00 GMT" }, 10_000],
    [503, { "retry-after": "soon" }, undefined],
    [503, {}, undefined],
    [500, { "retry-after": "120" }, undefined],
  ])("TRA-25: after %i with %o it is of use in %s ms", async (code, headers, retryAfterMs) => {
    answer((response) => {
      response.sendDate = false;
      response.writeHead(code, headers).end();
    });
    const error = await provide({ wallClock: () => NOW })
      .getSnapshot()
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ status: code, retryable: true });
    expect((error as { retryAfterMs?: number }).retryAfterMs).toBe(retryAfterMs);
  });

  it("TRA-24 TRA-26: sends the ETag back, and takes a 304 for the answer that it belongs to", async () => {
    answer(
      ok(JSON.stringify(SNAPSHOT), { etag: '"9c1e-1180"' }),
      status(304, { etag: '"9c1e-1180"' }),
      ok(JSON.stringify({ ...SNAPSHOT, revision: "1181" }), { etag: '"9c1e-1181"' }),
      status(500),
      status(304),
      ok(JSON.stringify({ ...SNAPSHOT, revision: "1182" })),
      ok(JSON.stringify({ ...SNAPSHOT, revision: "1183" })),
    );
    const provider = provide();
    const first = await provider.getSnapshot();
    // What the application does to its copy is no answer of the source.
    (first.data as { title: string }).title = "changed";
    expect(await provider.getSnapshot()).toEqual(SNAPSHOT);
    expect((await provider.getSnapshot()).revision).toBe("1181");
    await expect(provider.getSnapshot()).rejects.toThrow("500");
    expect((await provider.getSnapshot()).revision).toBe("1181");
    expect((await provider.getSnapshot()).revision).toBe("1182");
    await provider.getSnapshot();
    expect(requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"9c1e-1180"',
      '"9c1e-1180"',
      '"9c1e-1181"',
      '"9c1e-1181"',
      '"9c1e-1181"',
      undefined,
    ]);
  });

  it("TRA-13: a validator is for the address that it came from", async () => {
    answer(ok(JSON.stringify(SNAPSHOT), { etag: '"1"' }));
    let path = 0;
    const provider = provide({
      url: () => {
        path += 1;
        return new URL(`/${path}`, url);
      },
    });
    await provider.getSnapshot();
    await provider.getSnapshot();
    expect(requests.map((request) => [request.url, request.headers["if-none-match"]])).toEqual([
      ["/1", undefined],
      ["/2", undefined],
    ]);
  });

  it("TRA-12: asks for headers at every request", async () => {
    answer(ok(JSON.stringify(SNAPSHOT)));
    let token = 0;
    const provider = provide({
      headers: async () => {
        token += 1;
        return { authorization: `Bearer ${token}` };
      },
    });
    await provider.getSnapshot();
    await provider.getSnapshot();
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer 1", "Bearer 2"]);
  });

  it.each<[string, Answer]>([
    ["the head", () => {}],
    ["the body", (response) => void response.writeHead(200, JSON_TYPE).write('{"revision":')],
  ])("TRA-15: abandons the request while it waits for %s", async (_name, given) => {
    let closed = false;
    answer((response, request) => {
      response.on("close", () => {
        closed = true;
      });
      given(response, request);
    });
    const cancellation = new AbortController();
    const outcome = provide()
      .getSnapshot({ signal: cancellation.signal })
      .catch((error: Error) => error.name);
    await until(
      () => requests,
      ({ length }) => length === 1,
    );
    cancellation.abort();
    expect(await outcome).toBe("AbortError");
    await until(
      () => closed,
      (closed) => closed,
    );
  });

  it("says where it failed when nobody is there", async () => {
    await close();
    await expect(provide().getSnapshot()).rejects.toThrow();
  });
});
