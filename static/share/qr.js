/** The library that makes QR codes: a file of the page's own is fetched when a code is wanted, a library at once. */

export { correction, generate } from "../vendor/qr.js";
