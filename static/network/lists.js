/** Lists as the address has them: names with commas between. */

/** With a name, once. @param {string} list @param {string} name */
export const joined = (list, name) => [...new Set([...list.split(",").filter(Boolean), name])].join();

/** Without a name. @param {string} list @param {string} name */
export const without = (list, name) =>
  list
    .split(",")
    .filter((one) => one && one !== name)
    .join();
