"""Foreign keys are checked with the statement that needs it, not all over again at COMMIT.

Rows here are always written parents first. Deferred checks made a turn eleven queries longer.
"""

from django.db import migrations

IMMEDIATE = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS place, conname FROM pg_constraint
        WHERE contype = 'f' AND condeferrable
          AND connamespace = current_schema()::regnamespace
          AND conrelid::regclass::text LIKE '%sessions\\_app\\_%'
    LOOP
        EXECUTE format(
            'ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', found.place, found.conname
        );
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0001_initial")]

    operations = [migrations.RunSQL(IMMEDIATE, migrations.RunSQL.noop)]
