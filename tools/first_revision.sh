#!/usr/bin/env bash
# Before the first release only: write revision 0001 anew from the tables.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -f engine/store/migrations/versions/0*.py
.venv/bin/python tools/new_revision.py "first tables" >/dev/null
.venv/bin/python - <<'P'
path = "engine/store/migrations/versions/0001_first_tables.py"
text = open(path).read()
text = text.replace("import engine.store.tables.base\n", "from engine.store.append_only import forbid_changes\nfrom engine.store.search_index import make_search_index\nfrom engine.store.tables.base import Instant\n")
text = text.replace("from engine.store.tables.base import", "from engine.store.queue_schema import make_queue\nfrom engine.store.tables.base import")
text = text.replace("engine.store.tables.base.Instant", "Instant")
text = text.replace("from engine.store.queue_schema import make_queue\n", "from engine.store.partitions import make_partitions\nfrom engine.store.queue_schema import make_queue\n")
text = text.rstrip() + '\n    make_partitions(op.get_bind(), "audit_entry")\n'
for table in ("audit_entry", "record_anchor", "record_anchor_leaf", "record_anchor_stamp"):
    text = text.rstrip() + f'\n    forbid_changes(op.get_bind(), "{table}")\n'
text = text.rstrip() + '\n    make_search_index(op.get_bind())\n'
text = text.rstrip() + "\n    make_queue(op.get_bind())\n"
text = "\n".join(l for l in text.splitlines() if not l.strip().startswith("# ###")) + "\n"
open(path, "w").write(text)
P
.venv/bin/ruff check -q --fix engine/store/migrations || true
.venv/bin/ruff format -q engine/store/migrations
