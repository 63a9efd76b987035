import { createHash } from "node:crypto";
import type { SqlScript } from "../core/handles.ts";

/** Folder of the container in which the scripts and what runs them lie. */
export const INIT_SQL_PATH = "/init-sql";

/** Label of the container with the database in which it runs SQL: where that is lost, it has to run again. */
export const DATABASE_LABEL = "storytelling.database";

/** Any number; whoever applies scripts to this database waits for the one who does. */
const LOCK = 4_000_157;

/**
 * What `psql` runs: each script once, in a transaction of its own together with the note that it ran, so that a failing
 * one leaves nothing behind. A script that was changed after it ran is refused.
 */
export function renderInitSql(scripts: readonly SqlScript[]): string {
  return [CREATE_NOTES, ...scripts.map(renderScript)].join("\n");
}

const CREATE_NOTES = `begin;
select pg_advisory_xact_lock(${LOCK});
create table if not exists public.storytelling_init (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
commit;
`;

function renderScript({ name, text }: SqlScript): string {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return `begin;
select pg_advisory_xact_lock(${LOCK});
select pg_current_xact_id() as init_transaction,
       not exists (select from public.storytelling_init where name = '${name}') as init_is_new,
       exists (select from public.storytelling_init where name = '${name}' and sha256 <> '${sha256}') as init_is_changed
\\gset
\\if :init_is_changed
${fail(`${name} was applied before and has changed since: put it back, and add the change as a new file`)}
\\elif :init_is_new
\\i ${INIT_SQL_PATH}/${name}
select pg_current_xact_id() <> :'init_transaction' as init_is_split
\\gset
\\if :init_is_split
${fail(`${name} ends the transaction in which it runs: take its COMMIT or ROLLBACK out`)}
\\endif
insert into public.storytelling_init (name, sha256) values ('${name}', '${sha256}');
\\echo ${name} is applied
\\else
\\echo ${name} was applied before
\\endif
commit;
discard all;
`;
}

/** An error of the server, because `psql` can end with a failure in no other way. */
function fail(message: string): string {
  return `do $$ begin raise exception '${message}'; end $$;`;
}
