// Chromium and Firefox, both by WebDriver's successor BiDi or Chromium's own protocol: Puppeteer speaks either.
import puppeteer from 'puppeteer-core';
import { FLAGS } from '../../playwright.config.mjs';

const BROWSERS = {
  chromium: { browser: 'chrome', executablePath: '/usr/bin/chromium', args: FLAGS },
  firefox: { browser: 'firefox', executablePath: '/usr/bin/firefox-esr' },
};

// Firefox says these of what was on its way when a page was left; they tell of no fault.
const LEAVING = /^Image corrupt or truncated|A ServiceWorker intercepted the request and encountered an unexpected error/;
// Chromium says so of each request without an answer: whether that matters is seen on the page.
const UNANSWERED = /^Failed to load resource/;

/** A browser with an empty profile and one tab. */
export async function start(name) {
  const browser = await puppeteer.launch({ ...BROWSERS[name], headless: true, protocolTimeout: 240_000 });
  const [page] = await browser.pages();
  await page.setViewport({ width: 1280, height: 800 });
  const problems = [];
  page.on('pageerror', ({ message }) => LEAVING.test(message) || problems.push(message));
  page.on('console', (said) => said.type() === 'error' && !UNANSWERED.test(said.text()) && problems.push(said.text()));
  return {
    open: (url) => page.goto(url, { waitUntil: 'domcontentloaded' }),
    reload: () => page.reload({ waitUntil: 'domcontentloaded' }),
    evaluate: (work, ...values) => page.evaluate(work, ...values),
    click: (selector) => page.locator(selector).click(),
    upload: async (selector, path) => (await page.waitForSelector(selector)).uploadFile(path),
    problems: async () => problems,
    close: () => browser.close(),
  };
}
