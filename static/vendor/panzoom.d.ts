// The app serves this module from the npm package.
export { default } from "@panzoom/panzoom";
