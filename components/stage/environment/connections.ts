import type {
  DocumentStore,
  GraphStore,
  IdentityService,
  OtlpEndpoint,
  PostgresDatabase,
  RedisServer,
} from "../../core/handles.ts";
import type { StageDefinition } from "../definition.ts";

/** What the services of one stage connect to. */
export interface StageConnections {
  readonly broker: RedisServer;
  readonly cache: RedisServer;
  /** Absent when the stage takes no PostgreSQL. */
  readonly database?: PostgresDatabase;
  /** The stage's further databases, by the name that the definition gives them. */
  readonly extraDatabases?: ReadonlyMap<string, PostgresDatabase>;
  /** The database in which all stages meet, as this stage's user sees it. */
  readonly sharedDatabase?: PostgresDatabase;
  /** Databases of other stages that this one reads, by the number of the stage. */
  readonly readDatabases?: ReadonlyMap<number, PostgresDatabase>;
  readonly documents?: DocumentStore;
  readonly graph?: GraphStore;
  /** Absent where nobody says who clients are. */
  readonly identity?: IdentityService;
  /** Absent where nothing takes traces. */
  readonly tracing?: OtlpEndpoint;
  /** Every stage of the deployment: streams and addresses of the others are derived from their definitions. */
  readonly peers: readonly StageDefinition[];
}
