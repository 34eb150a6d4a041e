// The app serves this script from the npm package; it puts its functions into globalThis.d3.
export {};
