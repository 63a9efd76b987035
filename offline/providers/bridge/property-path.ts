const PLAIN_KEY = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** `parent.key`, or `parent["key"]` where the key is not a plain name. */
export function keyPath(parent: string, key: string): string {
  return PLAIN_KEY.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
