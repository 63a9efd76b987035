-- Texts that stages hand to each other: one writes, others read by document and producing stage (000-157, 000-232).
create table shared.documents (
  id text not null,
  text text not null,
  stage integer not null check (stage between 1 and 8),
  created_at timestamptz not null default now(),
  primary key (id, stage)
);
