"""What is expected of each figure: see `samples.py` for their names."""

from tests.soak.judge import Rule, Verdict

# What users said, and what became of it: kept for ever unless a setting says otherwise.
KEPT = ("actions", "chat_messages", "user_notes", "operator_entries")

MEMORY_MIB = 6.0
# Workers do one thing only: in the part of half an hour that is judged, at ten actions a second each, that is 300 bytes
# an action that are never given back. (Celery remembers the last thousand messages, and does so during the warm-up.)
WORKER_MIB = 4.0

RULES = (
    Rule(names="*: dead rows"),
    *(Rule(names=f"table {table}: *", verdict=Verdict.DATA) for table in KEPT),
    *(Rule(names=f"rows {table}", verdict=Verdict.DATA) for table in KEPT),
    Rule(names="rows *", tolerance=1_000, relative=0.5),
    Rule(names="table *: MiB", tolerance=2.0, relative=0.5),
    Rule(names="table *: indexes MiB", tolerance=2.0, relative=0.5),
    Rule(names="*: RSS MiB"),
    Rule(names="postgres: USS MiB"),
    Rule(names="worker-*: USS MiB", tolerance=WORKER_MIB),
    Rule(names="*: USS MiB", tolerance=MEMORY_MIB),
    # The web server has a thread, and a connection, per request under way: as many as the load keeps there at once.
    Rule(names="web: files", tolerance=40),
    Rule(names="web: threads", tolerance=40),
    Rule(names="*: files", tolerance=6),
    Rule(names="*: threads", tolerance=4),
    Rule(names="redis: used MiB", tolerance=1.0),
    Rule(names="redis: keys", tolerance=10),
    Rule(names="redis keys *", tolerance=10),
    Rule(names="redis list actions", tolerance=200),
    Rule(names="redis lists, others", tolerance=200),
    Rule(names="redis: clients", tolerance=6),
    Rule(names="connections *", tolerance=6),
    Rule(names="flower: state MiB", tolerance=6.0),
    Rule(names="web: open streams", tolerance=6),
)
