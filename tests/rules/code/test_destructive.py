"""Statements that lose data: found where they run, and nowhere else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code.destructive import losses
from launchready_tui.rules.code.sql_losses import in_sql
from tests.every import every

NAMES = ("m.sql", "m.py", "m.rb", "m.ts", "m.xml", "m.yaml")


def kinds(path: str, text: str) -> list[tuple[str, int]]:
    found = losses(path, text)
    assert found is not None
    return [(one.kind, one.line) for one in found]


SQL = {
    "DROP TABLE users;": ["table"],
    "drop table if exists public.users cascade;": ["table"],
    "DROP SCHEMA app CASCADE;": ["table"],
    "DROP DATABASE shop;": ["table"],
    'ALTER TABLE "User" DROP COLUMN "name";': ["column"],
    "ALTER TABLE users DROP name;": ["column"],
    "ALTER TABLE users DROP COLUMN IF EXISTS a, DROP COLUMN b;": ["column", "column"],
    "TRUNCATE TABLE orders;": ["rows"],
    "TRUNCATE orders, lines;": ["rows"],
    "DELETE FROM orders;": ["rows"],
    "ALTER TABLE users ALTER COLUMN age TYPE bigint;": ["type"],
    "ALTER TABLE users ALTER age SET DATA TYPE bigint;": ["type"],
    "ALTER TABLE users MODIFY COLUMN age bigint;": ["type"],
    "ALTER TABLE users CHANGE age years int;": ["type"],
    "ALTER TABLE users ALTER COLUMN age nvarchar(20);": ["type"],
    "ALTER TABLE users RENAME TO people;": ["rename"],
    "ALTER TABLE users RENAME COLUMN a TO b;": ["rename"],
    "RENAME TABLE a TO b;": ["rename"],
    "EXEC sp_rename 'users', 'people';": ["rename"],
    "DO $$ BEGIN DROP TABLE users; END $$;": ["table"],
    "BEGIN; DROP TABLE users; COMMIT;": ["table"],
    "DO $$ BEGIN IF true THEN DELETE FROM x; END IF; END $$;": ["rows"],
    # what loses nothing
    "DROP INDEX i;": [],
    "DROP POLICY p ON users;": [],
    "DROP FUNCTION f();": [],
    "ALTER TABLE users DROP CONSTRAINT c;": [],
    "ALTER TABLE users ALTER COLUMN a DROP NOT NULL;": [],
    "ALTER TABLE users ALTER COLUMN a DROP DEFAULT, ALTER COLUMN b SET NOT NULL;": [],
    "ALTER TABLE users DROP FOREIGN KEY k, DROP INDEX i;": [],
    "ALTER TABLE users RENAME CONSTRAINT a TO b;": [],
    "ALTER TABLE users ADD COLUMN c int REFERENCES t(id) ON DELETE CASCADE;": [],
    'ALTER TABLE users ADD COLUMN "drop" int, ADD COLUMN "rename" int;': [],
    "DELETE FROM orders WHERE id = 1;": [],
    "DELETE FROM a USING b WHERE a.id = b.id;": [],
    "CREATE TABLE t (type text, change int);": [],
    # comments, strings and bodies
    "-- DROP TABLE users;\nSELECT 1;": [],
    "/* DROP TABLE users; */ SELECT 1;": [],
    "INSERT INTO t VALUES ('it''s; DROP TABLE users;');": [],
    "INSERT INTO t VALUES (E'it\\'s; DROP TABLE users;');": [],
    "INSERT INTO `t` VALUES ('it\\'s; DROP TABLE users;');": [],
    "CREATE FUNCTION f() RETURNS void AS $x$ DELETE FROM users; $x$ LANGUAGE sql;": [],
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN DELETE FROM b; END; SELECT 1;": [],
    'COMMENT ON TABLE "DROP TABLE x" IS \'DROP TABLE x\';': [],
    # a table made anew, as SQLite and Prisma do it
    'CREATE TABLE "new_User" (id int); INSERT INTO "new_User" SELECT * FROM "User"; '
    'DROP TABLE "User"; ALTER TABLE "new_User" RENAME TO "User";': [],
    "CREATE TABLE a_new (id int); DROP TABLE b; ALTER TABLE a_new RENAME TO a;": ["table"],
}  # fmt: skip


@every(("text", "wanted"), SQL.items())
def test_sql(text: str, wanted: list[str]) -> None:
    assert [kind for kind, _ in kinds("prisma/migrations/1/migration.sql", text)] == wanted


def test_the_line_is_that_of_the_statement() -> None:
    text = "-- one\n\nALTER TABLE a\n  ADD COLUMN b int,\n  DROP COLUMN c;\n'\n';\nDROP TABLE d;\n"
    assert kinds("m.sql", text) == [("column", 5), ("table", 8)]


def test_the_way_back_does_not_count() -> None:
    assert kinds("db/1_x.down.sql", "DROP TABLE users;") == []
    both = "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n"
    assert kinds("m.sql", both) == []
    assert kinds("m.sql", "-- migrate:up\nDROP TABLE b;\n-- migrate:down\nDROP TABLE a;") == [
        ("table", 2)
    ]


ALEMBIC = '''"""Take the age away: op.drop_table("no")"""
from alembic import op
import sqlalchemy as sa

revision = "b"
down_revision = "a"

def upgrade():
    # op.drop_table("no")
    op.drop_column("users", "age")
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("note")
        batch_op.alter_column("a", new_column_name="b")
    op.alter_column("users", "x", type_=sa.BigInteger())
    op.alter_column("users", "y", nullable=True)
    op.execute("DELETE FROM carts")
    op.execute(sa.text("""
        DROP TABLE old
    """))
    print("DROP TABLE no")

def downgrade():
    op.drop_table("users")
'''

DJANGO = """from django.db import migrations
class Migration(migrations.Migration):
    operations = [
        migrations.AddField("a", "b", None),
        migrations.RemoveField("a", "c"),
        migrations.DeleteModel("Old"),
        migrations.RenameField("a", "d", "e"),
        migrations.RunSQL("TRUNCATE x", reverse_sql="DROP TABLE y"),
        migrations.RunSQL("SELECT 1", "DROP TABLE y"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Z")]),
    ]
"""

RAILS = """class X < ActiveRecord::Migration[7.1]
  def up
    # drop_table :no
    remove_column :users, :age
    rename_column :users, :a, :b
    change_column :users, :c, :bigint
    change_column_default :users, :c, 1
    change_table(:users) { |t| t.remove :note }
    say "drop_table"
    execute <<~SQL
      DELETE FROM carts
    SQL
    execute "TRUNCATE x"
    drop_table :old
  end

  def down
    drop_table :users
  end
end
"""

KNEX = """exports.up = async (knex) => {
  // knex.schema.dropTable('no')
  await knex.schema.alterTable('users', (t) => { t.dropColumn('age'); t.string('x').alter(); });
  await knex.raw(`DELETE FROM carts`);
  console.log("DROP TABLE no");
};
exports.down = async (knex) => {
  await knex.schema.dropTable('users');
};
"""

TYPEORM = """export class X1700000000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "user" DROP COLUMN "age"`);
    await queryRunner.renameColumn("a", "b", "c");
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "user"`);
    await queryRunner.dropTable("user");
  }
}
"""

SEQUELIZE = """module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.removeColumn('Users', 'age');
    await queryInterface.changeColumn('Users', 'x', { type: Sequelize.TEXT });
  },
  async down(queryInterface) { await queryInterface.dropTable('Users'); }
};
"""

LIQUIBASE = """<databaseChangeLog>
  <!-- <dropTable tableName="no"/> -->
  <changeSet id="1"><dropColumn tableName="a" columnName="b"/>
    <rollback><dropTable tableName="c"/></rollback></changeSet>
  <changeSet id="2"><sql>DELETE FROM x;</sql></changeSet>
</databaseChangeLog>
"""

LIQUIBASE_YAML = """databaseChangeLog:
  - changeSet:
      id: 1
      changes:
        - addColumn: {tableName: a}
        # - dropTable: {tableName: no}
        - renameColumn: {tableName: a}
      rollback:
        - dropTable: {tableName: a}
  - changeSet:
      id: 2
      changes:
        - dropTable: {tableName: b}
"""

LANGUAGES = {
    "alembic": ("v/versions/b.py", ALEMBIC, ["column 10", "column 12", "rename 13", "type 14",
                                             "rows 16", "table 18"]),
    "django": ("shop/migrations/0002_x.py", DJANGO, ["column 5", "table 6", "rename 7", "rows 8"]),
    "rails": ("db/migrate/1_x.rb", RAILS, ["column 4", "rename 5", "type 6", "column 8",
                                           "rows 11", "rows 13", "table 14"]),
    "knex": ("migrations/1.js", KNEX, ["column 3", "type 3", "rows 4"]),
    "typeorm": ("src/migrations/1-x.ts", TYPEORM, ["column 3", "rename 4"]),
    "sequelize": ("migrations/1.js", SEQUELIZE, ["column 3", "type 4"]),
    "liquibase": ("db/changelog/1.xml", LIQUIBASE, ["column 3", "rows 5"]),
    "liquibase yaml": ("db/changelog/1.yaml", LIQUIBASE_YAML, ["rename 7", "table 13"]),
}  # fmt: skip


@pytest.mark.parametrize("case", LANGUAGES)
def test_other_languages(case: str) -> None:
    path, text, wanted = LANGUAGES[case]
    assert [f"{kind} {line}" for kind, line in kinds(path, text)] == wanted


HOSTILE = {
    "long line": "x" * 400_000,
    "quotes": "'" * 400_001,
    "escaped quotes": "E'\\" * 100_000,
    "comments": "/*" * 200_000,
    "dollars": "$a$" * 100_000,
    "nul": "DROP TABLE a;\0 DROP TABLE b;",
    "open brackets": "(" * 50_000,
    "down": "down: {" * 50_000,
    "heredocs": "<<SQL\n" * 10_000,
    "strings": 'raw("")' * 50_000,
    "rollback": "<rollback" * 40_000,
    "sql": "<sql" * 80_000,
    "alter": "ALTER TABLE a DROP " * 20_000,
    "unary": "-" * 100_000 + "1",
}


@every("name", NAMES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_read_in_good_time_or_reported(name: str, text: str) -> None:
    begun = time.process_time()
    losses(name, text)
    assert time.process_time() - begun < 15


def test_what_is_too_long_or_no_python_is_reported() -> None:
    assert losses("m.sql", " " * 600_000) is None
    assert losses("m.py", "def (") is None
    assert losses("m.py", "x = '\0'") is None


@given(st.text(max_size=400), st.sampled_from(NAMES))
def test_any_text_is_read(text: str, name: str) -> None:
    losses(name, text)


PIECES = st.lists(
    st.sampled_from(
        ["DROP TABLE a;", "--", "'", "$$", "DO ", "/*", "*/", "\n", '"', "`", ";", "ALTER TABLE a ",
         "DROP b", "RENAME TO c", "(", ")", "END", "BEGIN", "CREATE TRIGGER t ", "\\", "ALTER a "]
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES)
def test_any_statement_is_read(pieces: list[str]) -> None:
    for loss in in_sql("".join(pieces)):
        assert loss.line >= 1


@given(PIECES)
def test_nothing_in_a_comment_counts(pieces: list[str]) -> None:
    text = "".join(pieces).replace("\n", " ")
    assert list(in_sql(f"-- {text}\nSELECT 1;")) == []


def test_the_way_back_of_flyway_is_no_loss() -> None:
    assert losses("sql/U1__x.sql", "DROP TABLE a;") == ()


def test_an_empty_rollback_hides_nothing() -> None:
    text = "<databaseChangeLog>\n<rollback/>\n<dropTable tableName='a'/>\n<rollback>\n<dropTable/>"
    assert kinds("a.xml", f"{text}</rollback></databaseChangeLog>") == [("table", 3)]


def test_keys_that_are_taken_away_are_no_data() -> None:
    assert losses("a.xml", "<dropAllForeignKeyConstraints baseTableName='a'/>") == ()
