// Debian's Chromium. What the page does in it: requests, violations of the security policy, what overflows, what axe says, how it looks.
import { mkdirSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import axe from 'axe-core';

const widths = [390, 1280];

export function launch() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  });
}

export async function look(browser, pages, pictures) {
  mkdirSync(pictures, { recursive: true });
  const findings = [];
  for (const page of pages)
    for (const width of widths)
      findings.push(...await at(browser, page, width, pictures));
  return findings;
}

async function at(browser, page, width, pictures) {
  const found = [], requests = [];
  const say = (check, is, expected) => found.push({ page: page.path, check: `${check} at ${width} px`, found: is, expected });
  const tab = await browser.newPage();
  tab.on('request', request => requests.push(request));
  tab.on('console', message => say('console', message.text(), 'nothing'));
  tab.on('pageerror', error => say('script', error.message, 'no error'));
  await tab.evaluateOnNewDocument(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', event => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  await tab.setViewport({ width, height: 900, isMobile: width < 600, hasTouch: width < 600 });
  const answer = await tab.goto(page.url, { waitUntil: 'load' });
  if (answer.status() !== 200) say('status', answer.status(), 200);
  await tab.screenshot({ path: `${pictures}/${page.name}-${width}.png`, fullPage: true });
  for (const violation of await tab.evaluate(() => window.violations)) say('security policy', violation, 'no violation');
  const over = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) say('overflow', `${over} px`, 'no scrolling sideways');
  loads(page, requests, say);
  // Each width in one of the two colour schemes: contrast differs by scheme, everything else by width.
  if (width > 600) await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await tab.evaluate(axe.source);
  for (const fault of (await tab.evaluate(() => window.axe.run())).violations)
    say(`axe ${fault.id}`, fault.nodes.map(node => node.html.slice(0, 120)).join(' | '), fault.help);
  if (width > 600) await tab.screenshot({ path: `${pictures}/${page.name}-${width}-dark.png` });
  await tab.close();
  return found;
}

function loads(page, requests, say) {
  const own = requests.filter(request => !request.url().startsWith('data:'));
  const others = own.filter(request => new URL(request.url()).origin !== new URL(page.url).origin);
  if (own.length > 3) say('requests', own.length, 'at most 3');
  if (others.length > 0) say('third parties', others.map(request => request.url()).join(' '), 'none');
  const scripts = own.filter(request => request.resourceType() === 'script');
  if (scripts.length > 0 && !page.interactive) say('script', scripts.map(request => request.url()).join(' '), 'none on a page to read');
}
