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


def make_redaction_guard() -> migrations.RunSQL:
    """The function that refuses all but one change: that the service of redaction blanks one of the named texts."""
    return migrations.RunSQL(
        """
        CREATE FUNCTION refuse_all_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND current_setting('claimtrack.redacting', true) = 'on'
                AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV
                AND NOT EXISTS (
                    SELECT FROM unnest(TG_ARGV) AS field
                    WHERE to_jsonb(NEW) ->> field NOT IN ('', to_jsonb(OLD) ->> field)
                )
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% is only added to: % is refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$;
        """,
        "DROP FUNCTION refuse_all_but_redaction()",
    )


def guard_rows_but_redaction(table: str, *texts: str) -> migrations.RunSQL:
    """Let the rows of a guarded table be changed in one way: these texts may be blanked by the service of redaction."""
    named = ", ".join(f"'{text}'" for text in texts)
    return migrations.RunSQL(
        f"""
        DROP TRIGGER {table}_rows_stay ON {table};
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_all_but_redaction({named});
        """,
        f"""
        DROP TRIGGER {table}_rows_stay ON {table};
        CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        """,
    )
