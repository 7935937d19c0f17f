// Browser tests run against the built site in dist/; `tests/browser/site.mjs` serves it.
import { defineConfig } from '@playwright/test';

/** Flags for a quiet Chromium without a display or a network. */
export const FLAGS = ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** WebGPU on a software adapter: slow, but real. */
export const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

/** These measure, or train on both cores. */
const ALONE = /(cores|kept|pause|speed|thread)\.spec/;

/** One family of browsers each, with drivers of their own (`tests/smoke`). */
const SMOKE = ['chromium', 'firefox', 'webkit'];

const chromium = (args) => ({
  viewport: { width: 1280, height: 800 },
  acceptDownloads: true,
  // Tests that change what the server says want to be answered by it; offline.spec lets the page's own worker in.
  serviceWorkers: 'block',
  launchOptions: { executablePath: '/usr/bin/chromium', args },
  trace: 'on-first-retry',
});

export default defineConfig({
  testDir: 'tests/browser',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // `cargo intab test` runs those of the first project two at a time: most of them wait for what the page says.
  workers: 1,
  // Others use the machine, too. What is broken fails twice; what passes the second time is listed as flaky.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  projects: [
    { name: 'cpu', testIgnore: [ALONE, /gpu\.spec/], use: chromium(FLAGS) },
    { name: 'alone', testMatch: ALONE, use: chromium(FLAGS) },
    ...SMOKE.map((name) => ({ name, testDir: 'tests/smoke', timeout: 300_000 })),
    { name: 'gpu', testMatch: /gpu\.spec/, timeout: 400_000, use: chromium([...FLAGS, ...WEBGPU]) },
  ],
});
