// The page's own thread by Chromium's trace of it: how long its tasks kept it, in its own processor time, because a busy
// machine makes any task long. Playwright's own trace takes pictures of the page's elements on that thread: a file that
// measures turns it off (`test.use({ trace: 'off' })`).
const CATEGORIES = ['__metadata', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8.wasm'];

/** Runs `work`; the page thread's tasks meanwhile, longest first, as `{ ms, parts }`: what the task was made of, in words. */
export async function tasks(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const place = ({ pid, tid }) => `${pid} ${tid}`;
  const pages = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(place);
  const events = traceEvents.filter((event) => pages.includes(place(event)) && event.tdur).sort((a, b) => b.tdur - a.tdur);
  const words = ({ name, tdur, args }) => `${name} ${tdur / 1000} ms ${args.data?.functionName ?? ''}`;
  return events.filter(({ name }) => name === 'RunTask').map((task) => ({
    ms: task.tdur / 1000,
    get parts() {
      const inside = ({ ts, dur, ...event }) => place(event) === place(task) && ts >= task.ts && ts + dur <= task.ts + task.dur;
      return events.filter(inside).slice(0, 8).map(words).join('\n');
    },
  }));
}
