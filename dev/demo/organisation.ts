/** An approved organisation, as an admin would leave it behind; given in the database, where a deployment's first ones come from too. */
import type pg from "pg";

/** Makes everybody of these addresses the owner of an organisation of their own, unless they belong to one. */
export async function foundOrganisations(sql: pg.Client, emailKeys: readonly string[]): Promise<void> {
  await sql.query(
    `with founded as (
       insert into organisations (id, name, status, created_by, decided_at)
       select gen_random_uuid(), nickname, 'approved', id, now() from members
       where email_key = any($1) and not exists (select 1 from organisation_members where member_id = members.id)
       returning id, created_by
     )
     insert into organisation_members (organisation_id, member_id, role) select id, created_by, 'owner' from founded`,
    [emailKeys],
  );
}
