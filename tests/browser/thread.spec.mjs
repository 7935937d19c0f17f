// The page's own thread while an engine trains, by Chromium's trace of it.
import { expect, test } from './lab.mjs';

// Playwright's own trace takes pictures of the page's elements, on the page's thread.
test.use({ trace: 'off' });

test('the page’s thread is never blocked for long while it trains', async ({ lab, page, browser }) => {
  await lab.open();
  await lab.call('play');
  await lab.until({ step: 40 });
  await browser.startTracing(page, { categories: ['__metadata', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8.wasm'] });
  const { run } = await lab.state();
  await lab.until({ step: run.step + 150 });
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const place = ({ pid, tid }) => `${pid} ${tid}`;
  const pages = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(place);
  // By the thread’s own processor time: a busy machine makes any task long.
  const events = traceEvents.filter((event) => pages.includes(place(event)) && event.tdur).sort((a, b) => b.tdur - a.tdur);
  const tasks = events.filter(({ name }) => name === 'RunTask');
  expect(tasks.length).toBeGreaterThan(50);
  const [longest] = tasks;
  const inside = ({ ts, dur, ...event }) => place(event) === place(longest) && ts >= longest.ts && ts + dur <= longest.ts + longest.dur;
  const parts = events.filter(inside).slice(0, 8).map(({ name, tdur, args }) => `${name} ${tdur / 1000} ms ${args.data?.functionName ?? ''}`);
  expect(longest.tdur / 1000, parts.join('\n')).toBeLessThan(50);
});
