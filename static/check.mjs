// Fails when a bundle is too large, or when a dist folder is not exactly what its sources build to.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLES } from "./bundles.mjs";
import { bundleAll, ROOT } from "./bundling.mjs";

const complaints = [];

async function committed(path) {
  return readFile(path).catch(() => undefined);
}

for (const [out, files] of await bundleAll(BUNDLES)) {
  for (const { file, bytes, size, limit } of files) {
    if (limit) {
      console.log(`${out}/${file}: ${size} of ${limit} bytes gzipped`);
      if (size > limit) {
        complaints.push(`${out}/${file} is ${size - limit} bytes over its limit: make it smaller.`);
      }
    }
    const stored = await committed(join(ROOT, out, file));
    if (!stored || Buffer.compare(stored, bytes) !== 0) {
      complaints.push(`${out}/${file} is not what the sources build to: run "npm run build".`);
    }
  }
  const expected = new Set(files.map(({ file }) => file));
  for (const file of await readdir(join(ROOT, out)).catch(() => [])) {
    if (!expected.has(file)) {
      complaints.push(`${out}/${file} is left over from an earlier build: run "npm run build".`);
    }
  }
}

for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length ? 1 : 0;
