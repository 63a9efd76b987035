/** The sources' port of the identity service (`003-049`). */
export const PORT = 8001;

/** A path, with everything below it, that needs one of these roles. */
export interface AccessRule {
  /** As the client asks for it, for example `/api/v1/graph`. */
  readonly path: string;
  /** Every method unless given. */
  readonly methods?: readonly string[];
  readonly roles: readonly string[];
}

/** A key that signs tokens, by its id. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** The keys as the service takes them: the first one signs. */
export function renderKeys(keys: readonly SigningKey[]): string {
  return JSON.stringify(keys.map(({ id, secret }) => ({ kid: id, secret })));
}

/** The keys as services take them that check tokens themselves: secrets by their ids. */
export function renderKeySet(keys: readonly SigningKey[]): string {
  return JSON.stringify(Object.fromEntries(keys.map(({ id, secret }) => [id, secret])));
}
