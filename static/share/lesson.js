/** A lesson's page: where its figure begins; in a frame it tells its height; and the code that frames it. */

import "../figure/begin.js";
import { frameCode, reportHeight } from "./frame.js";

const SIZE = /** @type {const} */ ([900, 700]);

const lesson = document.querySelector(".lesson.framed");
if (lesson instanceof HTMLElement && window.parent !== window) {
  reportHeight(lesson, (message) => window.parent.postMessage(message, "*"));
}

const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-frames]"));
button?.addEventListener("click", async () => {
  const link = new URL(button.dataset.frames ?? "", document.baseURI).href;
  const code = frameCode(link, ...SIZE, button.dataset.title ?? "");
  const said = document.querySelector("[data-copied]");
  const done = await navigator.clipboard.writeText(code).then(
    () => true,
    () => false,
  );
  if (said) said.textContent = done ? "Copied." : code;
});
