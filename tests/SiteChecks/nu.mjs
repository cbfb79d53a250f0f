// The Nu validator: no error and no warning.
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import vnu from 'vnu-jar';

export function validate(folder, pages) {
  const result = spawnSync('java', ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xss2m', '-jar', String(vnu), '--format', 'json', '--exit-zero-always', ...pages.map(page => join(folder, page.file))], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`The Nu validator did not run: ${result.error ?? result.stderr}`);
  return JSON.parse(result.stderr).messages.filter(message => message.type !== 'info' || message.subType === 'warning').map(message => ({
    page: relative(folder, new URL(message.url).pathname), check: `nu ${message.subType ?? message.type}`, found: `line ${message.lastLine}: ${message.extract ?? ''}`.trim(), expected: message.message
  }));
}
