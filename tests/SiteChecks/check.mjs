// node check.mjs FOLDER ADDRESS PICTURES [--all]: the built site in FOLDER, served at ADDRESS, before every judge. Ends with 1 on any finding.
// Lighthouse sees the heaviest page of each template; with --all that of each language, and holds the times to what is promised.
import { launch, look } from './browser.mjs';
import { judge } from './lighthouse.mjs';
import { validate } from './nu.mjs';
import { heaviest, read } from './pages.mjs';

const [folder, address, pictures, all] = process.argv.slice(2);
const started = Date.now();
const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
const pages = read(folder, address);
if (pages.length === 0) throw new Error(`${folder} has no pages.`);
const findings = validate(folder, pages);
console.log(`${pages.length} pages; Nu: ${findings.length} findings, ${seconds()}`);
// One page of each template in each language: the others differ in their words alone.
findings.push(...await look(heaviest(pages), pictures));
console.log(`browser and axe: ${findings.length} findings so far, pictures in ${pictures}, ${seconds()}`);
const browser = await launch();
try {
  const lighthouse = await judge(browser, all ? heaviest(pages) : heaviest(pages, page => page.kind), Boolean(all));
  findings.push(...lighthouse.findings);
  for (const [name, value] of Object.entries(lighthouse.worst)) console.log(`lighthouse, the worst of all pages: ${name} ${Math.round(value * 1000) / 1000}`);
} finally {
  await browser.close();
}
console.log(`heaviest page: ${Math.max(...pages.map(page => page.bytes))} bytes with brotli; ${seconds()}`);
for (const { page, check, found, expected } of findings) console.log(`/${page}\t${check}\tfound: ${found}\texpected: ${expected}`);
console.log(`${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
