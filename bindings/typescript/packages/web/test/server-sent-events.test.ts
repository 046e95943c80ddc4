import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EventSource } from "eventsource";
import { describe, expect, it } from "vitest";
import { createServerSentEventsSubscriber, type ServerSentEventsSubscriberOptions } from "../src/index.js";
import { createRecorder } from "./port/recorder.js";
import { describeSubscriber, event } from "./port/suite.js";
import { until } from "./port/until.js";

/** A real server on loopback. */
async function serve(answer?: (response: ServerResponse, number: number) => boolean) {
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (answer?.(response, requests.length) === true) {
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    streams.add(response);
    response.on("close", () => streams.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    streams,
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    send(text: string, type = "invalidation") {
      const data = text.split("\n").map((line) => `data: ${line}\n`);
      for (const stream of streams) {
        stream.write(`event: ${type}\n${data.join("")}\n`);
      }
    },
    async drop() {
      for (const stream of streams) {
        stream.destroy();
      }
      await until(
        () => streams.size,
        (size) => size === 0,
      );
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const fast = {
  retry: { initialDelayMs: 1, maxDelayMs: 5 },
  createEventSource: (url, init) => new EventSource(url, init),
} satisfies Partial<ServerSentEventsSubscriberOptions>;

// An event without data is not dispatched by an EventSource at all, so an empty text is not among them.
const MALFORMED = [
  "{",
  "null",
  "[]",
  '"text"',
  '{"topic":"settings"}',
  '{"topic":"a","topic":"b","revision":"1"}',
];

describeSubscriber("server-sent events", async () => {
  const source = await serve();
  return {
    recorder: createRecorder(createServerSentEventsSubscriber({ url: source.url, ...fast })),
    send: (event) => source.send(JSON.stringify(event)),
    sendMalformed() {
      for (const text of MALFORMED) {
        source.send(text);
      }
      return MALFORMED.length;
    },
    async lose(during) {
      await source.drop();
      await during();
    },
    attached: () => source.streams.size,
    close: source.close,
  };
});

describe("server-sent events", () => {
  it("TRA-19: ignores events of other types, and reads data of several lines", async () => {
    const source = await serve();
    const recorder = createRecorder(createServerSentEventsSubscriber({ url: source.url, ...fast }));
    const index = (await recorder.subscribe()) as number;
    source.send(JSON.stringify(event("1")), "message");
    source.send(JSON.stringify(event("2")), "Invalidation");
    source.send("{}", "ping");
    source.send('{"topic":"settings",\n"revision":"3"}');
    expect(
      await until(
        () => recorder.received(index),
        ({ length }) => length > 0,
      ),
    ).toEqual([event("3")]);
    await recorder.end(index);
    await source.close();
  });

  it("TRA-12 TRA-20: asks for the address at every attempt, and signals a gap at each open but the first", async () => {
    const source = await serve((response, number) => {
      if (number === 2) {
        response.writeHead(503).end();
      }
      return number === 2;
    });
    let token = 0;
    const errors: string[] = [];
    const recorder = createRecorder(
      createServerSentEventsSubscriber({
        ...fast,
        onError: (error) => errors.push(String(error)),
        url: () => {
          token += 1;
          return `${source.url}?token=${token}`;
        },
      }),
    );
    const index = (await recorder.subscribe()) as number;
    await source.drop();
    await until(
      () => recorder.gaps(index),
      (gaps) => gaps === 1,
    );
    expect(source.requests).toEqual(["/events?token=1", "/events?token=2", "/events?token=3"]);
    expect(errors).toHaveLength(2);
    expect(errors[1]).toContain("503");
    await recorder.end(index);
    await source.close();
  });

  it.each<[string, (response: ServerResponse) => boolean]>([
    [
      "another media type",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
        return true;
      },
    ],
    [
      "the status 404",
      (response) => {
        response.writeHead(404).end();
        return true;
      },
    ],
    [
      "no answer but a closed connection",
      (response) => {
        response.destroy();
        return true;
      },
    ],
  ])("TRA-20: fails at %s", async (_name, answer) => {
    const source = await serve(answer);
    const recorder = createRecorder(createServerSentEventsSubscriber({ url: source.url, ...fast }));
    expect(await recorder.subscribe()).toContain("the event stream was lost or refused");
    await source.close();
    expect(source.requests).toHaveLength(1);
  });
});
