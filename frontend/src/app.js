/** The one script of every page. All it does is help: each page works without it. */
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";
import htmx from "htmx.org";

import { keepCardOfAddress } from "./casting/card_hash.js";
import { preparePhotos } from "./photos.js";
import { preparePrinting } from "./print.js";

const isChinese = document.documentElement.lang.startsWith("zh");

const characterCountWords = isChinese && {
  charactersUnderLimit: { other: "还可以输入 %{count} 个字" },
  charactersAtLimit: "字数已到上限",
  charactersOverLimit: { other: "超出了 %{count} 个字" },
};
const passwordWords = isChinese && {
  showPassword: "显示",
  hidePassword: "隐藏",
  showPasswordAriaLabel: "显示密码",
  hidePasswordAriaLabel: "隐藏密码",
  passwordShownAnnouncement: "密码现在可见",
  passwordHiddenAnnouncement: "密码已隐藏",
};

/** Start the components inside `scope`: the page at first, later each piece that htmx brings in. */
function start(scope) {
  createAll(Button, { preventDoubleClick: true }, scope);
  createAll(CharacterCount, characterCountWords ? { i18n: characterCountWords } : {}, scope);
  createAll(Checkboxes, undefined, scope);
  createAll(ErrorSummary, undefined, scope);
  createAll(NotificationBanner, undefined, scope);
  createAll(PasswordInput, passwordWords ? { i18n: passwordWords } : {}, scope);
  createAll(Radios, undefined, scope);
  createAll(SkipLink, undefined, scope);
  createAll(Tabs, undefined, scope);
  preparePhotos(scope);
  preparePrinting(scope);
}

keepCardOfAddress();
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
start(document);
// createAll looks below its scope, and the piece brought in may be a component itself.
htmx.on("htmx:afterSwap", (event) => start(event.target.parentElement ?? document));
