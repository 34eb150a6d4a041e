// The app serves this module from the npm package.
export { correction, generate } from "lean-qr";
