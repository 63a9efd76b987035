import type * as pulumi from "@pulumi/pulumi";

/** What is made in one database, one after the other. */
interface Turns {
  readonly opened: PromiseWithResolvers<readonly pulumi.Resource[]>;
  latest: Promise<readonly pulumi.Resource[]>;
}

/**
 * The order of what is made in each database. PostgreSQL refuses two changes of one row of its catalogue at a time, and
 * the readers of one database all change the same rows. A reader may be asked for before the database is: it waits.
 */
export class DatabaseTurns {
  private readonly databases = new Map<string, Turns>();

  /** The database is made once these are there. */
  public open(database: string, resources: readonly pulumi.Resource[]): void {
    this.of(database).opened.resolve(resources);
  }

  /** What was last asked for in the database. */
  public latest(database: string): Promise<readonly pulumi.Resource[]> {
    return this.of(database).latest;
  }

  /** The next one waits for these. */
  public append(database: string, resources: readonly pulumi.Resource[]): void {
    this.of(database).latest = Promise.resolve(resources);
  }

  private of(database: string): Turns {
    const known = this.databases.get(database);
    if (known !== undefined) return known;
    const opened = Promise.withResolvers<readonly pulumi.Resource[]>();
    const turns = { opened, latest: opened.promise };
    this.databases.set(database, turns);
    return turns;
  }
}
