// The page's own thread while an engine trains.
import { expect, test } from './lab.mjs';
import { tasks } from './thread.mjs';

test.use({ trace: 'off' });

test('the page’s thread is never blocked for long while it trains', async ({ lab, page, browser }) => {
  await lab.open();
  await lab.call('play');
  await lab.until({ step: 40 });
  const { run } = await lab.state();
  const all = await tasks(browser, page, () => lab.until({ step: run.step + 150 }));
  expect(all.length).toBeGreaterThan(50);
  expect(all[0].ms, all[0].parts).toBeLessThan(50);
});
