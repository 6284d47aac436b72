"""That references to cases are checked by their key, also before the first statistics."""

from sqlalchemy import Engine, text

from store.scope import unscoped


def test_only_the_primary_key_of_cases_can_be_entered_by_the_municipality(app: Engine) -> None:
    """
    On an empty table the planner takes any such index for as good as the key and keeps
    it: each row of the first lots then read every case of the city.
    """
    with unscoped(app) as connection:
        rows = connection.execute(
            text(
                "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid"
                " JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
                " WHERE indrelid = 'case_file'::regclass"
                " AND attname = 'municipality' AND indpred IS NULL"
            )
        ).all()

    assert ["pk_case_file"] == [row.relname for row in rows]
