/** The app: one page that has the window for itself. */

import { createPage } from "./page/page.js";
import { browserServices } from "./page/services.js";

const root = document.documentElement;
const form = root.querySelector("form.board");
// A short link holds a query that the server has unpacked.
const query = form?.getAttribute("data-query") ?? location.search;
// The form leads to the app's own address, with the prefix that it may be served under.
createPage(root, query, browserServices(form?.getAttribute("action") ?? "/"));
