/** Trackers as voters see them: 20 characters in five groups, of the 32 bytes that name a ballot. */
import { grouped, spell } from "./base32.js";

const LENGTH = 20; // 100 bits: two voters cannot be given the same tracker
const GROUP = 4;

export const shownTracker = (tracker) => grouped(spell(tracker, LENGTH), GROUP);
