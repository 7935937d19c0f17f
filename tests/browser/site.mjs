// The built site in dist/, in a subfolder of a server of the test's own: it counts what is asked for, by the page
// and its workers alike, and can answer wrongly.
import { createServer } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.png': 'image/png' };
const FOLDER = '/any/sub/folder/';

export async function startSite() {
  const site = {
    /** Paths within the site, in the order of the requests. */
    requests: [],
    /** [pattern, (bytes, request) => bytes, or a status, or 'cut' for a connection that breaks
     * half-way, 'stall' for one that stays open and brings nothing more from there on, 'silent' for one that brings nothing at all]: the first that matches a path is applied. */
    changes: [],
    /** Files under another name than they have in dist/. */
    aliases: {},
    /** Said with every file. */
    headers: {},
    /** The paths of files that match. */
    list: (pattern) => files.filter((path) => pattern.test(path)),
  };
  const files = await readdir('dist', { recursive: true });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const path = normalize(pathname.slice(FOLDER.length).replace(/(^|\/)$/, '$1index.html'));
    site.requests.push(path);
    try {
      if (!pathname.startsWith(FOLDER) || path.startsWith('..')) throw new Error('outside');
      const [, change] = site.changes.find(([pattern]) => pattern.test(path)) ?? [];
      if (typeof change === 'number') {
        response.writeHead(change).end();
        return;
      }
      if (change === 'silent') return;
      const bytes = await readFile(join('dist', site.aliases[path] ?? path));
      if (change === 'stall') {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2));
        return;
      }
      if (change === 'cut') {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
        return;
      }
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-cache', ...site.headers });
      response.end(change ? change(bytes, request) : bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${server.address().port}${FOLDER}`;
  site.close = () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
  return site;
}
