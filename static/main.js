/** The app: one page that has the window for itself. */

import { createPage } from "./page/page.js";
import { browserServices } from "./page/services.js";

const root = document.documentElement;
const form = root.querySelector("form.board");
// A short link holds a query that the server has unpacked.
const query = form?.getAttribute("data-query") ?? location.search;
// The page is there without the server, too, once it was visited.
const keeper = form?.getAttribute("data-keeper");
if (keeper && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(keeper).catch(() => {})); // it works without one
}
// The form leads to the app's own address, with the prefix that it may be served under.
createPage(root, query, browserServices(form?.getAttribute("action") ?? "/"));
