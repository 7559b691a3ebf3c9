// Builds the web application in a process of its own, so that the builder's memory ends with it; prints the folder.
import { ensureBuilt } from './build.ts';

process.stdout.write(await ensureBuilt({ log: (line) => void process.stderr.write(`${line}\n`) }));
