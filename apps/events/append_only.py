"""Tables that are only added to: triggers refuse UPDATE, DELETE and TRUNCATE, whoever asks."""

from django.db import migrations


def make_guard() -> migrations.RunSQL:
    """The function that refuses; it names the table and what was tried."""
    return migrations.RunSQL(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is only added to: % is refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;
        """,
        "DROP FUNCTION refuse_change()",
    )


def guard_table(table: str) -> migrations.RunSQL:
    """Guard one table: each row against change, the whole against TRUNCATE."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER {table}_rows_stay ON {table}; DROP TRIGGER {table}_stays ON {table}",
    )
