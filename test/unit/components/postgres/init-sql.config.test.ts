import { expect, test } from "vitest";
import { renderInitSql } from "../../../../components/postgres/init-sql.config.ts";

test("each script runs in a transaction of its own, in the given order", () => {
  const sql = renderInitSql([
    { name: "b.sql", text: "select 1" },
    { name: "a.sql", text: "select 2" },
  ]);

  expect(sql.match(/^(begin;|commit;|\\i .*)$/gm)).toEqual([
    "begin;",
    "commit;",
    "begin;",
    "\\i /init-sql/b.sql",
    "commit;",
    "begin;",
    "\\i /init-sql/a.sql",
    "commit;",
  ]);
});

test("a script is known by its name and the hash of its text, which are not in the text that runs", () => {
  const hash = "822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f";
  const sql = renderInitSql([{ name: "1.sql", text: "select 1" }]);

  expect(sql).toContain(`insert into public.storytelling_init (name, sha256) values ('1.sql', '${hash}')`);
  expect(sql).not.toContain("select 1");
});

test("no scripts leave the notes and nothing else", () => {
  expect(renderInitSql([])).not.toContain("\\i ");
});
