/** The app: one page that has the window for itself, or a frame in another page. */

import { createPage } from "./page/page.js";
import { browserServices, framedServices } from "./page/services.js";
import { bindFrame } from "./share/frame.js";

const root = document.documentElement;
const form = root.querySelector("form[data-page]");
// A short link holds a query that the server has unpacked.
const query = form?.getAttribute("data-query") ?? location.search;
// The page is there without the server, too, once it was visited.
const keeper = form?.getAttribute("data-keeper");
if (keeper && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(keeper).catch(() => {})); // it works without one
}
// The app's own address, with the prefix that it may be served under.
const home = form?.getAttribute("data-page") || "/";
if (form?.hasAttribute("data-framed")) {
  const services = framedServices(home, query);
  createPage(root, query, services);
  bindFrame(root, services);
} else {
  createPage(root, query, browserServices(home));
  // Without the server it stands in for a page that was never visited, which is an entry of the history like others.
  if (location.hash.startsWith("#?")) {
    history.replaceState(null, "", home + location.hash.slice(1));
    dispatchEvent(new PopStateEvent("popstate"));
  }
}
