/** Loads one file of src/sealed with a line of it replaced: SABOTAGE holds {file, line, instead}. Given to --import. */
import { register } from "node:module";

const { SABOTAGE } = process.env;

/** The hook, which runs in a thread of its own. */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  const { file, line, instead } = JSON.parse(SABOTAGE);
  if (!url.endsWith(`/src/sealed/${file}`)) return loaded;
  const source = String(loaded.source);
  if (source.split(line).length !== 2) throw new Error(`${source.split(line).length - 1} times in ${file}: ${line}`);
  return { ...loaded, source: source.replace(line, () => instead) };
}

if (SABOTAGE && !process.env.SABOTAGE_HOOKED) {
  process.env.SABOTAGE_HOOKED = "1"; // the thread of the hook imports this file too
  register(import.meta.url);
  delete process.env.SABOTAGE_HOOKED;
}
