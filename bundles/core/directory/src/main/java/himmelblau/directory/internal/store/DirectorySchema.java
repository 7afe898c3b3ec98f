package himmelblau.directory.internal.store;

import java.util.List;

/** The tables of this bundle. Never change a script, only append new ones. */
public final class DirectorySchema {
  public static final String AREA = "directory";

  public static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE directory_people (
            id INTEGER PRIMARY KEY,
            upn TEXT NOT NULL UNIQUE,
            object_id TEXT UNIQUE,
            tenant_id TEXT,
            display_name TEXT NOT NULL,
            uid INTEGER NOT NULL UNIQUE,
            gid INTEGER NOT NULL,
            basis TEXT NOT NULL,
            uid_number INTEGER, gid_number INTEGER, home TEXT, shell TEXT, gecos TEXT,
            refreshed INTEGER NOT NULL
          );
          CREATE INDEX directory_people_refreshed ON directory_people (refreshed);
          CREATE INDEX directory_people_gid ON directory_people (gid);
          CREATE TABLE directory_groups (
            object_id TEXT PRIMARY KEY,
            display_name TEXT NOT NULL,
            gid INTEGER NOT NULL UNIQUE,
            basis TEXT NOT NULL,
            gid_number INTEGER,
            domain TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE directory_memberships (
            person INTEGER NOT NULL REFERENCES directory_people (id) ON DELETE CASCADE,
            object_id TEXT NOT NULL,
            PRIMARY KEY (person, object_id)
          ) WITHOUT ROWID;
          CREATE INDEX directory_memberships_group ON directory_memberships (object_id);
          CREATE TABLE directory_static_users (
            upn TEXT PRIMARY KEY, uid INTEGER NOT NULL, gid INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE directory_static_groups (
            object_id TEXT PRIMARY KEY, gid INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE directory_scripted_names (
            name TEXT PRIMARY KEY, upn TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX directory_scripted_names_upn ON directory_scripted_names (upn);
          CREATE TABLE directory_conflicts (
            upn TEXT PRIMARY KEY, reason TEXT NOT NULL
          ) WITHOUT ROWID;
          """,
          """
          CREATE TABLE directory_claims (
            who TEXT NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL,
            PRIMARY KEY (who, kind)
          ) WITHOUT ROWID;
          CREATE INDEX directory_claims_id ON directory_claims (kind, id);
          CREATE TABLE directory_former (
            object_id TEXT PRIMARY KEY, upn TEXT NOT NULL,
            uid INTEGER NOT NULL, gid INTEGER NOT NULL, basis TEXT NOT NULL
          ) WITHOUT ROWID;
          """,
          """
          ALTER TABLE directory_scripted_names ADD COLUMN further INTEGER NOT NULL DEFAULT 0;
          """,
          """
          CREATE TABLE directory_rule_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
          """,
          """
          ALTER TABLE directory_conflicts ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE directory_conflicts ADD COLUMN lasting INTEGER NOT NULL DEFAULT 0;
          """,
          """
          ALTER TABLE directory_people ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0;
          UPDATE directory_people SET signed_in = 1 WHERE object_id IS NOT NULL;
          """,
          // Ids that were fixed with Himmelblau before, taken over once; not those of ReservedIds.
          """
          INSERT OR IGNORE INTO directory_static_users (upn, uid, gid)
            SELECT upn, uid, gid FROM store_inherited_user
            WHERE uid > 999 AND uid NOT BETWEEN 60001 AND 65535
              AND gid > 999 AND gid NOT BETWEEN 60001 AND 65535;
          INSERT OR IGNORE INTO directory_static_groups (object_id, gid)
            SELECT object_id, gid FROM store_inherited_group
            WHERE gid > 999 AND gid NOT BETWEEN 60001 AND 65535;
          """);

  private DirectorySchema() {}
}
