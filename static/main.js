/** The app: one page that has the window for itself. */

import { createPage } from "./page/page.js";
import { browserServices } from "./page/services.js";

const root = document.documentElement;
// The form leads to the app's own address, with the prefix that it may be served under.
createPage(root, location.search, browserServices(root.querySelector("form.board")?.getAttribute("action") ?? "/"));
