"""How PostgreSQL looks for a row in a table that was all but empty when it was last counted."""

from django.db import connection, transaction


def test_no_row_is_looked_for_by_reading_its_whole_table() -> None:
    """A plan is kept, and the table may have grown by a thousand rows before anybody counts them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE few (id bigint PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("INSERT INTO few VALUES (1)")
        cursor.execute("ANALYZE few")
        cursor.execute("EXPLAIN SELECT id FROM few WHERE id = 1")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index" in plan, plan


def test_where_there_is_no_index_a_table_is_read_and_nothing_is_compiled_for_it() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE heap (id bigint) ON COMMIT DROP")
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) SELECT id FROM heap WHERE id = 1")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" in plan
    assert "JIT" not in plan
