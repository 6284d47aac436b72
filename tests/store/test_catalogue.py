"""What PostgreSQL's own catalogue says about who may see what, of every table there is."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from migrations.protection import APP_ROLE, FINDER_ROLE

_UNPROTECTED = text(
    """
    SELECT c.relname
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality'
     WHERE c.relnamespace = 'public'::regnamespace
       AND c.relkind IN ('r', 'p')
       AND CASE WHEN c.relispartition
             THEN has_table_privilege(:app, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
               OR has_any_column_privilege(:app, c.oid, 'SELECT, INSERT, UPDATE')
             ELSE NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
               SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive
                  AND pg_get_expr(p.polqual, c.oid) = :visible
                  AND pg_get_expr(p.polwithcheck, c.oid) = :visible))
           END
     ORDER BY 1
    """
)
_VISIBLE = "(municipality = current_setting('app.municipality'::text, true))"

# A policy beside the municipality's own could only widen it: each has to be known here.
_WIDENING = text(
    """
    SELECT p.polname
      FROM pg_policy p
     WHERE pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM :visible
       AND NOT (p.polroles = ARRAY[CAST(:finder AS regrole)::oid] AND p.polcmd = 'r')
    """
)
_REACHABLE = text(
    """
    SELECT c.relname
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
       AND has_any_column_privilege(:app, c.oid, 'SELECT')
       AND NOT EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attname = 'municipality')
     ORDER BY 1
    """
)
_OPEN_VIEWS = text(
    """
    SELECT c.relname
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
       AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
    """
)
_DEFINERS = text(
    """
    SELECT p.proname, pg_get_userbyid(p.proowner) AS owner,
           has_function_privilege('public', p.oid, 'EXECUTE') AS anybody
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
     ORDER BY 1
    """
)
_ROLES = text(
    """
    SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin
      FROM pg_roles WHERE rolname = ANY (:roles) ORDER BY rolname
    """
)
_ON = "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


def unprotected(connection: Connection) -> Sequence[str]:
    found = connection.execute(_UNPROTECTED, {"app": APP_ROLE, "visible": _VISIBLE})
    return found.scalars().all()


def open_views(connection: Connection) -> Sequence[str]:
    return connection.execute(_OPEN_VIEWS).scalars().all()


def test_every_table_with_a_municipality_is_protected(owner: Engine) -> None:
    """
    Enabled, forced and with the one policy; partitions cannot be reached by their own name.
    """
    with owner.connect() as connection:
        assert [] == unprotected(connection)


def test_a_table_that_nobody_protected_is_noticed(owner: Engine) -> None:
    """
    The control: five ways to get it wrong, each of which the query above reports.
    """
    wrong = {
        "bare": "",
        "not_forced": "ALTER TABLE not_forced ENABLE ROW LEVEL SECURITY",
        "no_policy": f"ALTER TABLE no_policy {_ON}",
        "too_wide": f"ALTER TABLE too_wide {_ON};"
        "CREATE POLICY all_of_it ON too_wide USING (true)",
        "month": f"GRANT SELECT ON month TO {APP_ROLE}",
    }
    with owner.connect() as connection:
        connection.execute(
            text("CREATE TABLE year (municipality text) PARTITION BY LIST (municipality)")
        )
        for name, mistake in wrong.items():
            kind = "PARTITION OF year DEFAULT" if name == "month" else "(municipality text)"
            connection.execute(text(f"CREATE TABLE {name} {kind}; {mistake}"))

        assert sorted([*wrong, "year"]) == unprotected(connection)


def test_no_other_policy_widens_what_the_application_sees(owner: Engine) -> None:
    """
    Policies add up: a second one would undo the first.
    """
    with owner.connect() as connection:
        found = connection.execute(_WIDENING, {"visible": _VISIBLE, "finder": FINDER_ROLE})

        assert [] == found.scalars().all()


def test_tables_of_no_municipality_are_known_by_name(owner: Engine) -> None:
    """
    Whatever everybody can read has to be decided on.
    """
    with owner.connect() as connection:
        found = connection.execute(_REACHABLE, {"app": APP_ROLE})

        assert ["alembic_version"] == found.scalars().all()


def test_every_view_sees_with_the_eyes_of_who_asks(owner: Engine) -> None:
    """
    An ordinary view reads as its owner and shows every municipality.
    """
    with owner.connect() as connection:
        assert [] == open_views(connection)


def test_an_ordinary_view_is_noticed(owner: Engine) -> None:
    """
    The control for the test above.
    """
    with owner.connect() as connection:
        connection.execute(text("CREATE VIEW everybody AS SELECT * FROM account"))
        connection.execute(
            text("CREATE VIEW ours WITH (security_invoker=true) AS SELECT * FROM account")
        )

        assert ["everybody"] == open_views(connection)


def test_the_roles_cannot_get_around_the_policies(owner: Engine) -> None:
    """
    No superuser, no BYPASSRLS, nothing to make roles with; nobody logs in as the finder.
    """
    with owner.connect() as connection:
        roles = connection.execute(_ROLES, {"roles": [APP_ROLE, FINDER_ROLE]}).all()
        owned = connection.execute(
            text("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY (:roles)"),
            {"roles": [APP_ROLE, FINDER_ROLE]},
        )
        member = text("SELECT pg_has_role(:app, :finder, 'MEMBER')")

        assert [
            (APP_ROLE, False, False, False, False, True),
            (FINDER_ROLE, False, False, False, False, False),
        ] == [tuple(role) for role in roles]
        assert [] == owned.scalars().all()
        assert not connection.execute(
            member, {"app": APP_ROLE, "finder": FINDER_ROLE}
        ).scalar_one()


def test_functions_with_borrowed_rights_are_known_by_name(owner: Engine) -> None:
    """
    Each answers with a slug only; a new one has to be decided on.
    """
    with owner.connect() as connection:
        found = [tuple(row) for row in connection.execute(_DEFINERS)]

    assert [
        ("municipalities_with_outbox", FINDER_ROLE, False),
        ("municipality_of_login", FINDER_ROLE, False),
        ("municipality_of_session", FINDER_ROLE, False),
        ("municipality_of_token", FINDER_ROLE, False),
    ] == found


def test_the_finder_reads_keys_and_slugs_only(owner: Engine) -> None:
    """
    Were a finder function wrong, it could still not show a name or a hash of a password.
    """
    readable = text(
        """
        SELECT table_name || '.' || column_name FROM information_schema.column_privileges
         WHERE grantee = :finder AND table_schema = 'public' ORDER BY 1
        """
    )
    with owner.connect() as connection:
        assert [
            "account.login",
            "account.municipality",
            "api_token.municipality",
            "api_token.token_sha256",
            "login_session.municipality",
            "login_session.token_sha256",
            "outbox.done_at",
            "outbox.municipality",
        ] == connection.execute(readable, {"finder": FINDER_ROLE}).scalars().all()


def test_records_can_be_appended_to_and_read_and_nothing_else(owner: Engine) -> None:
    """
    The record is worth what it is protected from.
    """
    right = text("SELECT has_table_privilege(:app, :table, :right)")
    with owner.connect() as connection:
        for table in ("access_record", "refused_act", "case_event", "history_archive"):
            rights = [
                name
                for name in _RIGHTS
                if connection.execute(
                    right, {"app": APP_ROLE, "table": table, "right": name}
                ).scalar_one()
            ]
            assert (table, ["SELECT", "INSERT"]) == (table, rights)
