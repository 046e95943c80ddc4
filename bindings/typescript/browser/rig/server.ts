import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bundle } from "./bundle.js";

/** Answers the requests to one path. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback whose pages share one origin. */
export interface PageServer {
  /** Such as `http://127.0.0.1:40123`; a secure context for browsers. */
  readonly origin: string;
  /** Serves a page that runs a script; the script's TypeScript source is bundled with what it imports. */
  page(path: string, source: URL): Promise<void>;
  /** Serves a bundled script itself, such as that of a worker. */
  script(path: string, source: URL): Promise<void>;
  /** Answers a path by a function of the test. */
  route(path: string, answer: Route): void;
  /** Ends all connections, streams included. */
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function servePages(): Promise<PageServer> {
  const routes = new Map<string, Route>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    const route = routes.get(path);
    if (route !== undefined) {
      route(request, response);
    } else {
      response.writeHead(404, { "content-type": "text/plain" }).end(`nothing is served at ${path}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const serveText = (path: string, type: string, text: string) => {
    routes.set(path, (_request, response) => {
      // `no-store` would keep a page out of the back/forward cache.
      response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(text);
    });
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    async page(path, source) {
      const script = await bundle(source);
      serveText(path, "text/html; charset=utf-8", html(path, script));
    },
    async script(path, source) {
      serveText(path, "text/javascript; charset=utf-8", await bundle(source));
    },
    route(path, answer) {
      routes.set(path, answer);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function html(title: string, script: string): string {
  const inline = script.replaceAll("</script", "<\\/script");
  return `<!doctype html>
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="data:,">
<script type="module">
${inline}
</script>
`;
}
